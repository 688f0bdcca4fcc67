"""Writes blocks.gguf with the `gguf` package (0.19): every format's blocks and the floats that the package makes of them
(`T.blocks`, `T.values`), and, for the formats that it can write, what it packs `source` into (`T.packed`)."""
import pathlib

import gguf
import numpy

generator = numpy.random.default_rng(5)
writer = gguf.GGUFWriter(pathlib.Path(__file__).with_name("blocks.gguf"), "llama")

# Where the half-precision numbers of a block lie.
halves = {"Q4_0": [0], "Q4_1": [0, 2], "Q5_0": [0], "Q5_1": [0, 2], "Q8_0": [0], "Q4_K": [0, 2], "Q5_K": [0, 2],
          "Q6_K": [208]}
source = (generator.standard_normal((3, 64)) * generator.uniform(0, 1, (3, 64)) ** 3).astype(numpy.float32)
source[0, :32] = 0
source[1, 32:] = 0.25
source[2, 7] = -9
writer.add_tensor("source", source)
for name, places in halves.items():
    kind = gguf.GGMLQuantizationType[name]
    count, size = gguf.GGML_QUANT_SIZES[kind]
    rows, blocks = 2, 512 // count // (2 if count == 32 else 1) // 2 or 1
    packed = generator.integers(0, 256, (rows, blocks, size), dtype=numpy.uint8)
    for place in places:
        scale = generator.standard_normal((rows, blocks)) * 10.0 ** generator.integers(-7, 1, (rows, blocks))
        packed[:, :, place:place + 2] = scale.astype(numpy.float16)[..., None].view(numpy.uint8)
    packed = packed.reshape(rows, -1)
    writer.add_tensor(f"{name}.blocks", packed, raw_dtype=kind)
    writer.add_tensor(f"{name}.values", gguf.quants.dequantize(packed, kind).astype(numpy.float32))
    if count == 32:
        writer.add_tensor(f"{name}.packed", gguf.quants.quantize(source, kind), raw_dtype=kind)
writer.write_header_to_file()
writer.write_kv_data_to_file()
writer.write_tensors_to_file()
writer.close()
