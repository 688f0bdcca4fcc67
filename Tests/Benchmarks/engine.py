"""Steps of a full and a LoRA fine-tuning, and forward trips with attentions: PyTorch and peft, and attune, in turns on the
same cores.

    engine.py --attune PROGRAM --model FOLDER [--rounds 5] [--threads 2] [--only step|forward]

Needs torch, transformers and peft. Prints medians over the rounds and their ratio; below 1 attune is faster.
"""
import argparse
import json
import statistics
import subprocess
import sys
import time
import warnings

warnings.filterwarnings("ignore")
import torch  # noqa: E402
from peft import LoraConfig, get_peft_model  # noqa: E402
from transformers import AutoModel, AutoModelForSequenceClassification  # noqa: E402
from transformers.utils import logging  # noqa: E402

logging.set_verbosity_error()
logging.disable_progress_bar()
parser = argparse.ArgumentParser()
parser.add_argument("--attune", required=True)
parser.add_argument("--model", required=True)
parser.add_argument("--rounds", type=int, default=5)
parser.add_argument("--threads", type=int, default=2)
parser.add_argument("--only", choices=["step", "forward"])
options = parser.parse_args()
parts = [options.only] if options.only else ["forward", "step"]
torch.set_num_threads(options.threads)
torch.manual_seed(0)

classifier = AutoModelForSequenceClassification.from_pretrained(options.model, num_labels=2, dtype=torch.float32).train()
optimizer = torch.optim.AdamW(classifier.parameters(), lr=2e-5, weight_decay=0.01, fused=True)
places = ["query", "key", "value", "dense"]
adapted = get_peft_model(
    AutoModelForSequenceClassification.from_pretrained(options.model, num_labels=2, dtype=torch.float32),
    LoraConfig(task_type="SEQ_CLS", r=8, lora_alpha=16, lora_dropout=0.0, target_modules=places)).train()
adapted_optimizer = torch.optim.AdamW(
    [p for p in adapted.parameters() if p.requires_grad], lr=2e-5, weight_decay=0.01, fused=True)
encoder = AutoModel.from_pretrained(options.model, attn_implementation="eager", dtype=torch.float32).eval()


def median(work, runs):
    work()
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return statistics.median(times) * 1e3


def step(model, optimizer):
    ids = torch.randint(1000, 29000, (16, 128))
    optimizer.zero_grad()
    labels = torch.randint(0, 2, (16,))
    model(input_ids=ids, attention_mask=torch.ones_like(ids), labels=labels).loss.backward()
    torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimizer.step()


def forward(sequences, tokens):
    ids = torch.randint(1000, 29000, (sequences, tokens))
    with torch.inference_mode():
        encoder(input_ids=ids, attention_mask=torch.ones_like(ids), output_attentions=True)


peer = {
    "AdamW step, 16 x 128 tokens": lambda: median(lambda: step(classifier, optimizer), 3),
    "LoRA step, 16 x 128 tokens": lambda: median(lambda: step(adapted, adapted_optimizer), 3),
    "forward with attentions, 1 x 16 tokens": lambda: median(lambda: forward(1, 16), 20),
    "forward with attentions, 1 x 128 tokens": lambda: median(lambda: forward(1, 128), 20),
    "forward with attentions, 32 x 128 tokens": lambda: median(lambda: forward(32, 128), 3),
}
peer = {name: measure for name, measure in peer.items() if any(part in name for part in parts)}
theirs, ours = {name: [] for name in peer}, {name: [] for name in peer}
for _ in range(options.rounds):
    for name, measure in peer.items():
        theirs[name].append(measure())
    for part in parts:
        command = [options.attune, "bench", "--only", part, "--seconds", "1", "--json", "--model", options.model]
        command += ["--threads", str(options.threads)]
        result = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
        for row in result["results"]:
            if row["what"] in ours:
                ours[row["what"]].append(row["value"])

print(f"{'':42}{'PyTorch':>10}{'attune':>10}{'ratio':>8}")
for name in peer:
    a, b = statistics.median(theirs[name]), statistics.median(ours[name])
    print(f"{name:42}{a:8.1f}ms{b:8.1f}ms{b / a:8.2f}")
sys.exit(0)
