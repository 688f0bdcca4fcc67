"""Encodes a text with the `tokenizers` package and, in turns, with attune: ids and offsets, line by line.

    tokens.py --attune PROGRAM --text english.txt [--rounds 5] TOKENIZER…

TOKENIZER is a tokenizer.json or the folder of one. Prints medians of one thread each and their ratio, the rate on all
cores, and how long the peer takes to load. attune needs the model `minilm`, whose bench command it is.
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
parser.add_argument("--text", required=True)
parser.add_argument("--rounds", type=int, default=5)
parser.add_argument("tokenizers", nargs="+")
options = parser.parse_args()

lines = open(options.text, encoding="utf-8", newline="").read().split("\n")
megabytes = sum(len(line.encode()) for line in lines) / 1e6
print(f"{'':28} {'peer':>8} {'attune':>8} {'ratio':>7} {'all cores':>10} {'peer load':>10}")
for path in options.tokenizers:
    file = os.path.join(path, "tokenizer.json") if os.path.isdir(path) else path
    start = time.perf_counter()
    peer = Tokenizer.from_file(file)
    load = (time.perf_counter() - start) * 1e3
    peer.no_truncation()
    peer.no_padding()
    peers, ours, all_cores = [], [], []
    for _ in range(options.rounds):
        start = time.perf_counter()
        for line in lines:
            peer.encode(line)
        peers.append(megabytes / (time.perf_counter() - start))
        command = [options.attune, "bench", "--only", "tokens", "--seconds", "1", "--json"]
        command += ["--tokenizer", file, "--text", options.text]
        result = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
        rates = [row["value"] for row in result["results"] if row["unit"] == "MB/s"]
        ours.append(rates[0])
        all_cores.append(rates[-1])
    peer_rate, rate = statistics.median(peers), statistics.median(ours)
    name = os.path.basename(os.path.dirname(os.path.abspath(file)))
    print(f"{name:28} {peer_rate:8.2f} {rate:8.2f} {rate / peer_rate:7.2f} {statistics.median(all_cores):10.2f} {load:7.0f} ms")
