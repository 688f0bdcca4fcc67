"""Random texts that show what a reader of Unicode tables would get wrong, and what tokenizers 0.23 makes of them."""
import random

scripts = [(0x20, 0x7E)] * 6 + [
    (0x0, 0x1F), (0x80, 0xFF), (0x100, 0x24F), (0x300, 0x36F), (0x370, 0x3FF), (0x400, 0x52F), (0x590, 0x5FF),
    (0x600, 0x6FF), (0x900, 0xDFF), (0xE00, 0xFFF), (0x1100, 0x11FF), (0x1AB0, 0x1AFF), (0x1B00, 0x1C7F),
    (0x1DC0, 0x1EFF), (0x1F00, 0x1FFF), (0x2000, 0x206F), (0x2E00, 0x30FF), (0x3400, 0x34FF), (0x4E00, 0x9FFF),
    (0xA640, 0xA7FF), (0xAC00, 0xD7A3), (0xE000, 0xE0FF), (0xF900, 0xFE0F), (0xFE10, 0xFFFF), (0x10000, 0x10FFF),
    (0x11000, 0x11FFF), (0x1D000, 0x1D7FF), (0x1E000, 0x1E95F), (0x1F300, 0x1FAFF), (0x20000, 0x2FA1F),
    (0xE0000, 0xE01EF), (0x0, 0x10FFFF),
]
words = "the quick Fox jumps OVER lazy dogs unaffable antidisestablishment isn't 3.14 playing e-mail".split()
oddities = [
    "👨‍👩‍👧‍👦", "👍🏽", "🇩🇪", "a\u0301\u0323", "\u0323a", "\u1100\u1161\u11a8", "İ", "ẞ", "ς", "ﬁ", "\u0344",
    "\u0f73", "x\u200dy", "\ufeff", "\u00ad", "\u0085", "\x0b", "\r\n", "don’t", "“q”",
    "a" * 100, "b" * 101, "c" * 257,
]


def character(script):
    while 0xD800 <= (code := random.randint(*script)) < 0xE000:
        pass
    return chr(code)


def text(added):
    out, home = [], random.choice(scripts)
    for _ in range(random.choice([0, 1, 2, 3, 5, 8, 12])):
        kind = random.random()
        if kind < 0.3:
            out.append(random.choice(words))
        elif kind < 0.5:
            out.append("".join(character(home) for _ in range(random.randint(1, 6))))
        elif kind < 0.7:
            out.append("".join(character(random.choice(scripts)) for _ in range(random.randint(1, 5))))
        elif kind < 0.85:
            token = random.choice(added or words)
            out.append(random.choice([token, token, token.lower(), token + "x", " " + token + "  "]))
        else:
            out.append(random.choice(oddities))
        if random.random() < 0.6:
            out.append(random.choice([" ", " ", "  ", "\t", "\u3000"]))
    return "".join(out)


def fields(encoding):
    return dict(
        ids=encoding.ids, tokens=encoding.tokens, offsets=encoding.offsets, type_ids=encoding.type_ids,
        special_tokens_mask=encoding.special_tokens_mask, word_ids=encoding.word_ids)


def record(tokenizer, first, second):
    """A line of a golden file, or nothing where tokenizers fails."""
    line = dict(text=first, pair=second, max_length=None)
    tokenizer.no_truncation()
    if random.random() < 0.35:
        strategy = random.choice(["longest_first", "only_first", "only_second"])
        length, stride = random.choice([4, 6, 8, 12, 16]), random.choice([0, 0, 1, 2])
        limits = dict(max_length=length, stride=stride, strategy=strategy)
        try:
            tokenizer.enable_truncation(**limits)
            encoding = tokenizer.encode(first, second)
        except BaseException:
            return None
        line |= limits | fields(encoding) | dict(overflowing=[fields(o) for o in encoding.overflowing])
    else:
        encoding = tokenizer.encode(first, second)
        line |= fields(encoding)
        line["ids_without_special"] = tokenizer.encode(first, add_special_tokens=False).ids
    try:
        line["decoded"] = tokenizer.decode(encoding.ids, skip_special_tokens=False)
        line["decoded_skip_special"] = tokenizer.decode(encoding.ids, skip_special_tokens=True)
    except BaseException:
        return None
    return line
