"""Encodes texts made to be slow as one line each, and measures how time and memory grow.

    long_lines.py --attune PROGRAM [--text english.txt --megabytes 100] TOKENIZER…

TOKENIZER is a tokenizer.json or the folder of one. A text and its fourfold: where the growth is near 4, the work is
near-linear; times are processor time. With --text, also the peak memory of one line of so many megabytes, and with
--peer that of the `tokenizers` package too, which needs 160 times the line.
"""
import argparse
import os
import subprocess
import sys
import tempfile

parser = argparse.ArgumentParser()
parser.add_argument("--attune", required=True)
parser.add_argument("--text")
parser.add_argument("--megabytes", type=int, default=100)
parser.add_argument("--peer", action="store_true")
parser.add_argument("tokenizers", nargs="+")
options = parser.parse_args()

marks = "\u0323\u0301\u0345\u0334\u031b"
texts = {
    "no space": lambda part: "abcdefghij" * (part * 25_000),
    "one letter": lambda part: "a" * (part * 250_000),
    "marks": lambda part: "a" + marks * (part * 5_000),
    "marks on 日": lambda part: "日" + marks * (part * 5_000),
    "ideographs": lambda part: "日本語" * (part * 25_000),
    "spaces": lambda part: " " * (part * 250_000),
    "almost special": lambda part: "<|endoftext [MASK </s" * (part * 10_000),
}
peer = """
import sys
from tokenizers import Tokenizer
tokenizer = Tokenizer.from_file(sys.argv[1])
tokenizer.no_truncation()
print(len(tokenizer.encode(open(sys.argv[2], encoding="utf-8", newline="").read())))
"""


def run(command):
    """Processor seconds and peak memory in megabytes of a program."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        sys.exit(f"{command}: status {status}")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def encode(tokenizer, file):
    return [options.attune, "compare-tokenizers", tokenizer, "--file", file, "--json"]


with tempfile.TemporaryDirectory() as folder:
    file = os.path.join(folder, "text.txt")

    def write(text):
        with open(file, "w", encoding="utf-8", newline="") as out:
            out.write(text)

    for path in options.tokenizers:
        tokenizer = os.path.join(path, "tokenizer.json") if os.path.isdir(path) else path
        print(os.path.basename(os.path.dirname(os.path.abspath(tokenizer))))
        write("a")
        idle = min(run(encode(tokenizer, file))[0] for _ in range(3))
        for name, text in texts.items():
            times = []
            for part in (4, 16):
                write(text(part))
                times.append(min(run(encode(tokenizer, file))[0] for _ in range(3)) - idle)
            growth = times[1] / max(times[0], 1e-3)
            print(f"  {name:16} {times[0] * 1e3:8.1f} ms {times[1] * 1e3:8.1f} ms   growth {growth:5.1f}")
        if not options.text:
            continue
        english = open(options.text, encoding="utf-8").read().replace("\n", " ")
        size = options.megabytes * 1_000_000
        write((english * (size // len(english) + 1))[:size])
        commands = [("attune", encode(tokenizer, file))]
        if options.peer:
            commands.append(("peer", [sys.executable, "-c", peer, tokenizer, file]))
        for name, command in commands:
            seconds, megabytes = run(command)
            print(f"  one line of {options.megabytes} MB, {name:8} {seconds:6.1f} s, peak {megabytes:6.0f} MB")
