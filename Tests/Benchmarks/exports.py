"""Takes what `export` writes to its readers, and compares what they make of it with attune.

    exports.py --attune PROGRAM [--processes 2] [--only WORD]

trainer: the recipe of a run, by torchrun in several CPU processes over gloo, against the run itself: the loss of each of 20
steps at most 1e-3 apart, without dropout; what comes back is evaluated by attune. gguf: llama.cpp goes on with a text, greedily,
as attune does. sentence-transformers: the vectors of `embed`, at most 1e-4 apart.
"""
import argparse
import json
import os
import subprocess
import sys
import tempfile

parser = argparse.ArgumentParser()
parser.add_argument("--attune", required=True)
parser.add_argument("--processes", type=int, default=2)
parser.add_argument("--only", default="")
options = parser.parse_args()
work = tempfile.TemporaryDirectory()
environment = {**os.environ, "ATTUNE_HOME": os.path.join(work.name, "home"), "HF_HUB_OFFLINE": "1", "OMP_NUM_THREADS": "1"}
failed = []


def run(*command):
    done = subprocess.run(command, capture_output=True, text=True, env=environment)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} ended with {done.returncode}:\n{done.stdout[-1000:]}{done.stderr[-4000:]}")
    return done.stdout


def attune(line, *words):
    return json.loads(run(options.attune, *line.split(), *words, "--json"))


def place(name):
    return os.path.join(work.name, name)


def say(name, good, facts):
    print(f"{'agrees ' if good else 'differs'} {name}: {facts}", flush=True)
    if not good:
        failed.append(name)


STEPS = "--max-steps 20 --dropout 0 --eval-strategy no --save-strategy no"
RECIPES = {
    "sentiment, full": "--data samples/reviews/train.tsv --validation samples/reviews/validation.tsv",
    "sentiment, LoRA": "--data samples/reviews/train.tsv --lora --lr-scheduler-type cosine",
    "sentiment, probe": "--data samples/reviews/train.tsv --freeze-body --group-by-length",
    "topics": "--task topics --data samples/topics/multilabel.jsonl --batch-size 8",
    "ratings": "--task ratings --data samples/ratings/train.tsv --batch-size 8",
    "entities": "--task entities --data samples/entities/train.conll",
    "answer, LoRA": "--task answer --data samples/answers/train.json --lora --batch-size 8",
    "generate": "--task generate --data samples/style/train.jsonl --model pocket-gpt --batch-size 2",
    "generate, LoRA": "--task generate --data samples/style/train.jsonl --model pocket-gpt --batch-size 2 --lora",
}


def trainer(name, recipe):
    model = attune(f"info {'pocket-gpt' if 'pocket-gpt' in recipe else 'minilm'}")["folder"]
    folder = place("trainer")
    subprocess.run(["rm", "-rf", folder], check=True)
    run_ = attune(f"finetune {recipe} {STEPS} --seed 3")
    ours = json.load(open(os.path.join(run_["output"], "training.json")))["losses"]
    attune("export last --to trainer --output", folder)
    output = place("output")
    subprocess.run(["rm", "-rf", output], check=True)
    program = os.path.join(folder, "train.py")
    arguments = [program, "--base", model, "--output", output]
    launcher = ["-m", "torch.distributed.run", "--nproc_per_node", str(options.processes)] if options.processes > 1 else []
    run(sys.executable, *launcher, *arguments)
    theirs = json.load(open(os.path.join(output, "losses.json")))
    worst = max(abs(a - b) for a, b in zip(ours, theirs))
    say(f"trainer, {name}, {options.processes} processes", len(theirs) == len(ours) and worst <= 1e-3,
        f"{len(theirs)} steps, losses {ours[0]:.4f} to {ours[-1]:.4f}, at most {worst:.1e} apart")
    data = recipe.split("--data ")[1].split()[0]
    back = [attune("evaluate --data", data, "--model", where)["loss"] for where in (output, run_["output"])]
    say(f"what comes back, {name}", abs(back[0] - back[1]) <= 2e-3, f"loss {back[0]:.4f}, of the run {back[1]:.4f}")


def gguf():
    from llama_cpp import Llama

    prompts = ["The capital of France is", "Once upon a time", "Water boils at"]
    for half in ([], ["--half"]):
        file = place("model.gguf")
        attune("export smollm2 --to gguf --output", file, *half)
        model = Llama(file, n_ctx=256, n_threads=2, verbose=False)
        for prompt in prompts:
            ours = attune("generate --max-new-tokens 40 --temperature 0 --model", file, prompt)["generated_text"]
            theirs = prompt + model(prompt, max_tokens=40, temperature=0, repeat_penalty=1.0)["choices"][0]["text"]
            say(f"gguf {' '.join(half)} {prompt!r}", ours == theirs, repr(theirs[len(prompt):][:50]))


def sentences():
    from sentence_transformers import SentenceTransformer

    texts = ["A man eats.", "Someone has a meal.", "The stock market fell by two per cent on Tuesday afternoon."]
    folder = place("sentences")
    attune("export minilm --to sentence-transformers --output", folder)
    theirs = SentenceTransformer(folder).encode(texts)
    ours = attune("embed", *texts)["embeddings"]
    worst = max(abs(a - b) for x, y in zip(ours, theirs) for a, b in zip(x, y))
    say("sentence-transformers", worst <= 1e-4, f"vectors of {len(ours[0])}, at most {worst:.1e} apart")


for name, recipe in RECIPES.items():
    if options.only in f"trainer {name}":
        trainer(name, recipe)
if options.only in "gguf":
    gguf()
if options.only in "sentence-transformers":
    sentences()
raise SystemExit(len(failed) > 0)
