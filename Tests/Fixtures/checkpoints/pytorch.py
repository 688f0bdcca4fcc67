"""Writes pytorch.bin and pytorch-old.bin: state dictionaries of every kind of tensor that a checkpoint holds.

    python Tests/Fixtures/checkpoints/pytorch.py
"""

import pathlib
from collections import OrderedDict

import torch

here = pathlib.Path(__file__).parent
base = torch.arange(24, dtype=torch.float32).reshape(4, 6) / 4
state = OrderedDict(
    plain=base.clone(),
    tied=base,
    tied_again=base,
    transposed=base.t(),
    rows=base[1:3],
    strided=base[::2, 1::2],
    repeated=torch.tensor([1.0, 2.0, 3.0]).expand(2, 3),
    scalar=torch.tensor(2.5),
    empty=torch.zeros(0, 3),
    half=torch.tensor([0.5, -2.0, 65504.0], dtype=torch.float16),
    brain=torch.tensor([0.5, -2.0, 3.0], dtype=torch.bfloat16),
    double=torch.tensor([0.1, -2.0], dtype=torch.float64),
    long=torch.arange(5).expand(1, -1),
    int=torch.tensor([-1, 2], dtype=torch.int32),
    byte=torch.tensor([0, 255], dtype=torch.uint8),
    bool=torch.tensor([True, False]),
    parameter=torch.nn.Parameter(torch.tensor([[1.0, 2.0]])),
)
state._metadata = OrderedDict({"": {"version": 1}})
torch.save(state, here / "pytorch.bin")
torch.save({"weight": base}, here / "pytorch-old.bin", _use_new_zipfile_serialization=False)
