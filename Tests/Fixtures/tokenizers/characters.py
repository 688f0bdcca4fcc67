"""Writes Sources/Tokenizers/Characters/CharacterData.swift from what the `tokenizers` package does to every scalar.

The package's crates carry several Unicode versions at once (categories, normalisation and case each their own), so its
behaviour is the only exact source. Run it with tokenizers 0.23 and pass the output file.
"""
import sys
from packing import encode_decompositions, encode_ranges, varint, write, zigzag
from tokenizers import AddedToken, Tokenizer, models, normalizers, pre_tokenizers


def bert(**switches):
    off = dict(clean_text=False, handle_chinese_chars=False, strip_accents=False, lowercase=False)
    return normalizers.BertNormalizer(**{**off, **switches}).normalize_str


clean, strip, lower = bert(clean_text=True), bert(strip_accents=True), bert(lowercase=True)
chinese, decompose = bert(handle_chinese_chars=True), normalizers.NFD().normalize_str
split = pre_tokenizers.BertPreTokenizer().pre_tokenize_str

lone = Tokenizer(models.WordPiece({"[UNK]": 0}, unk_token="[UNK]"))
lone.add_tokens([AddedToken("token", single_word=True, normalized=False)])

removed, marks, white, punctuation, ideographs, combining, words = [], [], [], [], [], [], []
decompositions, lowercase = {}, {}
for code in range(0x110000):
    if 0xD800 <= code < 0xE000:
        continue
    c = chr(code)
    if clean(c) == "":
        removed.append(code)
    if chinese(c) != c:
        ideographs.append(code)
    d = decompose(c)
    if d != c:
        if not 0xAC00 <= code < 0xD7A4:
            decompositions[code] = [ord(x) for x in d]
    else:
        if strip(c) == "":
            marks.append(code)
        if code == 0x345 or decompose("a\u0345" + c) != "a\u0345" + c:
            combining.append(code)
    if lower(c) != c:
        lowercase[code] = [ord(x) for x in lower(c)]
    if lone.encode("token" + c).ids[0] == 0:
        words.append(code)
    pieces = [p[0] for p in split("a" + c + "a")]
    if pieces == ["a", c, "a"]:
        punctuation.append(code)
    elif pieces == ["a", "a"]:
        white.append(code)

precedes = lambda x, y: decompose("a" + chr(y) + chr(x)) == "a" + chr(x) + chr(y)
representatives, rank_of = [], {}
for x in combining:
    low, high = 0, len(representatives)
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if precedes(x, representatives[middle]) else (middle + 1, high)
    if low > 0 and not precedes(representatives[low - 1], x):
        rank_of[x] = representatives[low - 1]
    else:
        representatives.insert(low, x)
        rank_of[x] = x
classes = {x: 1 + representatives.index(r) for x, r in rank_of.items()}


def encode_lowercase():
    runs = []
    for code, parts in sorted(lowercase.items()):
        delta = parts[0] - code
        if runs and runs[-1][3] == delta and len(parts) == 1:
            start, count, step, _ = runs[-1]
            if count == 1 and code - start <= 2:
                runs[-1][1:3] = [2, code - start]
                continue
            if count > 1 and code == start + count * step:
                runs[-1][1] += 1
                continue
        runs.append([code, 1, 1, delta])
    out, last = "", 0
    for start, count, step, delta in runs:
        out += varint(start - last) + varint(count) + varint(step) + zigzag(delta)
        last = start
    return out


long = {k: v for k, v in lowercase.items() if len(v) > 1}
assert long == {0x130: [0x69, 0x307]}, long
fields = [
    ("removed", "Ranges that cleaning drops: control, format, private use, U+FFFD.", encode_ranges(removed)),
    ("whitespace", "Ranges of White_Space.", encode_ranges(white)),
    ("marks", "Ranges of non-spacing marks.", encode_ranges(marks)),
    ("punctuation", "Ranges that stand alone as a word.", encode_ranges(punctuation)),
    ("ideographs", "Ranges that are set apart by spaces.", encode_ranges(ideographs)),
    ("words", "Ranges that an added token which is a single word must not touch.", encode_ranges(words)),
    ("combining", "Ranges with a combining class, and its rank.", encode_ranges(combining, classes.get)),
    ("decompositions", "Scalar, count, first part, further parts.", encode_decompositions(decompositions)),
    ("lowercase", "Runs: first scalar, count, step, distance.", encode_lowercase()),
]
write(sys.argv[1], "CharacterData",
      "Character facts as base-32 numbers in text, written by Tests/Fixtures/tokenizers/characters.py.", fields)
print({name: len(text) for name, _, text in fields}, len(representatives), file=sys.stderr)
