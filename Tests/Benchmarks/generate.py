"""Reads a prompt and writes greedily with llama.cpp's Python binding and, in turns, with attune: one GGUF file.

    generate.py --attune PROGRAM --model FILE.gguf [--threads 2] [--prompt 512] [--new 128] [--rounds 3]

Prints medians: tokens a second of reading a prompt and of writing, their ratios, and the peak of resident memory of each
whole process. attune's two rates come from runs that differ in their prompt or their length alone, so that neither
holds the other.
"""
import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import time

parser = argparse.ArgumentParser()
parser.add_argument("--attune", required=True)
parser.add_argument("--model", required=True)
parser.add_argument("--threads", type=int, default=2)
parser.add_argument("--prompt", type=int, default=512, help="Words of the long prompt.")
parser.add_argument("--new", type=int, default=128)
parser.add_argument("--rounds", type=int, default=3)
parser.add_argument("--peer", action="store_true", help=argparse.SUPPRESS)
options = parser.parse_args()

WORDS = "the old house by the river had been empty for years and nobody knew who owned it now".split()


def prompt(count):
    return " ".join(WORDS[place % len(WORDS)] for place in range(count))


def peer():
    """In a process of its own, so that the peak of memory is its own."""
    from llama_cpp import Llama
    import numpy

    model = Llama(
        options.model, n_ctx=options.prompt + options.new + 64, n_threads=options.threads,
        n_threads_batch=options.threads, n_batch=512, verbose=False)
    long, short = (model.tokenize(prompt(n).encode(), add_bos=False) for n in (options.prompt, 8))
    model.eval(short)
    model.reset()
    start = time.perf_counter()
    model.eval(long)
    reading = len(long) / (time.perf_counter() - start)
    model.reset()
    model.eval(short)
    start = time.perf_counter()
    for _ in range(options.new):
        model.eval([int(numpy.argmax(last(model)))])
    writing = options.new / (time.perf_counter() - start)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"tokens": len(long), "reading": reading, "writing": writing, "peak": peak}))


def last(model):
    import llama_cpp
    import numpy

    pointer = llama_cpp.llama_get_logits_ith(model._ctx.ctx, -1)
    return numpy.ctypeslib.as_array(pointer, shape=(model.n_vocab(),))


def run(command):
    """The answer of a command, and the peak of its memory in MB."""
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = status
    if status:
        raise SystemExit(f"{command[0]} failed")
    return json.loads(output), usage.ru_maxrss / 1024


def attune(words, new):
    command = [options.attune, "generate", prompt(words), "--model", options.model, "--json"]
    command += ["--threads", str(options.threads), "--max-new-tokens", str(new), "--min-new-tokens", str(new)]
    answer, peak = run(command)
    return answer["seconds"], peak


if options.peer:
    peer()
    sys.exit()
rows = []
for _ in range(options.rounds):
    theirs, _ = run([sys.executable, *sys.argv, "--peer"])
    one, few = attune(options.prompt, 1)[0], attune(8, 1)[0]
    many, peak = attune(8, options.new + 1)
    rows.append({
        "peer reading": theirs["reading"], "attune reading": theirs["tokens"] / one,
        "peer writing": theirs["writing"], "attune writing": options.new / (many - few),
        "peer peak": theirs["peak"], "attune peak": peak})
median = {key: statistics.median(row[key] for row in rows) for key in rows[0]}
for what, unit in (("reading", "tokens/s"), ("writing", "tokens/s"), ("peak", "MB")):
    a, b = median[f"peer {what}"], median[f"attune {what}"]
    print(f"{what:8} llama.cpp {a:8.1f}  attune {b:8.1f} {unit}  ratio {b / a:.2f}")
