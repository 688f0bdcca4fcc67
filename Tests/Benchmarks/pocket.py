"""Opens the models of samples/models in transformers and compares what they say with attune: of the encoder the best words
for a blank, of the decoder the log-probability of every token of some texts. Fails where they are more than 1e-4 apart.

    pocket.py --attune PROGRAM [--models samples/models]
"""
import argparse
import json
import os
import subprocess
import warnings

warnings.filterwarnings("ignore")
os.environ.setdefault("HF_HUB_OFFLINE", "1")
import torch
from transformers import AutoModelForCausalLM, AutoModelForMaskedLM, AutoTokenizer
from transformers.utils import logging

logging.set_verbosity_error()
logging.disable_progress_bar()
parser = argparse.ArgumentParser()
parser.add_argument("--attune", required=True)
parser.add_argument("--models", default="samples/models")
options = parser.parse_args()
BLANKS = ["The children ran down to the [MASK].", "I have never seen such a [MASK] film.", "He lives in [MASK]."]
TEXTS = ["Once upon a time there was a little girl who lived in a house.", "The train was late, and nobody knew why."]


def attune(*words):
    return json.loads(subprocess.run([options.attune, *words, "--json"], capture_output=True, check=True).stdout)["results"]


def opened(name, kind):
    folder = os.path.join(options.models, name)
    return folder, AutoTokenizer.from_pretrained(folder), kind.from_pretrained(folder, dtype=torch.float32).eval()


worst = {}
folder, tokenizer, model = opened("pocket-bert", AutoModelForMaskedLM)
differences = []
for text, row in zip(BLANKS, attune("fill", *BLANKS, "--top", "20", "--model", folder)):
    x = tokenizer(text, return_tensors="pt")
    with torch.inference_mode():
        place = (x["input_ids"][0] == tokenizer.mask_token_id).nonzero()[0, 0]
        theirs = model(**x).logits[0, place].softmax(-1)
    differences += [abs(word["score"] - theirs[word["token"]].item()) for word in row["fillings"]]
worst["pocket-bert"] = max(differences)
folder, tokenizer, model = opened("pocket-gpt", AutoModelForCausalLM)
differences = []
for text, row in zip(TEXTS, attune("score", *TEXTS, "--model", folder)):
    ids = tokenizer(text, return_tensors="pt")["input_ids"]
    with torch.inference_mode():
        theirs = model(ids).logits[0].log_softmax(-1)
    scored = [token for token in row["tokens"] if "logprob" in token]
    assert [token["token"] for token in scored] == ids[0, -len(scored):].tolist()
    first = ids.shape[1] - len(scored)
    differences += [abs(token["logprob"] - theirs[first + place - 1, token["token"]].item())
                    for place, token in enumerate(scored)]
worst["pocket-gpt"] = max(differences)
for name, difference in worst.items():
    print(f"{name}: largest difference {difference:.1e}")
raise SystemExit(any(difference > 1e-4 for difference in worst.values()))
