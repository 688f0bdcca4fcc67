"""Writes a golden.jsonl of random texts for a tokenizer.json, with tokenizers 0.23.

    golden.py TOKENIZER OUTPUT LINES SEED

Scripts, marks in every order, control characters, added tokens, pairs and truncations are mixed so that what a
reader of Unicode tables would get wrong shows.
"""
import json
import random
import sys
from texts import record, text
from tokenizers import Tokenizer

path, output, lines, seed = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
random.seed(seed)
tokenizer = Tokenizer.from_file(path)
added = [t["content"] for t in json.loads(tokenizer.to_str())["added_tokens"]]
written = 0
with open(output, "w") as file:
    while written < lines:
        line = record(tokenizer, text(added), text(added) if random.random() < 0.3 else None)
        if line:
            file.write(json.dumps(line, separators=(",", ":")) + "\n")
            written += 1
