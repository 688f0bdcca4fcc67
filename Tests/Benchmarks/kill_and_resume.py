"""Kills a fine-tuning at random moments and takes it up until it is finished; the weights must be those of a run that
nobody killed, bit for bit.

    kill_and_resume.py --attune PROGRAM --data train.tsv --validation rows.tsv [--times 20] [--seed 1] [-- OPTIONS …]

OPTIONS go to `finetune`, such as `--lora --epochs 2`. Each round kills one run once or more and prints a line.
"""
import argparse
import hashlib
import os
import random
import shutil
import subprocess
import tempfile
import time

parser = argparse.ArgumentParser()
parser.add_argument("--attune", required=True)
parser.add_argument("--data", required=True)
parser.add_argument("--validation", required=True)
parser.add_argument("--times", type=int, default=20)
parser.add_argument("--seed", type=int, default=1)
options, rest = parser.parse_known_args()
rest = [word for word in rest if word != "--"]
random.seed(options.seed)
scratch = tempfile.mkdtemp()


def start(home, words):
    environment = dict(os.environ, ATTUNE_HOME=home)
    return subprocess.Popen(
        [options.attune, "finetune", *words], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


def weights(home):
    folder = os.path.join(home, "runs", "1")
    for name in ("adapter_model.safetensors", "model.safetensors"):
        file = os.path.join(folder, name)
        if os.path.exists(file):
            return hashlib.sha256(open(file, "rb").read()).hexdigest()


begin = ["--data", options.data, "--validation", options.validation, *rest]
clock = time.time()
home = os.path.join(scratch, "whole")
whole = start(home, begin)
assert whole.wait() == 0, whole.stderr.read()
length = time.time() - clock
wanted = weights(home)
print(f"not killed: {length:.1f} s, {wanted[:16]}", flush=True)
failed = 0
for number in range(options.times):
    home = os.path.join(scratch, str(number))
    kills = 0
    words = begin
    while True:
        run = start(home, words)
        try:
            run.wait(timeout=random.uniform(0.05, length if kills < 3 else 10 * length))
            break
        except subprocess.TimeoutExpired:
            run.kill()
            run.wait()
            kills += 1
            unfinished = os.path.join(home, "runs", "1.unfinished", "run.json")
            words = ["--resume", "1"] if os.path.exists(unfinished) else begin
            if words is begin:
                shutil.rmtree(home, ignore_errors=True)
    found = weights(home)
    left = [name for name in os.listdir(os.path.join(home, "runs")) if name != "1"]
    right = run.returncode == 0 and found == wanted and not left
    failed += not right
    error = run.stderr.read().decode().strip().splitlines()[-1:] if run.returncode else []
    print(f"{number + 1}: killed {kills} times, {'same weights' if right else f'DIFFERENT {found} {left} {error}'}", flush=True)
    shutil.rmtree(home, ignore_errors=True)
shutil.rmtree(scratch, ignore_errors=True)
print(f"{options.times - failed} of {options.times} runs ended in the same weights")
raise SystemExit(failed > 0)
