"""Makes the smaller golden folders beside it with transformers and torch: python golden.py [NAME ...]

A folder is what `save_pretrained` writes, with golden.safetensors (inputs, outputs, gradients) and golden.json (loss, five
steps of AdamW, and for models that write, greedy and beam-4 continuations of the first row). The weights are random and
then disturbed, so that biases and norms matter. The other folders came from elsewhere, in the same format.
"""
import json
import os
import sys

import torch
from safetensors.torch import save_file
from transformers import (
    AutoConfig, AutoModelForCausalLM, AutoModelForSeq2SeqLM, AutoModelForSequenceClassification,
    get_linear_schedule_with_warmup)

here = os.path.dirname(os.path.abspath(__file__))
llama = dict(
    hidden_size=16, intermediate_size=24, num_hidden_layers=2, num_attention_heads=4, num_key_value_heads=2,
    max_position_embeddings=32, vocab_size=50, bos_token_id=1, eos_token_id=2)
bart = dict(
    d_model=16, encoder_layers=2, decoder_layers=1, encoder_attention_heads=2, decoder_attention_heads=4,
    encoder_ffn_dim=24, decoder_ffn_dim=20, max_position_embeddings=32, vocab_size=50, dropout=0.0)
t5 = dict(
    d_model=16, d_kv=6, d_ff=24, num_layers=2, num_decoder_layers=1, num_heads=3, vocab_size=50, dropout_rate=0.0,
    decoder_start_token_id=0)
CASES = {
    "qwen2-causal-lm": ("clm", "qwen2", dict(llama, tie_word_embeddings=False, rope_theta=1e6)),
    "llama-bands-causal-lm": ("clm", "llama", dict(
        llama, head_dim=8, attention_bias=True, mlp_bias=True, tie_word_embeddings=True, rope_theta=5e4,
        rope_scaling=dict(rope_type="llama3", factor=8.0, low_freq_factor=1.0, high_freq_factor=4.0,
                          original_max_position_embeddings=8))),
    "llama-yarn-causal-lm": ("clm", "llama", dict(
        llama, num_key_value_heads=1, rope_scaling=dict(rope_type="yarn", factor=4.0, original_max_position_embeddings=8))),
    "llama-dynamic-causal-lm": ("clm", "llama", dict(
        llama, max_position_embeddings=10, rope_scaling=dict(rope_type="dynamic", factor=2.0))),
    "llama-linear-sequence-classification": ("classify", "llama", dict(
        llama, pad_token_id=0, num_labels=3, rope_scaling=dict(rope_type="linear", factor=2.5))),
    "gpt2-scaled-causal-lm": ("clm", "gpt2", dict(
        n_embd=16, n_layer=3, n_head=2, n_inner=20, n_positions=16, vocab_size=50, activation_function="relu",
        scale_attn_by_inverse_layer_idx=True, tie_word_embeddings=False, resid_pdrop=0.0, embd_pdrop=0.0, attn_pdrop=0.0,
        bos_token_id=1, eos_token_id=2)),
    "t5-untied-seq2seq-lm": ("seq2seq", "t5", dict(
        t5, feed_forward_proj="gated-gelu", tie_word_embeddings=False, relative_attention_num_buckets=8,
        relative_attention_max_distance=6)),
    "marian-seq2seq-lm": ("seq2seq", "marian", dict(
        bart, scale_embedding=True, pad_token_id=49, eos_token_id=0, forced_eos_token_id=0, decoder_start_token_id=49,
        activation_function="swish")),
    "mbart-seq2seq-lm": ("seq2seq", "mbart", dict(bart, scale_embedding=True)),
    "pegasus-seq2seq-lm": ("seq2seq", "pegasus", dict(bart, activation_function="relu")),
}
KINDS = {
    "clm": AutoModelForCausalLM, "seq2seq": AutoModelForSeq2SeqLM, "classify": AutoModelForSequenceClassification}


def flat(out):
    found = {}
    for key, value in out.items():
        if key == "past_key_values" or value is None:
            continue
        for index, part in enumerate(value) if isinstance(value, tuple) else [(None, value)]:
            found["output." + key + ("" if index is None else f".{index}")] = part.detach().clone().contiguous()
    return found


def make(name, task, kind, settings):
    torch.manual_seed(7)
    config = AutoConfig.for_model(kind, **settings)
    config._attn_implementation = "eager"
    model = KINDS[task].from_config(config, attn_implementation="eager")
    saved = set(model.state_dict())
    with torch.no_grad():
        for key, parameter in model.named_parameters():
            if parameter.requires_grad:
                parameter.add_(torch.randn_like(parameter) * 0.2)
        if hasattr(model, "final_logits_bias"):
            model.final_logits_bias.add_(torch.randn_like(model.final_logits_bias) * 0.2)
        if kind == "t5" and not settings.get("tie_word_embeddings", True):
            # The later T5 has a map of its own, and config.json that says so; transformers 5 goes by the file.
            model.lm_head.weight = torch.nn.Parameter(torch.randn_like(model.lm_head.weight) * 0.2)
            model.config.tie_word_embeddings = False
    folder = os.path.join(here, name)
    model.save_pretrained(folder)
    model = KINDS[task].from_pretrained(folder, attn_implementation="eager").eval()

    padding = getattr(config, "pad_token_id", None) or 0
    ids = torch.randint(3, 48, (2, 9))
    mask = torch.ones_like(ids)
    mask[1, 6:], ids[1, 6:] = 0, padding
    inputs = dict(input_ids=ids, attention_mask=mask)
    if task == "classify":
        inputs["labels"] = torch.tensor([2, 0])
    elif task == "clm":
        inputs["labels"] = torch.where(mask == 1, ids, -100)
        inputs["labels"][0, 3] = -100
    else:
        labels = torch.randint(3, 48, (2, 7))
        labels[0, 2], labels[1, 5:] = -100, -100
        inputs["labels"] = labels
    tensors = {"input." + key: value for key, value in inputs.items()}
    out = model(**inputs, output_hidden_states=True, output_attentions=True)
    tensors.update(flat(out))
    out.loss.backward()
    for key, parameter in model.named_parameters():
        if parameter.grad is not None:
            tensors["grad." + key] = parameter.grad.clone().contiguous()
    facts = {"task": task, "seed": 7, "loss": out.loss.item()}
    if task != "classify":
        length = dict(max_new_tokens=8, min_new_tokens=8, eos_token_id=None, forced_eos_token_id=None, do_sample=False)
        row = dict(input_ids=ids[:1], attention_mask=mask[:1])
        for key, beams in (("greedy", 1), ("beam4", 4)):
            with torch.no_grad():
                config_ = model.generation_config
                config_.eos_token_id = config_.forced_eos_token_id = config_.forced_bos_token_id = None
                facts[key] = model.generate(**row, **length, num_beams=beams)[0].tolist()
    decayed = [p for p in model.parameters() if p.requires_grad and p.dim() > 1]
    others = [p for p in model.parameters() if p.requires_grad and p.dim() <= 1]
    optimizer = torch.optim.AdamW([dict(params=decayed, weight_decay=0.01), dict(params=others, weight_decay=0.0)], lr=1e-2)
    schedule = get_linear_schedule_with_warmup(optimizer, 1, 5)
    losses, norms = [], []
    for _ in range(5):
        optimizer.zero_grad()
        loss = model(**inputs).loss
        loss.backward()
        norms.append(torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0).item())
        optimizer.step()
        schedule.step()
        losses.append(loss.item())
    facts["adamw"] = dict(
        lr=1e-2, weight_decay=0.01, clip_norm=1.0, schedule="linear, 1 warmup step of 5", losses=losses, grad_norms=norms,
        loss_after=model(**inputs).loss.item())
    save_file(tensors, os.path.join(folder, "golden.safetensors"))
    json.dump(facts, open(os.path.join(folder, "golden.json"), "w"), indent=1)


for name, case in CASES.items():
    if not sys.argv[1:] or name in sys.argv[1:]:
        make(name, *case)
