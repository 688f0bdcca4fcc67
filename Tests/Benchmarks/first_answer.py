"""Whole processes from start to first answer: time and peak memory of `similar`, files in memory.

    first_answer.py --attune PROGRAM --model FOLDER [--rounds 20]
"""
import argparse
import os
import statistics
import subprocess
import time

parser = argparse.ArgumentParser()
parser.add_argument("--attune", required=True)
parser.add_argument("--model", required=True)
parser.add_argument("--rounds", type=int, default=20)
options = parser.parse_args()
command = [options.attune, "similar", "A man eats.", "Someone has a meal.", "--model", options.model]
times, peaks = [], []
for _ in range(options.rounds):
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    times.append(time.perf_counter() - start)
    peaks.append(usage.ru_maxrss / 1024)
    assert status == 0
print(f"first answer {statistics.median(times):.3f} s, peak memory {max(peaks):.0f} MiB")
