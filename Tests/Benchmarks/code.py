"""Runs the Python that `code` prints, and compares what it prints with what attune itself answers, 1e-4 apart at most.

    code.py --attune PROGRAM [--only WORD] [--smollm2 FILE.gguf]

A row of `EXAMPLES` is a command and what of its answer the Python must print, in order: numbers by their value, texts as they
are. smollm2 is asked in 32 bits (`quantize smollm2 --to f32 --out FILE.gguf`), since transformers unpacks quantised weights
before it multiplies and attune multiplies them as they are.
"""
import argparse
import contextlib
import io
import json
import os
import re
import shlex
import subprocess
import traceback

parser = argparse.ArgumentParser()
parser.add_argument("--attune", required=True)
parser.add_argument("--only", default="")
parser.add_argument("--smollm2")
options = parser.parse_args()
os.environ["HF_HUB_OFFLINE"] = "1"


def spans(rows, *keys):
    return [row[key] for row in rows for key in keys]


FILMS = '"This movie was absolutely fantastic!" "I want my two hours back."'
MUSK = "SpaceX was founded in 2002 by Elon Musk in Hawthorne, California. It builds rockets."
LONG = " ".join([MUSK] + ["The sky above the harbour was grey that day."] * 60 + ["Elon Musk was born in 1971."])
EXAMPLES = [
    ('tokens "Transformers don\'t read words"', lambda a: [x for p in a["pieces"] for x in (p["token"], p["id"], p["start"], p["end"])]),
    ('tokens "One text" --pair "and another" --max-length 8 --steps', lambda a: spans(a["pieces"], "token", "id")),
    ('tokens "No frame" --no-special', lambda a: a["ids"]),
    ('vocabulary --id 101 2023 --piece hello', lambda a: ["[CLS]", "this", 7592]),
    ('vocabulary --matching "^un.*able$"', lambda a: [a["found"]] + spans(a["pieces"], "id", "piece")),
    ('vocabulary', lambda a: [a["size"]]),
    ('compare-tokenizers minilm samples/tokenizers/bpe.json --text "Unbelievable"', lambda a: [x for r in a["rows"] for x in (r["tokenizer"], r["tokens"])]),
    ("train-tokenizer --kind bpe --size 300 lessons/02-tokens.md", lambda a: [a["size"]]),
    ('attention "The cat sat because it was tired" --from it --top 3', lambda a: [x for r in a["top"] for x in (r["weight"], r["token"], r["position"])]),
    ('attention "The cat sat" --layer 2 --head 3', lambda a: spans(a["top"], "weight", "token")),
    ('attention "One text" --pair "another" --from 2', lambda a: spans(a["top"], "weight", "token")),
    ('embed "I love this!" "A much longer sentence about nothing at all"', lambda a: [x for v in a["embeddings"] for x in v[:8]]),
    ('similar "A man eats." "Someone has a meal." "The stock market fell."', lambda a: spans(a["pairs"], "score", "text")),
    (f"classify {FILMS}", lambda a: [x for r in a["results"] for s in r["scores"] for x in (s["score"], s["label"])]),
    (f"classify {FILMS} --top 1 --function-to-apply none", lambda a: [x for r in a["results"] for s in r["scores"] for x in (s["score"], s["label"])]),
    ('entities "Elon Musk founded SpaceX in Hawthorne, California." "Marie Curie left Warsaw."', lambda a: [x for r in a["results"] for e in r["entities"] for x in (e["score"], e["entity_group"], e["word"], e["start"], e["end"])]),
    ('entities "Elon Musk founded SpaceX." --aggregation none', lambda a: [x for e in a["entities"] for x in (e["score"], e["entity"], e["word"], e["start"], e["end"])]),
    ('entities "Elon Musk founded SpaceX." --aggregation average', lambda a: [x for e in a["entities"] for x in (e["score"], e["entity_group"])]),
    (f'answer "Who founded SpaceX?" --context "{MUSK}" --top 3', lambda a: [x for s in a["answers"] for x in (s["score"], s["answer"], s["start"], s["end"])]),
    (f'answer "When was Elon Musk born?" --context "{LONG}" --top 2', lambda a: [x for s in a["answers"] for x in (s["score"], s["answer"])]),
    (f'answer "Who founded SpaceX?" --context "{MUSK}" --exact-tokens --max-answer-length 3', lambda a: [a["score"], a["answer"]]),
    ("info", lambda a: [a["parameters"]]),
    ("load", lambda a: [a["parameters"]]),
    ("parameters --match layer.0", lambda a: [x for p in a["parameters"] for x in (p["name"].removeprefix("bert."), p["count"])] + [a["count"]]),
    ("data show samples/reviews/train.tsv --rows 3 --where label=NEGATIVE", lambda a: [a["matching"]] + [x for r in a["shown"] for x in (r["text"],)]),
    ("data show samples/entities/train.conll --rows 2", lambda a: [a["rows"]]),
    ("data show samples/answers/train.json --rows 2", lambda a: [a["rows"]]),
    ("data show samples/style/train.jsonl --rows 2", lambda a: [a["rows"]]),
    ("data stats samples/reviews/train.tsv", lambda a: [a["rows"], a["tokens"]["max"], a["tokens"]["p50"]]),
    ("data split samples/reviews/train.tsv reviews --held-out 0.2 --replace", lambda a: [336, 84]),
    ("evaluate --data samples/reviews/validation.tsv", lambda a: [a["accuracy"], a["loss"], a["f1"]]),
    ("evaluate --data samples/entities/validation.conll", lambda a: [a["f1"], a["loss"]]),
]
if options.smollm2:
    model = f"--model {options.smollm2}"
    EXAMPLES += [
        (f'next-token "Once upon a" {model} --top 5', lambda a: [x for t in a["tokens"] for x in (t["score"], repr(t["token_str"]))]),
        (f'next-token "Once upon a" {model} --top 5 --temperature 0.7 --top-p 0.9', lambda a: [x for t in a["tokens"] for x in (t["score"],)]),
        (f'score "Once upon a time there was a dog." {model}', lambda a: [a["loss"], a["perplexity"]] + [t["logprob"] for t in a["results"][0]["tokens"][1:]]),
        (f'generate "Once upon a time" {model} --max-new-tokens 30 --temperature 0', lambda a: [a["generated_text"]]),
        (f'generate "The capital of France is" {model} --max-new-tokens 12 --num-beams 3', lambda a: [a["generated_text"]]),
        (f'chat "What is a cat?" --max-new-tokens 30 --temperature 0 {model}', lambda a: [a["generated_text"]]),
        (f'summarize "The library was closed for a year. It opens on Monday." --max-new-tokens 30 --temperature 0 {model}', lambda a: [a["summary_text"]]),
        (f'tokens "Hello" --chat {model}', lambda a: a["ids"]),
        (f"evaluate --data samples/style/validation.jsonl --task generate {model}", lambda a: [a["loss"]]),
    ]


def run(*command):
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        print(f"{' '.join(command)[:200]} ended with {done.returncode}:\n{done.stderr[-2000:]}")
    return done.stdout


def python(program):
    """What the program prints, run as it is; in one interpreter, so that the libraries are loaded once."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        try:
            exec(compile(program, "<code>", "exec"), {"__name__": "__main__"})
        except Exception:
            traceback.print_exc(file=out)
    return out.getvalue()


def difference(wanted, printed):
    """The first thing that the Python does not print where it should; None where it prints all of them in order."""
    number = re.compile(r"-?\d+(?:\.\d+)?(?:e-?\d+)?")
    place = 0
    for thing in wanted:
        if isinstance(thing, str):
            found = printed.find(thing, place)
            if found < 0:
                return thing
            place = found + len(thing)
            continue
        for match in number.finditer(printed, place):
            if abs(float(match[0]) - thing) <= 1.01e-4 * max(1, abs(thing)):
                place = match.end()
                break
        else:
            return thing
    return None


failed = 0
for line, wanted in EXAMPLES:
    if options.only not in line:
        continue
    words = shlex.split(line)
    ours = json.loads(run(options.attune, *words, "--json") or "null")
    program = run(options.attune, "code", *words)
    if wide := [row for row in program.splitlines() if len(row) > 80]:
        raise SystemExit(f"wider than 80 columns: {wide}")
    printed = python(program)
    missing = difference(wanted(ours), printed) if ours else "an answer of attune"
    failed += missing is not None
    print("differs" if missing is not None else "agrees ", line[:100], flush=True)
    if missing is not None:
        print(f"  {missing!r} is not in\n{printed}\n--- of\n{program}")
raise SystemExit(failed > 0)
