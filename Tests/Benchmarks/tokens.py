"""Encodes a text on one thread with the `tokenizers` package and, beside it in turns, with a command of ours.

    tokenize.py --tokenizer tokenizer.json --text english.txt [--rounds 5] [--command PROGRAM ARGUMENT…]

The command is called with `--tokenizer FILE --text FILE` added and prints, as the last line, a JSON object with
`megabytes_per_second` and `tokens`. Both encode the text line by line and produce ids and offsets. Prints medians, their
ratio and the peer's load time; the exit status is 1 where the numbers of tokens differ.
"""
import argparse
import json
import os
import statistics
import subprocess
import sys
import time

os.environ["TOKENIZERS_PARALLELISM"] = "false"
os.environ["RAYON_NUM_THREADS"] = "1"
from tokenizers import Tokenizer  # noqa: E402

parser = argparse.ArgumentParser()
parser.add_argument("--tokenizer", required=True)
parser.add_argument("--text", required=True)
parser.add_argument("--rounds", type=int, default=5)
parser.add_argument("--command", nargs=argparse.REMAINDER, default=[])
options = parser.parse_args()

start = time.perf_counter()
peer = Tokenizer.from_file(options.tokenizer)
print(f"peer load             {(time.perf_counter() - start) * 1e3:8.1f} ms")
peer.no_truncation()
peer.no_padding()
lines = open(options.text, encoding="utf-8", newline="").read().split("\n")
megabytes = sum(len(line.encode()) for line in lines) / 1e6

peers, ours, counts = [], [], set()
for _ in range(options.rounds):
    start = time.perf_counter()
    tokens = 0
    for line in lines:
        tokens += len(peer.encode(line, add_special_tokens=False))
    peers.append(megabytes / (time.perf_counter() - start))
    counts.add(tokens)
    if options.command:
        arguments = options.command + ["--tokenizer", options.tokenizer, "--text", options.text]
        printed = subprocess.run(arguments, check=True, capture_output=True, text=True).stdout
        result = json.loads(printed.strip().splitlines()[-1])
        ours.append(result["megabytes_per_second"])
        counts.add(result["tokens"])

print(f"peer encode           {statistics.median(peers):8.2f} MB/s")
if ours:
    print(f"attune encode         {statistics.median(ours):8.2f} MB/s")
    print(f"ratio                 {statistics.median(ours) / statistics.median(peers):8.2f}")
if len(counts) > 1:
    sys.exit(f"the numbers of tokens differ: {sorted(counts)}")
