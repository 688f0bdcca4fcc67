"""Loads what attune saved in transformers and peft, and compares the logits with attune's own, 1e-4 at most apart.

    exchange.py --attune PROGRAM --base FOLDER FOLDER …

Each FOLDER is a fine-tuned classifier: a plain model, or a peft adapter over the base. Prints the largest difference of each.
"""
import argparse
import json
import os
import subprocess
import warnings

warnings.filterwarnings("ignore")
os.environ.setdefault("HF_HUB_OFFLINE", "1")
import torch
from transformers import AutoConfig, AutoModelForSequenceClassification, AutoTokenizer
from transformers.utils import logging

logging.set_verbosity_error()
logging.disable_progress_bar()
parser = argparse.ArgumentParser()
parser.add_argument("--attune", required=True)
parser.add_argument("--base", required=True)
parser.add_argument("folders", nargs="+")
options = parser.parse_args()
TEXTS = ["I love this!", "a dull, endless film with no idea of its own", "The soup was cold, but the people were kind."]
failed = False
for folder in options.folders:
    config = AutoConfig.from_pretrained(folder)
    if os.path.exists(os.path.join(folder, "adapter_config.json")):
        from peft import PeftModel

        body = AutoModelForSequenceClassification.from_pretrained(options.base, config=config)
        model = PeftModel.from_pretrained(body, folder)
    else:
        model = AutoModelForSequenceClassification.from_pretrained(folder)
    model.eval()
    tokenizer = AutoTokenizer.from_pretrained(folder)
    with torch.inference_mode():
        theirs = [model(**tokenizer(text, return_tensors="pt")).logits[0].tolist() for text in TEXTS]
    command = [options.attune, "classify", *TEXTS, "--model", folder, "--function-to-apply", "none", "--json"]
    results = json.loads(subprocess.run(command, capture_output=True, check=True, text=True).stdout)["results"]
    names = [config.id2label[index] for index in range(config.num_labels)]
    ours = [[{row["label"]: row["score"] for row in result["scores"]}[name] for name in names] for result in results]
    worst = max(abs(a - b) for x, y in zip(ours, theirs) for a, b in zip(x, y))
    failed |= worst > 1e-4
    print(f"{folder}: {type(model).__name__}, largest difference of logits {worst:.2e}")
raise SystemExit(failed)
