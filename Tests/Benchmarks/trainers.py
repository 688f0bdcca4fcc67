"""Trains tokenizers with the `tokenizers` package and, in turns, with attune, on the same text.

    trainers.py --attune PROGRAM --text english.txt --held other.txt [--size 8000] [--rounds 3] [KIND…]

KIND is bpe, wordpiece or unigram. Prints medians of whole runs on the cores that there are, their ratio (above 1: attune
is faster), and how many tokens the held-out text takes with each result, both encoded by the package.
"""
import argparse
import os
import statistics
import subprocess
import tempfile
import time

from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers

parser = argparse.ArgumentParser()
parser.add_argument("--attune", required=True)
parser.add_argument("--text", required=True)
parser.add_argument("--held", required=True)
parser.add_argument("--size", type=int, default=8000)
parser.add_argument("--rounds", type=int, default=3)
parser.add_argument("kinds", nargs="*", default=["bpe", "wordpiece", "unigram"])
options = parser.parse_args()


def bpe():
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    return tokenizer, trainers.BpeTrainer(
        vocab_size=options.size, initial_alphabet=alphabet, special_tokens=["<|endoftext|>"], show_progress=False)


def wordpiece():
    tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer()
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    return tokenizer, trainers.WordPieceTrainer(vocab_size=options.size, special_tokens=special, show_progress=False)


def unigram():
    tokenizer = Tokenizer(models.Unigram())
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    tokenizer.decoder = decoders.Metaspace()
    return tokenizer, trainers.UnigramTrainer(
        vocab_size=options.size, unk_token="<unk>", special_tokens=["<unk>", "</s>"], show_progress=False)


def count(tokenizer, lines):
    return sum(len(tokenizer.encode(line, add_special_tokens=False).ids) for line in lines)


kinds = {"bpe": bpe, "wordpiece": wordpiece, "unigram": unigram}
held = open(options.held, encoding="utf-8").read().split("\n")
print(f"{'':12} {'peer':>8} {'attune':>8} {'ratio':>7} {'held: peer':>12} {'attune':>8} {'difference':>11}")
with tempfile.TemporaryDirectory() as folder:
    file = os.path.join(folder, "tokenizer.json")
    for kind in options.kinds:
        peers, ours = [], []
        for _ in range(options.rounds):
            tokenizer, trainer = kinds[kind]()
            start = time.perf_counter()
            tokenizer.train([options.text], trainer)
            peers.append(time.perf_counter() - start)
            command = [options.attune, "train-tokenizer", "--kind", kind, "--size", str(options.size)]
            start = time.perf_counter()
            subprocess.run(command + ["--output", file, options.text], check=True, capture_output=True)
            ours.append(time.perf_counter() - start)
        theirs, mine = count(tokenizer, held), count(Tokenizer.from_file(file), held)
        peer, own = statistics.median(peers), statistics.median(ours)
        print(f"{kind:12} {peer:6.2f} s {own:6.2f} s {peer / own:7.2f} {theirs:12} {mine:8} {mine / theirs - 1:11.2%}")
