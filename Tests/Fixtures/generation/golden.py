"""Makes written.json and narrowed.json with transformers and torch: python golden.py

written.json: what `generate` of transformers writes with tiny models of ../models under many settings, drawn with a seed.
narrowed.json: which tokens its warpers leave of random rows of logits, and their probabilities.
"""
import json
import os
import random

import torch
from transformers import AutoModelForCausalLM, AutoModelForSeq2SeqLM, GenerationConfig
from transformers.generation.logits_process import (
    LogitsProcessorList, MinPLogitsWarper, TemperatureLogitsWarper, TopKLogitsWarper, TopPLogitsWarper,
    TypicalLogitsWarper)

here = os.path.dirname(os.path.abspath(__file__))
MODELS = {
    "gpt2-causal-lm": AutoModelForCausalLM, "llama-bands-causal-lm": AutoModelForCausalLM,
    "bart-seq2seq-lm": AutoModelForSeq2SeqLM, "t5-untied-seq2seq-lm": AutoModelForSeq2SeqLM,
    "marian-seq2seq-lm": AutoModelForSeq2SeqLM}
draw = random.Random(11)
torch.manual_seed(11)


def one(*choices):
    return draw.choice(choices)


def save(cases, name):
    lines = ",\n".join(json.dumps(case) for case in cases)
    open(os.path.join(here, name), "w").write(f"[\n{lines}\n]\n")


written = []
for name, kind in MODELS.items():
    model = kind.from_pretrained(os.path.join(here, "..", "models", name), attn_implementation="eager").eval()
    vocabulary = model.config.vocab_size
    for _ in range(24):
        ids = [draw.randrange(3, vocabulary) for _ in range(draw.randrange(2, 8))]
        settings = dict(max_new_tokens=draw.randrange(4, 14), num_beams=one(1, 1, 2, 3, 4, 5))
        settings["repetition_penalty"] = one(1.0, 1.0, 1.3, 0.8)
        settings["no_repeat_ngram_size"] = one(0, 0, 1, 2, 3)
        settings["min_new_tokens"] = one(0, 0, 3)
        if draw.random() < 0.2:
            settings["suppress_tokens"] = [draw.randrange(vocabulary) for _ in range(20)]
        if draw.random() < 0.2:
            settings["begin_suppress_tokens"] = [draw.randrange(vocabulary) for _ in range(30)]
        if draw.random() < 0.2:
            settings["bad_words_ids"] = [[draw.randrange(vocabulary) for _ in range(one(1, 1, 2))] for _ in range(30)]
        if kind is AutoModelForSeq2SeqLM and draw.random() < 0.3:
            gone = settings.get("suppress_tokens", []) + settings.get("begin_suppress_tokens", [])
            settings["forced_bos_token_id"] = one(*[token for token in range(vocabulary) if token not in gone])
        if draw.random() < 0.2:
            # A token cannot be forced and suppressed at once.
            gone = settings.get("suppress_tokens", []) + settings.get("begin_suppress_tokens", [])
            settings["forced_eos_token_id"] = one(*[token for token in range(vocabulary) if token not in gone])
        # Ends that the model likes, so that continuations do end.
        if draw.random() < 0.75:
            with torch.no_grad():
                model.generation_config.eos_token_id = None
                likely = model.generate(
                    input_ids=torch.tensor([ids]), max_new_tokens=8, do_sample=True, pad_token_id=0,
                    decoder_start_token_id=getattr(model.config, "decoder_start_token_id", None))[0].tolist()[-7:]
            ends = {one(*likely) for _ in range(one(1, 1, 2))} | {draw.randrange(vocabulary)}
            ends -= {settings.get("forced_bos_token_id")}
            settings["eos_token_id"] = sorted(ends)
        if settings["num_beams"] > 1:
            settings["length_penalty"] = one(-1.0, 0.0, 0.5, 1.0, 2.0)
            settings["early_stopping"] = one(False, True, "never")
            settings["num_return_sequences"] = one(1, settings["num_beams"])
        row = torch.tensor([ids])
        config = GenerationConfig(
            do_sample=False, pad_token_id=model.config.pad_token_id or 0, bos_token_id=getattr(model.config, "bos_token_id", None),
            decoder_start_token_id=getattr(model.config, "decoder_start_token_id", None), **settings)
        with torch.no_grad():
            model.generation_config = config
            out = model.generate(
                input_ids=row, attention_mask=torch.ones_like(row), generation_config=config,
                return_dict_in_generate=True, output_scores=True)
        sequences = out.sequences.tolist()
        scores = out.sequences_scores.tolist() if settings["num_beams"] > 1 else None
        written.append(dict(model=name, ids=ids, settings=settings, sequences=sequences, scores=scores))
save(written, "written.json")

narrowed = []
torch.manual_seed(3)
for _ in range(40):
    logits = torch.randn(1, 24) * one(0.5, 2.0, 5.0)
    settings = {}
    warpers = LogitsProcessorList()
    if draw.random() < 0.5:
        settings["temperature"] = one(0.3, 0.7, 1.5)
        warpers.append(TemperatureLogitsWarper(settings["temperature"]))
    settings["top_k"] = one(0, 0, 1, 3, 8, 50)
    if settings["top_k"]:
        warpers.append(TopKLogitsWarper(settings["top_k"]))
    if draw.random() < 0.5:
        settings["top_p"] = one(0.1, 0.5, 0.9, 0.99)
        warpers.append(TopPLogitsWarper(settings["top_p"]))
    if draw.random() < 0.4:
        settings["min_p"] = one(0.05, 0.2, 0.9)
        warpers.append(MinPLogitsWarper(settings["min_p"]))
    if draw.random() < 0.4:
        settings["typical_p"] = one(0.2, 0.6, 0.95)
        warpers.append(TypicalLogitsWarper(settings["typical_p"]))
    left = warpers(torch.zeros(1, 1, dtype=torch.long), logits.clone())[0]
    probabilities = left.softmax(-1)
    kept = [index for index in range(24) if left[index] > -float("inf")]
    narrowed.append(dict(
        logits=logits[0].tolist(), settings=settings, kept=kept, probabilities=[probabilities[index].item() for index in kept]))
save(narrowed, "narrowed.json")
