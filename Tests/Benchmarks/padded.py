"""The course's own recipe as it is written (`padding="max_length", max_length=256`, Trainer-like loop) in transformers, and
the same rows, batches and steps in attune, which pads nothing. Whole processes, in turns.

    padded.py --attune PROGRAM --model FOLDER --data train.tsv --validation rows.tsv [--rows 160] [--held 100] [--rounds 1]

Each round has its own seed. Prints seconds, peak memory and accuracy of each, the ratios (below 1 attune is faster or
smaller), and the difference of accuracy: the mean over the seeds, and how far the seeds of one program lie apart.
"""
import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time

PEER = r'''
import sys, resource, warnings; warnings.filterwarnings("ignore")
import torch
from transformers import AutoModelForSequenceClassification, AutoTokenizer, get_linear_schedule_with_warmup
from transformers.utils import logging; logging.set_verbosity_error(); logging.disable_progress_bar()
model, train, validation, seed = sys.argv[1:]
torch.set_num_threads(2); torch.manual_seed(int(seed))
rows = lambda f: [l.rstrip("\n").split("\t") for l in open(f, encoding="utf-8").readlines()[1:]]
tok = AutoTokenizer.from_pretrained(model)
def batch(part):
    x = tok([r[0] for r in part], padding="max_length", truncation=True, max_length=256, return_tensors="pt")
    return x, torch.tensor([int(r[1] == "POSITIVE") for r in part])
m = AutoModelForSequenceClassification.from_pretrained(model, num_labels=2, dtype=torch.float32)
data = rows(train); steps = 3 * ((len(data) + 15) // 16)
o = torch.optim.AdamW(m.parameters(), lr=1e-4, weight_decay=0.01)
s = get_linear_schedule_with_warmup(o, round(steps * 0.1 + 0.49), steps)
for epoch in range(3):
    m.train(); order = torch.randperm(len(data)).tolist()
    for i in range(0, len(order), 16):
        x, y = batch([data[j] for j in order[i:i + 16]])
        m(**x, labels=y).loss.backward()
        torch.nn.utils.clip_grad_norm_(m.parameters(), 1.0); o.step(); s.step(); o.zero_grad()
    m.eval(); right = 0; held = rows(validation)
    with torch.inference_mode():
        for i in range(0, len(held), 32):
            x, y = batch(held[i:i + 32])
            right += int((m(**x).logits.argmax(-1) == y).sum())
print(right / len(held), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024)
'''
parser = argparse.ArgumentParser()
parser.add_argument("--attune", required=True)
parser.add_argument("--model", required=True)
parser.add_argument("--data", required=True)
parser.add_argument("--validation", required=True)
parser.add_argument("--rows", type=int, default=160)
parser.add_argument("--held", type=int, default=100)
parser.add_argument("--rounds", type=int, default=1)
options = parser.parse_args()
folder = tempfile.mkdtemp()


def cut(source, name, rows):
    place = os.path.join(folder, name)
    with open(source, encoding="utf-8") as lines, open(place, "w", encoding="utf-8") as out:
        out.writelines(line for _, line in zip(range(rows + 1), lines))
    return place


train, held = cut(options.data, "train.tsv", options.rows), cut(options.validation, "held.tsv", options.held)
ours, theirs = [], []
for seed in range(1, options.rounds + 1):
    start = time.perf_counter()
    run = subprocess.run(
        [sys.executable, "-c", PEER, options.model, train, held, str(seed)], check=True, capture_output=True, text=True)
    accuracy, memory = run.stdout.split()
    theirs.append((time.perf_counter() - start, float(accuracy), float(memory)))
    start = time.perf_counter()
    run = subprocess.run(
        [options.attune, "finetune", "--model", options.model, "--data", train, "--validation", held, "--epochs", "3",
         "--max-length", "256", "--learning-rate", "1e-4", "--seed", str(seed), "--no-load-best-model-at-end",
         "--output", os.path.join(folder, str(seed)), "--json"],
        check=True, capture_output=True, text=True)
    answer = json.loads(run.stdout)
    ours.append((time.perf_counter() - start, answer["epochs"][-1]["accuracy"], answer["peak_memory"]))
    print(f"seed {seed}: accuracy {theirs[-1][1]:.3f} and {ours[-1][1]:.3f}", flush=True)
for name, results in (("transformers, padded to 256", theirs), ("attune", ours)):
    seconds, accuracy, memory = (statistics.median(column) for column in zip(*results))
    print(f"{name:30}{seconds:8.1f} s {memory / 1e6:8.0f} MB   accuracy {accuracy:.3f}")
a, b = ([statistics.median(column) for column in zip(*results)] for results in (theirs, ours))
print(f"ratio of time {b[0] / a[0]:.3f}, of memory {b[2] / a[2]:.2f}")
gains = [mine[1] - other[1] for mine, other in zip(ours, theirs)]
apart = max(statistics.pstdev(result[1] for result in results) for results in (ours, theirs))
print(f"accuracy of attune less the peer's: {statistics.mean(gains):+.3f}; seeds of one program lie {apart:.3f} apart")
