"""Pre-training in transformers and in attune: the same model, batch and length, tokens a second of whole steps.

    pretrain.py --attune PROGRAM --tokenizer FILE --data TEXT… [--objective masked] [--config pocket] [--batch 8]
                [--length 256] [--steps 30] [--rounds 3]

A step is forward, backward, clipping and AdamW, in float32 on two threads, in turns. PyTorch runs on batches that are made
beforehand; attune reads, packs and masks its own. Prints the medians and their ratio (above 1 attune is faster).
"""
import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile

PEER = r'''
import sys, time, warnings; warnings.filterwarnings("ignore")
import torch, transformers
folder, objective, batch, length, steps = sys.argv[1], sys.argv[2], *map(int, sys.argv[3:])
torch.set_num_threads(2); torch.manual_seed(1)
kind = transformers.AutoModelForMaskedLM if objective == "masked" else transformers.AutoModelForCausalLM
config = transformers.AutoConfig.from_pretrained(folder)
for key in ("hidden_dropout_prob", "attention_probs_dropout_prob", "resid_pdrop", "embd_pdrop", "attn_pdrop"):
    if hasattr(config, key): setattr(config, key, 0.0)
model = kind.from_config(config).train()
optimizer = torch.optim.AdamW(model.parameters(), lr=1e-4, weight_decay=0.1)
ids = torch.randint(10, config.vocab_size, (steps + 3, batch, length))
labels = torch.where(torch.rand(ids.shape) < 0.15, ids, -100) if objective == "masked" else ids
times = []
for x, y in zip(ids, labels):
    start = time.perf_counter()
    model(input_ids=x, labels=y).loss.backward()
    torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimizer.step(); optimizer.zero_grad()
    times.append(time.perf_counter() - start)
print(batch * length / sorted(times[3:])[steps // 2])
'''
parser = argparse.ArgumentParser()
parser.add_argument("--attune", required=True)
parser.add_argument("--tokenizer", required=True)
parser.add_argument("--data", required=True, nargs="+")
parser.add_argument("--objective", default="masked", choices=["masked", "causal"])
parser.add_argument("--config", default="pocket")
parser.add_argument("--batch", type=int, default=8)
parser.add_argument("--length", type=int, default=256)
parser.add_argument("--steps", type=int, default=30)
parser.add_argument("--rounds", type=int, default=3)
options = parser.parse_args()


def ours(steps, folder):
    run = subprocess.run(
        [options.attune, "pretrain", "--objective", options.objective, "--config", options.config, "--tokenizer",
         options.tokenizer, "--data", *options.data, "--tokens", str(options.batch * options.length * steps),
         "--batch-size", str(options.batch), "--max-length", str(options.length), "--evaluations", "1", "--eval-tokens",
         str(options.length), "--dropout", "0", "--threads", "2", "--output", folder, "--json"],
        capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)["tokens_per_second"]


found = {"PyTorch": [], "attune": []}
with tempfile.TemporaryDirectory() as scratch:
    model = os.path.join(scratch, "model")
    ours(1, model)
    for number in range(options.rounds):
        found["attune"].append(ours(options.steps, os.path.join(scratch, str(number))))
        words = [model, options.objective, *map(str, (options.batch, options.length, options.steps))]
        peer = subprocess.run([sys.executable, "-c", PEER, *words], capture_output=True, text=True, check=True)
        found["PyTorch"].append(float(peer.stdout))
for name, rates in found.items():
    print(f"{name:8} {statistics.median(rates):8.0f} tokens/s  ({', '.join(f'{rate:.0f}' for rate in rates)})")
print(f"ratio {statistics.median(found['attune']) / statistics.median(found['PyTorch']):.2f}")
