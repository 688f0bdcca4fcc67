"""Trains an adapter over the quantised weights of a GGUF file with attune, and loads it in peft over the same weights,
spread as floats by transformers: the log probabilities of a text's tokens must agree.

    quantized_adapter.py --attune PROGRAM --gguf FILE --data rows.jsonl [--text "…"] [--steps 12]

attune rounds the inputs of quantised products to 8 bits when it scores a text, which peft does not: the mean difference
that this leaves is measured on the base alone and printed beside that with the adapter. The adapter moves the text by far
more than either. Needs torch, transformers, peft and gguf; ends with status 1 where they do not agree.
"""
import argparse
import json
import os
import subprocess
import sys
import tempfile

import torch
from peft import PeftModel
from transformers import AutoModelForCausalLM

parser = argparse.ArgumentParser()
parser.add_argument("--attune", required=True)
parser.add_argument("--gguf", required=True)
parser.add_argument("--data", required=True)
parser.add_argument("--text", default="The lighthouse keeper lit the lamp and wrote a letter to the sea.")
parser.add_argument("--steps", type=int, default=12)
options = parser.parse_args()
scratch = tempfile.mkdtemp()
adapter = os.path.join(scratch, "adapter")


def attune(*words):
    run = subprocess.run([options.attune, *words, "--json"], capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)


def ours(model):
    tokens = attune("score", options.text, "--model", model)["results"][0]["tokens"]
    return [token["token"] for token in tokens], [token.get("logprob") for token in tokens]


def theirs(model, ids):
    with torch.no_grad():
        logits = model(input_ids=torch.tensor([ids])).logits[0].log_softmax(-1)
    return [None] + [logits[place, word].item() for place, word in enumerate(ids[1:])]


def apart(a, b):
    pairs = [(x, y) for x, y in zip(a, b) if x is not None and y is not None]
    return sum(abs(x - y) for x, y in pairs) / len(pairs)


attune("finetune", "--task", "generate", "--model", options.gguf, "--lora", "--data", options.data, "--max-steps",
       str(options.steps), "--batch-size", "4", "--eval-strategy", "no", "--save-strategy", "no", "--output", adapter)
folder, name = os.path.split(os.path.abspath(options.gguf))
base = AutoModelForCausalLM.from_pretrained(folder, gguf_file=name, dtype=torch.float32).eval()
ids, plain = ours(options.gguf)
rounding = apart(plain, theirs(base, ids))
_, adapted = ours(adapter)
both = theirs(PeftModel.from_pretrained(base, adapter).eval(), ids)
difference, moved = apart(adapted, both), apart(adapted, plain)
print(f"mean difference of a token's log probability, {len(ids)} tokens")
print(f"base alone   {rounding:.4f}")
print(f"with adapter {difference:.4f}")
print(f"the adapter moves them by {moved:.4f}")
sys.exit(0 if difference < 2 * rounding + 0.01 and difference < moved / 5 else 1)
