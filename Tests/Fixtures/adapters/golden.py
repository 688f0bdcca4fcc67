"""Makes the adapters beside it with peft on the tiny models of ../models: python golden.py

Each folder is what `save_pretrained` of peft writes, with `golden.json`: ids of one sequence and the logits that base and
adapter give for it together. The halves are random, so that every one of them matters.
"""
import json
import os
import sys

import torch
from peft import LoraConfig, get_peft_model
from transformers import AutoModelForQuestionAnswering, AutoModelForSequenceClassification, AutoModelForTokenClassification

here = os.path.dirname(os.path.abspath(__file__))
CASES = {
    "bert-classes": (
        AutoModelForSequenceClassification, "bert-sequence-classification",
        dict(task_type="SEQ_CLS", r=3, lora_alpha=7, lora_dropout=0.1, target_modules=["query", "value", "dense"])),
    "distilbert-tags": (
        AutoModelForTokenClassification, "distilbert-token-classification",
        dict(task_type="TOKEN_CLS", r=2, lora_alpha=5, use_rslora=True, target_modules=r".*layer\.\d+\.(attention\.q_lin|ffn\.lin2)")),
    "roberta-answers": (
        AutoModelForQuestionAnswering, "roberta-question-answering",
        dict(task_type="QUESTION_ANS", r=2, lora_alpha=4, target_modules=["key", "output.dense"],
             rank_pattern={"key": 4}, alpha_pattern={"key": 3})),
}
torch.manual_seed(5)
for name, (kind, base, settings) in CASES.items():
    model = get_peft_model(kind.from_pretrained(os.path.join(here, "..", "models", base)), LoraConfig(**settings))
    for key, parameter in model.named_parameters():
        if "lora_" in key:
            torch.nn.init.normal_(parameter, std=0.3)
    model.eval()
    ids = torch.tensor([[2, 9, 14, 5, 11, 3]])
    with torch.no_grad():
        out = model(input_ids=ids)
    logits = torch.stack([out.start_logits, out.end_logits], -1) if "answers" in name else out.logits
    folder = os.path.join(here, name)
    model.save_pretrained(folder)
    config = json.load(open(os.path.join(folder, "adapter_config.json")))
    config["base_model_name_or_path"] = base
    json.dump(config, open(os.path.join(folder, "adapter_config.json"), "w"), indent=2, sort_keys=True)
    os.remove(os.path.join(folder, "README.md"))
    json.dump({"base": base, "ids": ids[0].tolist(), "logits": logits.flatten().tolist()},
              open(os.path.join(folder, "golden.json"), "w"))
