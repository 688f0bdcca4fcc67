"""Cuts each text at its last tenth: what is learnt from, and what is held back, in two folders of the same names.

    split_texts.py OUT TEXT…

A cut falls between paragraphs, at the first blank line after nine tenths of the characters.
"""
import pathlib
import sys

out = pathlib.Path(sys.argv[1])
for half in ("train", "held"):
    (out / half).mkdir(parents=True, exist_ok=True)
for file in map(pathlib.Path, sys.argv[2:]):
    text = file.read_text(encoding="utf-8")
    tenth = len(text) * 9 // 10
    cut = next((place for place in (text.find("\n\n", tenth), text.find("\n", tenth)) if place >= 0), tenth)
    name = f"{file.parent.name}-{file.name}"
    (out / "train" / name).write_text(text[:cut], encoding="utf-8")
    (out / "held" / name).write_text(text[cut:].lstrip("\n"), encoding="utf-8")
