"""Writes what tokenizers 0.23 learns from text.txt: bpe.json, and how many tokens its other kinds make of held.txt.

    train.py FOLDER

Its WordPiece and Unigram trainers come out a little differently each time; the numbers are those of one run.
"""
import json
import sys
from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers

folder = sys.argv[1]
held = open(folder + "/held.txt", encoding="utf-8").read().split("\n")
quiet = dict(show_progress=False)
bpe = Tokenizer(models.BPE())
bpe.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
alphabet = pre_tokenizers.ByteLevel.alphabet()
bpe.train([folder + "/text.txt"], trainers.BpeTrainer(
    vocab_size=1200, initial_alphabet=alphabet, special_tokens=["<|endoftext|>"], **quiet))
word_piece = Tokenizer(models.WordPiece(unk_token="[UNK]"))
word_piece.normalizer, word_piece.pre_tokenizer = normalizers.BertNormalizer(), pre_tokenizers.BertPreTokenizer()
word_piece.train([folder + "/text.txt"], trainers.WordPieceTrainer(
    vocab_size=1200, special_tokens=["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"], **quiet))
unigram = Tokenizer(models.Unigram())
unigram.pre_tokenizer = pre_tokenizers.Metaspace()
unigram.train([folder + "/text.txt"], trainers.UnigramTrainer(
    vocab_size=1200, unk_token="<unk>", special_tokens=["<pad>", "</s>", "<unk>"], **quiet))
model = json.loads(bpe.to_str())["model"]
count = lambda tokenizer: sum(len(tokenizer.encode(line, add_special_tokens=False).ids) for line in held)
json.dump(dict(merges=model["merges"], wordpiece=count(word_piece), unigram=count(unigram)), open(folder + "/learned.json", "w"))
