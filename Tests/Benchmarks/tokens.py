"""Encodes a text on one thread with the `tokenizers` package and, in turns, with attune.

    tokens.py --attune PROGRAM --model FOLDER --text english.txt [--rounds 5]

Both encode the text line by line and produce ids and offsets. Prints medians, their ratio and the peer's load time.
"""
import argparse
import json
import os
import statistics
import subprocess
import time

os.environ["TOKENIZERS_PARALLELISM"] = "false"
os.environ["RAYON_NUM_THREADS"] = "1"
from tokenizers import Tokenizer  # noqa: E402

parser = argparse.ArgumentParser()
parser.add_argument("--attune", required=True)
parser.add_argument("--model", required=True)
parser.add_argument("--text", required=True)
parser.add_argument("--rounds", type=int, default=5)
options = parser.parse_args()

start = time.perf_counter()
peer = Tokenizer.from_file(os.path.join(options.model, "tokenizer.json"))
print(f"peer load             {(time.perf_counter() - start) * 1e3:8.1f} ms")
peer.no_truncation()
peer.no_padding()
lines = open(options.text, encoding="utf-8", newline="").read().split("\n")
megabytes = sum(len(line.encode()) for line in lines) / 1e6

peers, ours = [], []
for _ in range(options.rounds):
    start = time.perf_counter()
    for line in lines:
        peer.encode(line)
    peers.append(megabytes / (time.perf_counter() - start))
    command = [options.attune, "bench", "--only", "tokens", "--seconds", "1", "--json"]
    command += ["--model", options.model, "--text", options.text]
    result = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    ours.append(next(row["value"] for row in result["results"] if row["unit"] == "MB/s"))

print(f"peer encode           {statistics.median(peers):8.2f} MB/s")
print(f"attune encode         {statistics.median(ours):8.2f} MB/s")
print(f"ratio                 {statistics.median(ours) / statistics.median(peers):8.2f}")
