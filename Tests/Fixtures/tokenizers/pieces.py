"""Trains small SentencePiece models of every sort and writes what sentencepiece 0.2 makes of random texts.

    pip install sentencepiece protobuf; python pieces.py
"""
import json
import os
import random

import sentencepiece
import texts

here = os.path.dirname(os.path.abspath(__file__))
out = os.path.join(here, "sentencepiece")
os.makedirs(out, exist_ok=True)
foreign = [
    "Съешь ещё этих мягких французских булок да выпей чаю.", "日本語の文章です。東京へ行きました。",
    "你好世界，今天天气很好。", "नमस्ते दुनिया", "مرحبا بالعالم", "où l'été naît, à Noël, une fête",
]
corpus = os.path.join(out, "corpus.tmp")
with open(corpus, "w") as file:
    file.write(open(os.path.join(here, "training/text.txt")).read()[:150_000] + "\n".join(foreign * 20))

plain = dict(normalization_rule_name="identity", remove_extra_whitespaces=False)
bytes_ = dict(byte_fallback=True, character_coverage=0.99)
cases = {
    "unigram": dict(model_type="unigram"),
    "unigram-user": dict(
        model_type="unigram", normalization_rule_name="identity", user_defined_symbols=["<tag>", "foo bar", "the"]),
    "unigram-whole": dict(model_type="unigram", split_by_whitespace=False, **plain, **bytes_),
    "unigram-suffix": dict(
        model_type="unigram", normalization_rule_name="identity", treat_whitespace_as_suffix=True),
    "unigram-t5": dict(model_type="unigram", normalization_rule_name="identity", pad_id=0, eos_id=1, unk_id=2, bos_id=-1),
    "pairs": dict(model_type="bpe", normalization_rule_name="identity", user_defined_symbols=["qu", "foo▁bar"]),
    "pairs-llama": dict(
        model_type="bpe", vocab_size=700, split_digits=True, allow_whitespace_only_pieces=True, **plain, **bytes_),
    "pairs-gemma": dict(
        model_type="bpe", vocab_size=700, split_digits=True, add_dummy_prefix=False, pad_id=0, eos_id=1, bos_id=2,
        unk_id=3, user_defined_symbols=["▁▁", "▁▁▁▁", "<table>", "\n\n"], **plain, **bytes_),
    "characters": dict(model_type="char", normalization_rule_name="identity"),
}
random.seed(4)
added = ["<tag>", "foo bar", "the qu", "▁▁", "   ", "▁ a", "\n\n", "<table>"]
lines = [texts.text(added) for _ in range(120)]
lines += ["".join(random.choice("ab -=.") for _ in range(random.randint(5, 60))) for _ in range(20)]
lines += ["a" * 40, "----" * 9, "haha" * 6, " ", "  ", "\t", "", *foreign]
for name, options in cases.items():
    prefix = os.path.join(out, name)
    sentencepiece.SentencePieceTrainer.train(
        input=corpus, model_prefix=prefix, minloglevel=2, num_threads=1,
        **{"vocab_size": 400, "hard_vocab_limit": False, "character_coverage": 1.0, **options})
    os.remove(prefix + ".vocab")
    processor = sentencepiece.SentencePieceProcessor(model_file=prefix + ".model")
    pieces = range(processor.vocab_size())
    special = [processor.id_to_piece(i) for i in pieces if processor.is_control(i) or processor.is_unknown(i)]
    with open(prefix + ".jsonl", "w") as file:
        for line in lines:
            if "\0" in line or any(token in line for token in special):
                continue
            record = dict(text=line, ids=processor.encode(line))
            file.write(json.dumps(record, ensure_ascii=False) + "\n")
os.remove(corpus)
