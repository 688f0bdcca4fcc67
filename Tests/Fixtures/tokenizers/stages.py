"""Writes a line for every kind of stage that a tokenizer.json can name: a small tokenizer, and golden lines for it.

    stages.py T5 OUTPUT LINES SEED

T5 is the tokenizer.json of t5-small, for its character map. Models are trained on random texts, with tokenizers 0.23.
"""
import json
import random
import sys
from texts import record, text
from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

t5, output, lines, seed = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
random.seed(seed)
N, P, D, O = normalizers, pre_tokenizers, decoders, processors
character_map = Tokenizer.from_file(t5).normalizer
special = ["<unk>", "<s>", "</s>", "<pad>"]
more = [AddedToken("New York", normalized=True), AddedToken("ÉTÉ", normalized=True, single_word=True),
        AddedToken("  x", normalized=False, rstrip=True)]
GPT4 = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
O200K = (r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
         r"|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
         r"|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+")
EXPRESSIONS = [
    GPT4, GPT4.replace("{1,3}", ""), O200K, r"\s+", r"\w+", r"(?<=[a-z])(?=[A-Z])", r"(?<!\p{L})\p{Lu}", r"[^\w\s]",
    r"\b", r"a++b|(?>an|a)d", r"\p{Han}+|\p{Hiragana}|[ァ-ヿ]", r"(?i)[a-m]+?s|THE", r"[\p{L}&&[^aeiou]]+", r"(\d)|x{2,3}",
    r"[[:punct:]]+$", r"^.", r"\R|\h{2}", r"(?m:t.e)", r"\p{Alpha}*?q", r"(?:a|ab)(?:c|bcd)*", r"\p{^L}{2}", r"[^\S\n]+",
    r"", r"(?:a*)b|(?:x?)+y", r"\x61|\u0062|\t", r"[a-]|[]x]", r"\p{Greek}|\p{Cyrillic}+", r"(?x) q u # comment", r"(?<n>ing)",
]


def bpe(**options):
    shape = {k: v for k, v in options.items() if k in ["continuing_subword_prefix", "end_of_word_suffix"]}
    return lambda: (models.BPE(unk_token="<unk>", **options), trainers.BpeTrainer(
        vocab_size=400, limit_alphabet=120, special_tokens=special, show_progress=False, **shape))


def byte_level():
    return models.BPE(), trainers.BpeTrainer(vocab_size=500, initial_alphabet=P.ByteLevel.alphabet(),
                                             special_tokens=special, show_progress=False)


def unigram():
    return lambda: (models.Unigram(), trainers.UnigramTrainer(vocab_size=400, special_tokens=special, unk_token="<unk>",
                                                              show_progress=False))


def word_level():
    return models.WordLevel(unk_token="<unk>"), trainers.WordLevelTrainer(vocab_size=150, special_tokens=special,
                                                                          show_progress=False)


def word_piece():
    return models.WordPiece(unk_token="<unk>", max_input_chars_per_word=20), trainers.WordPieceTrainer(
        vocab_size=400, limit_alphabet=120, special_tokens=special, show_progress=False)


template = O.TemplateProcessing(single="<s>:1 $A:2 </s>", pair="<s> $B:3 </s>:1 $A </s>",
                                special_tokens=[("<s>", 1), ("</s>", 2)])
kinds = {}
for kind in ["NFC", "NFD", "NFKC", "NFKD", "Lowercase", "StripAccents", "Nmt", "ByteLevel"]:
    kinds[kind] = dict(normalizer=getattr(N, kind)())
kinds |= {
    "Strip": dict(normalizer=N.Strip()), "Strip left": dict(normalizer=N.Strip(right=False)),
    "Prepend": dict(normalizer=N.Prepend("▁é")), "Precompiled": dict(normalizer=character_map),
    "Replace": dict(normalizer=N.Replace("  ", " ")), "Replace by nothing": dict(normalizer=N.Replace("a", "")),
    "Replace more": dict(normalizer=N.Sequence([N.Replace(" ", "▁"), N.Replace(Regex(r"(?<=\w)e|^\s+"), "ëë")])),
    "accents": dict(normalizer=N.Sequence([N.NFKD(), N.StripAccents(), N.Lowercase(), N.Strip()])),
    "composed map": dict(normalizer=N.Sequence([N.Nmt(), N.NFKC(), character_map, N.Replace(Regex(" {2,}"), " ")])),
    "Bert": dict(normalizer=N.BertNormalizer(strip_accents=False), before=P.BertPreTokenizer()),
    "llama": dict(normalizer=N.Sequence([N.Prepend("▁"), N.Replace(" ", "▁")]), before=None,
                  model=bpe(fuse_unk=True, byte_fallback=True), bytes=True,
                  decoder=D.Sequence([D.Replace("▁", " "), D.ByteFallback(), D.Fuse(), D.Strip(" ", 1, 0)])),
}
for name in ["always", "first", "never"]:
    for split in [True, False]:
        kinds[f"Metaspace {name} {split}"] = dict(
            before=P.Metaspace(prepend_scheme=name, split=split), model=unigram(),
            decoder=D.Metaspace(prepend_scheme=name))
kinds |= {
    "unigram bytes": dict(before=P.Metaspace(), model=unigram(), bytes=True, decoder=D.Sequence([D.ByteFallback(), D.Metaspace()])),
    "unigram words": dict(before=P.Sequence([P.WhitespaceSplit(), P.Metaspace()]), normalizer=character_map, model=unigram()),
    "Whitespace": dict(before=P.Whitespace(), model=word_level, decoder=D.WordPiece()),
    "WhitespaceSplit": dict(before=P.WhitespaceSplit(), model=word_piece, decoder=D.WordPiece(cleanup=False)),
    "Digits": dict(before=P.Digits()), "Digits alone": dict(before=P.Digits(individual_digits=True)),
    "CharDelimiterSplit": dict(before=P.CharDelimiterSplit("e")), "UnicodeScripts": dict(before=P.UnicodeScripts()),
    "FixedLength": dict(before=P.FixedLength(3)), "words in words": dict(before=P.Sequence([P.Whitespace(), P.Digits(True), P.Punctuation()])),
    "no space": dict(before=P.ByteLevel(add_prefix_space=False), model=byte_level, after=O.ByteLevel(trim_offsets=True), decoder=D.ByteLevel()),
    "space": dict(before=P.ByteLevel(add_prefix_space=True), model=byte_level, decoder=D.ByteLevel(),
                  after=O.RobertaProcessing(("</s>", 2), ("<s>", 1), trim_offsets=True, add_prefix_space=True)),
    "space untrimmed": dict(before=P.ByteLevel(add_prefix_space=True), model=byte_level,
                            after=O.RobertaProcessing(("</s>", 2), ("<s>", 1), trim_offsets=False)),
    "smollm": dict(before=P.Sequence([P.Digits(True), P.ByteLevel(add_prefix_space=False)]), model=byte_level, decoder=D.ByteLevel()),
    "llama 3": dict(before=P.Sequence([P.Split(Regex(GPT4), "isolated"), P.ByteLevel(add_prefix_space=False, use_regex=False)]),
                    model=byte_level, after=O.Sequence([O.ByteLevel(trim_offsets=True), template]), decoder=D.ByteLevel(), ignore=True),
    "qwen": dict(normalizer=N.NFC(), before=P.Sequence([P.Split(Regex(GPT4.replace("{1,3}", "")), "isolated"),
                                                       P.ByteLevel(add_prefix_space=False, use_regex=False)]), model=byte_level,
                 after=O.ByteLevel(trim_offsets=False)),
    "clip": dict(normalizer=N.Sequence([N.NFC(), N.Replace(Regex(r"\s+"), " "), N.Lowercase()]), model=bpe(end_of_word_suffix="</w>"),
                 before=P.Split(Regex(r"'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+"), "removed", invert=True),
                 decoder=D.BPEDecoder("</w>"), after=O.BertProcessing(("</s>", 2), ("<s>", 1))),
    "prefix": dict(before=P.Whitespace(), model=bpe(continuing_subword_prefix="##", fuse_unk=False), after=template),
    "fused": dict(before=P.WhitespaceSplit(), model=bpe(fuse_unk=True), decoder=D.CTC("<pad>", "e")),
    "strip decoder": dict(before=P.Whitespace(), decoder=D.Sequence([D.Strip("e", 1, 1), D.Replace(Regex("[aeiou]+"), "*"), D.Fuse()])),
    "dropped": dict(before=P.Whitespace(), model=bpe(), drop=True),
}
for behavior in ["removed", "isolated", "merged_with_previous", "merged_with_next", "contiguous"]:
    kinds[f"Punctuation {behavior}"] = dict(before=P.Punctuation(behavior))
    for invert in [False, True]:
        kinds[f"Split {behavior} {invert}"] = dict(before=P.Split(" ", behavior, invert=invert))
        kinds[f"Split by pattern {behavior} {invert}"] = dict(before=P.Split(Regex(r"[aeiou ]|\s{2}|\p{Lu}"), behavior, invert=invert))
for expression in EXPRESSIONS:
    kinds["expression " + expression] = dict(before=P.Split(Regex(expression), "isolated"), model=word_level)

corpus = [text([]) for _ in range(300)]
with open(output, "w") as file:
    for name, kind in kinds.items():
        model, trainer = kind.get("model", bpe())()
        tokenizer = Tokenizer(model)
        if kind.get("normalizer"):
            tokenizer.normalizer = kind["normalizer"]
        if kind.get("before"):
            tokenizer.pre_tokenizer = kind["before"]
        if kind.get("after"):
            tokenizer.post_processor = kind["after"]
        if kind.get("decoder"):
            tokenizer.decoder = kind["decoder"]
        plain = isinstance(trainer, trainers.UnigramTrainer)
        tokenizer.train_from_iterator(["".join(c for c in t if c < "Ā") for t in corpus] if plain else corpus, trainer)
        tokenizer.add_tokens(more)
        content = json.loads(tokenizer.to_str())
        if kind.get("bytes"):
            pieces = [f"<0x{byte:02X}>" for byte in range(256)]
            vocabulary = content["model"]["vocab"]
            kept = content["added_tokens"]
            if isinstance(vocabulary, list):
                vocabulary += [[piece, -20.0] for piece in pieces]
            else:
                vocabulary |= {piece: len(vocabulary) + k for k, piece in enumerate(pieces)}
            content["added_tokens"] = [t for t in kept if t["id"] < 4]
            content["model"]["byte_fallback"] = True
        if kind.get("ignore"):
            content["model"]["ignore_merges"] = True
        if kind.get("drop"):
            content["model"]["dropout"] = 1.0
        tokenizer = Tokenizer.from_str(json.dumps(content))
        added = [t["content"] for t in content["added_tokens"]]
        golden = []
        while len(golden) < lines:
            line = record(tokenizer, text(added), text(added) if random.random() < 0.2 else None)
            golden += [line] if line else []
        file.write(json.dumps(dict(name=name, tokenizer=content, golden=golden), separators=(",", ":")) + "\n")
