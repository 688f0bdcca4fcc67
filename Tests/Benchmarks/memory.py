"""Peak memory of whole processes that take three training steps, full and LoRA: PyTorch and peft, and attune, beside
what attune had expected.

    memory.py --attune PROGRAM --model FOLDER [--config config.json] [--batch 16] [--length 128] [--checkpointing]
              [--skip-peer]

With --config the model has that shape and random weights; FOLDER lends its tokenizer. Every row has exactly --length
tokens. --checkpointing is attune's alone, so that the ratio says what a user saves. Needs torch, transformers and peft.
"""
import argparse
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile

PEER = r'''
import resource, sys, warnings; warnings.filterwarnings("ignore")
import torch
from transformers import AutoModelForSequenceClassification
from transformers.utils import logging; logging.set_verbosity_error(); logging.disable_progress_bar()
folder, method, batch, length = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
torch.set_num_threads(2); torch.manual_seed(0)
model = AutoModelForSequenceClassification.from_pretrained(folder, num_labels=2, dtype=torch.float32)
if method == "LoRA":
    from peft import LoraConfig, get_peft_model
    places = ["query", "key", "value", "dense"]
    model = get_peft_model(model, LoraConfig(task_type="SEQ_CLS", r=8, lora_alpha=16, target_modules=places))
model.train()
optimizer = torch.optim.AdamW([p for p in model.parameters() if p.requires_grad], lr=2e-5, weight_decay=0.01)
for _ in range(3):
    ids = torch.randint(1000, 29000, (batch, length))
    model(input_ids=ids, attention_mask=torch.ones_like(ids), labels=torch.randint(0, 2, (batch,))).loss.backward()
    torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimizer.step()
    optimizer.zero_grad()
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024)
'''
parser = argparse.ArgumentParser()
parser.add_argument("--attune", required=True)
parser.add_argument("--model", required=True)
parser.add_argument("--config")
parser.add_argument("--batch", type=int, default=16)
parser.add_argument("--length", type=int, default=128)
parser.add_argument("--checkpointing", action="store_true")
parser.add_argument("--skip-peer", action="store_true")
options = parser.parse_args()
scratch = tempfile.mkdtemp()
folder = options.model
if options.config:
    folder = os.path.join(scratch, "model")
    program = "from transformers import BertConfig, BertModel; import sys; " \
        "BertModel(BertConfig.from_json_file(sys.argv[1])).save_pretrained(sys.argv[2])"
    subprocess.run([sys.executable, "-c", program, options.config, folder], check=True, capture_output=True)
    for name in ("tokenizer.json", "tokenizer_config.json", "vocab.txt"):
        if os.path.exists(os.path.join(options.model, name)):
            shutil.copy(os.path.join(options.model, name), folder)
random.seed(0)
lines = open(os.path.join(options.model, "vocab.txt"), encoding="utf-8").read().splitlines()
words = [word for word in lines if word.isascii() and word.isalpha() and len(word) > 2]
rows = os.path.join(scratch, "rows.tsv")
with open(rows, "w", encoding="utf-8") as file:
    file.write("text\tlabel\n")
    for number in range(3 * options.batch):
        text = " ".join(random.choice(words) for _ in range(options.length - 2))
        file.write(f"{text}\t{['NEGATIVE', 'POSITIVE'][number % 2]}\n")
held = os.path.join(scratch, "held.tsv")
with open(held, "w", encoding="utf-8") as file:
    file.write("text\tlabel\ngood\tPOSITIVE\nbad\tNEGATIVE\n")


def ours(method):
    command = [options.attune, "finetune", "--model", folder, "--data", rows, "--validation", held, "--max-steps", "3"]
    command += ["--batch-size", str(options.batch), "--max-length", str(options.length), "--eval-strategy", "no"]
    command += ["--save-strategy", "no", "--output", os.path.join(scratch, method), "--json", "--any-memory"]
    command += (["--lora"] if method == "LoRA" else []) + (["--gradient-checkpointing"] if options.checkpointing else [])
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    answer = json.loads(process.stdout.read())
    _, status, usage = os.wait4(process.pid, 0)
    assert status == 0, process.stderr.read()
    return usage.ru_maxrss * 1024, answer["estimated_memory"]


print(f"{options.batch} x {options.length} tokens{', attune with gradient checkpointing' if options.checkpointing else ''}")
print(f"{'':8}{'PyTorch':>12}{'attune':>12}{'ratio':>8}{'expected':>12}{'of attune':>11}")
for method in ("full", "LoRA"):
    theirs = None
    if not options.skip_peer:
        run = subprocess.run([sys.executable, "-c", PEER, folder, method, str(options.batch), str(options.length)],
                             check=True, capture_output=True, text=True)
        theirs = float(run.stdout)
    peak, expected = ours(method)
    peer = f"{theirs / 1e6:9.0f} MB{peak / 1e6:9.0f} MB{peak / theirs:8.2f}" if theirs else f"{'-':>12}{peak / 1e6:9.0f} MB{'-':>8}"
    print(f"{method:8}{peer}{expected / 1e6:9.0f} MB{expected / peak:11.2f}", flush=True)
shutil.rmtree(scratch, ignore_errors=True)
