"""Fine-tunes on a few hundred rows, whole process, with transformers (dynamic padding) and with attune in turns.

    few_shot.py --attune PROGRAM --model FOLDER --data train.tsv --validation rows.tsv [--test more.tsv …]
                [--rows 300] [--seeds 3] [--epochs 5] [--learning-rate 1e-4] [--skip-peer]

The recipe: 5 epochs, batch 16, learning rate 1e-4 unless others are given, weight decay 0.01, warm-up 0.1, linear decay, clip 1.0, dropout as in
the configuration. Each file is scored once, after the training. Prints the accuracies, means over the seeds, and the
median seconds of training and scoring, start of the processes included.
"""
import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time

PEER = r'''
import sys, warnings; warnings.filterwarnings("ignore")
import torch
from transformers import AutoModelForSequenceClassification, AutoTokenizer, get_linear_schedule_with_warmup
from transformers.utils import logging; logging.set_verbosity_error(); logging.disable_progress_bar()
model, seed, epochs, rate, train, *files = sys.argv[1:]; epochs, rate = int(epochs), float(rate)
torch.set_num_threads(2); torch.manual_seed(int(seed))
rows = lambda f: [l.rstrip("\n").split("\t") for l in open(f, encoding="utf-8").readlines()[1:]]
tok = AutoTokenizer.from_pretrained(model)
def batch(part, labels=True):
    x = tok([r[0] for r in part], padding=True, truncation=True, max_length=512, return_tensors="pt")
    if labels: x["labels"] = torch.tensor([int(r[1] == "POSITIVE") for r in part])
    return x
m = AutoModelForSequenceClassification.from_pretrained(model, num_labels=2, dtype=torch.float32)
data = rows(train); steps = epochs * ((len(data) + 15) // 16)
decay = [p for p in m.parameters() if p.ndim > 1]; rest = [p for p in m.parameters() if p.ndim <= 1]
o = torch.optim.AdamW([{"params": decay, "weight_decay": 0.01}, {"params": rest, "weight_decay": 0.0}], lr=rate)
s = get_linear_schedule_with_warmup(o, round(steps * 0.1 + 0.49), steps)
for epoch in range(epochs):
    m.train(); order = torch.randperm(len(data)).tolist()
    for i in range(0, len(order), 16):
        m(**batch([data[j] for j in order[i:i + 16]])).loss.backward()
        torch.nn.utils.clip_grad_norm_(m.parameters(), 1.0); o.step(); s.step(); o.zero_grad()
m.eval()
for f in files:
    r = rows(f); right = 0
    with torch.inference_mode():
        for i in range(0, len(r), 32):
            p = m(**batch(r[i:i + 32], False)).logits.argmax(-1)
            right += sum(int(a == (b[1] == "POSITIVE")) for a, b in zip(p.tolist(), r[i:i + 32]))
    print(right / len(r))
'''
parser = argparse.ArgumentParser()
parser.add_argument("--attune", required=True)
parser.add_argument("--model", required=True)
parser.add_argument("--data", required=True)
parser.add_argument("--validation", required=True)
parser.add_argument("--test", nargs="*", default=[])
parser.add_argument("--rows", type=int, default=300)
parser.add_argument("--seeds", type=int, default=3)
parser.add_argument("--epochs", default="5")
parser.add_argument("--learning-rate", default="1e-4")
parser.add_argument("--skip-peer", action="store_true")
options = parser.parse_args()
folder = tempfile.mkdtemp()
train = os.path.join(folder, "train.tsv")
with open(options.data, encoding="utf-8") as lines, open(train, "w", encoding="utf-8") as out:
    out.writelines(line for _, line in zip(range(options.rows + 1), lines))
files = [options.validation, *options.test]


def ours(seed, *extra):
    output = os.path.join(folder, f"run-{seed}-{len(extra)}")
    start = time.perf_counter()
    recipe = ["--epochs", options.epochs, "--learning-rate", options.learning_rate]
    recipe += "--batch-size 16 --weight-decay 0.01 --warmup-ratio 0.1".split()
    command = [options.attune, "finetune", "--model", options.model, "--data", train, "--eval-strategy", "no"]
    command += ["--save-strategy", "no", "--validation", options.validation]
    subprocess.run([*command, *recipe, "--seed", str(seed), "--output", output, "--json", *extra],
                   check=True, capture_output=True)
    scores = []
    for file in files:
        run = subprocess.run([options.attune, "evaluate", "--model", output, "--data", file, "--json"],
                             check=True, capture_output=True, text=True)
        scores.append(json.loads(run.stdout)["accuracy"])
    seconds = time.perf_counter() - start
    return seconds, scores


def peer(seed):
    start = time.perf_counter()
    run = subprocess.run([sys.executable, "-c", PEER, options.model, str(seed), options.epochs, options.learning_rate, train, *files],
                         check=True, capture_output=True, text=True)
    return time.perf_counter() - start, [float(x) for x in run.stdout.split()]


runs = {"attune": [], "attune from scratch": [], "transformers": []}
for seed in range(1, options.seeds + 1):
    runs["attune"].append(ours(seed))
    runs["attune from scratch"].append(ours(seed, "--from-scratch"))
    if not options.skip_peer:
        runs["transformers"].append(peer(seed))
for name, results in runs.items():
    if results:
        means = [statistics.mean(scores) for scores in zip(*(r[1] for r in results))]
        seconds = statistics.median(r[0] for r in results)
        print(f"{name:22}{seconds:8.1f} s   " + "  ".join(f"{m:.3f}" for m in means))
if runs["transformers"]:
    ratio = statistics.median(r[0] for r in runs["attune"]) / statistics.median(r[0] for r in runs["transformers"])
    print(f"ratio of time{ratio:17.2f}")
