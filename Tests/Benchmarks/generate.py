"""Reads a prompt and writes greedily with llama.cpp's Python binding and, in turns, with attune: one GGUF file.

    generate.py --attune PROGRAM --model FILE.gguf [--threads 2] [--prompt 512] [--new 128] [--rounds 3]
    generate.py --attune PROGRAM --model FOLDER --against transformers [--text PROMPT]

Prints medians: tokens a second of reading a prompt and of writing, their ratios, and the peak of resident memory of each
whole process. attune's two rates come from runs that differ in their prompt or their length alone, so that neither
holds the other; so do those of transformers, which writes with its cache and f32 weights. attune writes twice: token by
token, and guessing from earlier in the text, as it does unless told not to.
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
parser.add_argument("--against", choices=("llama.cpp", "transformers"), default="llama.cpp")
parser.add_argument("--text", help="What is continued; its own eight words otherwise.")
parser.add_argument("--peer", action="store_true", help=argparse.SUPPRESS)
options = parser.parse_args()

WORDS = "the old house by the river had been empty for years and nobody knew who owned it now".split()


def prompt(count):
    return " ".join(WORDS[place % len(WORDS)] for place in range(count))


def start():
    return options.text or prompt(8)


def transformers_peer():
    import torch
    from transformers import AutoModelForCausalLM, PreTrainedTokenizerFast

    torch.set_num_threads(options.threads)
    model = AutoModelForCausalLM.from_pretrained(options.model, dtype=torch.float32).eval()
    tokenizer = PreTrainedTokenizerFast(tokenizer_file=os.path.join(options.model, "tokenizer.json"))

    def seconds(text, new):
        ids = torch.tensor([tokenizer(text)["input_ids"]])
        begin = time.perf_counter()
        with torch.inference_mode():
            model.generate(ids, max_new_tokens=new, min_new_tokens=new, do_sample=False, use_cache=True, pad_token_id=0)
        return time.perf_counter() - begin, ids.shape[1]

    seconds(start(), 4)
    reading, count = seconds(prompt(options.prompt), 1)
    writing = seconds(start(), options.new + 1)[0] - seconds(start(), 1)[0]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"tokens": count, "reading": count / reading, "writing": options.new / writing, "peak": peak}))


def peer():
    """In a process of its own, so that the peak of memory is its own."""
    from llama_cpp import Llama
    import numpy

    model = Llama(
        options.model, n_ctx=options.prompt + options.new + 64, n_threads=options.threads,
        n_threads_batch=options.threads, n_batch=512, verbose=False)
    long, short = (model.tokenize(text.encode(), add_bos=False) for text in (prompt(options.prompt), start()))
    model.eval(short)
    model.reset()
    begin = time.perf_counter()
    model.eval(long)
    reading = len(long) / (time.perf_counter() - begin)
    model.reset()
    model.eval(short)
    begin = time.perf_counter()
    for _ in range(options.new):
        model.eval([int(numpy.argmax(last(model)))])
    writing = options.new / (time.perf_counter() - begin)
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


def attune(text, new, *more):
    command = [options.attune, "generate", text, "--model", options.model, "--json", *more]
    command += ["--threads", str(options.threads), "--max-new-tokens", str(new), "--min-new-tokens", str(new)]
    return run(command)


if options.peer:
    {"llama.cpp": peer, "transformers": transformers_peer}[options.against]()
    sys.exit()
one_each = ("--prompt-lookup-num-tokens", "0")
rows, trips = [], []
for _ in range(options.rounds):
    theirs, _ = run([sys.executable, *sys.argv, "--peer"])
    one, few = attune(prompt(options.prompt), 1)[0]["seconds"], attune(start(), 1)[0]["seconds"]
    plain, peak = attune(start(), options.new + 1, *one_each)
    guessing, _ = attune(start(), options.new + 1)
    if plain["generated_text"] != guessing["generated_text"]:
        raise SystemExit("a guess changed the text")
    trips.append(guessing["tokens_per_trip"])
    rows.append({
        "peer reading": theirs["reading"], "attune reading": theirs["tokens"] / one,
        "peer writing": theirs["writing"], "attune writing": options.new / (plain["seconds"] - few),
        "peer guessing": theirs["writing"], "attune guessing": options.new / (guessing["seconds"] - few),
        "peer peak": theirs["peak"], "attune peak": peak})
median = {key: statistics.median(row[key] for row in rows) for key in rows[0]}
for what, unit in (("reading", "tokens/s"), ("writing", "tokens/s"), ("guessing", "tokens/s"), ("peak", "MB")):
    a, b = median[f"peer {what}"], median[f"attune {what}"]
    print(f"{what:8} {options.against} {a:8.1f}  attune {b:8.1f} {unit}  ratio {b / a:.2f}")
print(f"guessing: {statistics.median(trips):.2f} tokens a trip, the same text")
