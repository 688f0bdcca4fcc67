"""What a count of words knows: an interpolated Kneser-Ney 5-gram (modified, Chen and Goodman 1998) trained by IRSTLM on the
texts that pocket-gpt learnt from, measured on those held back, beside the perplexity of a model in attune.

    kneser_ney.py --train FOLDER --held FOLDER [--attune PROGRAM --model FOLDER] [--tools /usr/lib/irstlm]

FOLDER holds texts, as split_texts.py leaves them. The 5-gram reads words and punctuation marks as they stand; what both are
divided by is the number of words between spaces, so that a word with a comma counts once on either side. The 5-gram is also
given without what its unknown words cost, which flatters it: attune spells every word. Needs IRSTLM (Debian: irstlm).
"""
import argparse
import json
import math
import os
import pathlib
import re
import subprocess
import tempfile

parser = argparse.ArgumentParser()
parser.add_argument("--train", required=True, type=pathlib.Path)
parser.add_argument("--held", required=True, type=pathlib.Path)
parser.add_argument("--attune")
parser.add_argument("--model")
parser.add_argument("--tools", default="/usr/lib/irstlm")
options = parser.parse_args()
environment = dict(os.environ, IRSTLM=options.tools, PATH=f"{os.environ['PATH']}:{options.tools}/bin")


def tool(command, folder):
    return subprocess.run(command, shell=True, cwd=folder, env=environment, check=True, capture_output=True, text=True)


def sentences(folder):
    for file in sorted(folder.glob("*.txt")):
        for line in file.read_text(encoding="utf-8").splitlines():
            if line.strip():
                yield " ".join(re.findall(r"\w+|[^\w\s]", line))


with tempfile.TemporaryDirectory() as folder:
    for name in ("train", "held"):
        lines = "".join(f"<s> {line} </s>\n" for line in sentences(getattr(options, name)))
        pathlib.Path(folder, name).write_text(lines, encoding="utf-8")
    tool(f"build-lm.sh -i train -n 5 -o lm.gz -k 2 -s improved-kneser-ney -t {folder}/parts", folder)
    found = tool("compile-lm lm.gz --eval=held", folder)
found = {name: float(number) for name, number in re.findall(r"(\w+)=([\d.]+)", found.stdout + found.stderr)}
words = sum(len(file.read_text(encoding="utf-8").split()) for file in options.held.glob("*.txt"))
nats = found["Nw"] * math.log(found["PP"])
known = found["Nw"] * math.log(found["PP"] - found["PPwp"])
print(f"held back: {words} words, {found['Nw']:.0f} words, marks and ends, {found['Noov']:.0f} of them unknown")
print(f"Kneser-Ney 5-gram: {math.exp(nats / words):.1f} per word, {math.exp(known / words):.1f} without its unknown words")
if options.attune:
    files = [str(file) for file in sorted(options.held.glob("*.txt"))]
    nats = 0
    for file in files:
        run = subprocess.run(
            [options.attune, "evaluate", "--model", options.model, "--data", file, "--json"],
            capture_output=True, text=True, check=True)
        scores = json.loads(run.stdout)
        nats += math.log(scores["word_perplexity"]) * len(pathlib.Path(file).read_text(encoding="utf-8").split())
    print(f"{options.model}: {math.exp(nats / words):.1f} per word")
