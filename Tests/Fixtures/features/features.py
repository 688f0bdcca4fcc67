"""Writes tags.jsonl and answers.jsonl: what transformers makes of words with tags, and of questions over contexts.

    features.py TOKENIZER.JSON OUTPUT_FOLDER

The steps are those of transformers' token-classification and question-answering examples: labels go to the first
piece of a word and -100 to all others; answers go to the windows that hold them whole, else to the classifier token.
"""
import json
import random
import sys
from transformers import PreTrainedTokenizerFast

path, folder = sys.argv[1:3]
random.seed(5)
tokenizer = PreTrainedTokenizerFast(
    tokenizer_file=path, unk_token="[UNK]", cls_token="[CLS]", sep_token="[SEP]", pad_token="[PAD]", mask_token="[MASK]")
words = """the a of in and Anna Müller went to New-York , San-Juan . ' "quoted" 3.14 #tag @who e-mail café unaffable
antidisestablishment 東京 😀 don't U.S. http://x.y/z -- ( ) playing jumped over""".split() + ["", "\u0305", "a b", "x\u0301y"]


def tags():
    for _ in range(40):
        line = [random.choice(words) for _ in range(random.randint(1, 40))]
        labels = [random.randint(0, 6) for _ in line]
        length = random.choice([8, 24, 64, 128])
        encoding = tokenizer(line, is_split_into_words=True, truncation=True, max_length=length)
        expected, last = [], None
        for word in encoding.word_ids():
            expected.append(-100 if word is None or word == last else labels[word])
            last = word
        yield {"words": line, "tags": labels, "max_length": length, "input_ids": encoding["input_ids"], "labels": expected}


def answers():
    for _ in range(30):
        context = " ".join(random.choice(words) for _ in range(random.randint(5, 60)))
        question = random.choice(["", "  "]) + " ".join(random.choice(words) for _ in range(random.randint(1, 8))) + " ?"
        start = random.randrange(len(context))
        text = context[start:start + random.randint(1, 30)]
        given = [] if random.random() < 0.2 else [{"text": text, "answer_start": start}]
        length, stride = random.choice([(64, 8), (96, 32), (128, 0), (512, 128)])
        encoding = tokenizer(
            question.lstrip(), context, truncation="only_second", max_length=length, stride=stride,
            return_overflowing_tokens=True, return_offsets_mapping=True, return_token_type_ids=True)
        windows = []
        for i, ids in enumerate(encoding["input_ids"]):
            offsets, sequences = encoding["offset_mapping"][i], encoding.sequence_ids(i)
            first, end = 0, 0
            if given:
                a, b = start, start + len(text)
                s = sequences.index(1)
                e = len(ids) - 1 - sequences[::-1].index(1)
                if offsets[s][0] <= a and offsets[e][1] >= b:
                    while s < len(offsets) and sequences[s] == 1 and offsets[s][0] <= a:
                        s += 1
                    while sequences[e] == 1 and offsets[e][1] >= b:
                        e -= 1
                    first, end = s - 1, e + 1
            windows.append({
                "input_ids": ids, "token_type_ids": encoding["token_type_ids"][i], "start": first, "end": end,
                "offsets": [o if s == 1 else None for o, s in zip(offsets, sequences)]})
        yield {"question": question, "context": context, "answers": given, "max_length": length, "stride": stride, "windows": windows}


for name, rows in [("tags", tags()), ("answers", answers())]:
    with open(f"{folder}/{name}.jsonl", "w") as file:
        for row in rows:
            file.write(json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n")
