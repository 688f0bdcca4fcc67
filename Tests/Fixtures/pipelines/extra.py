"""Writes extra.json: what transformers' pipelines answer where golden.json of the folders here has no case.

Run with transformers 5.23 and torch: python extra.py > extra.json
"""

import json
import pathlib
import shutil
import tempfile

from transformers import AutoTokenizer, pipeline

HERE = pathlib.Path(__file__).parent


def load(task, folder, **changes):
    """The pipeline of a folder here, with the shared tokenizer and changes to its config.json."""
    with tempfile.TemporaryDirectory() as place:
        place = pathlib.Path(place)
        for file in (HERE / folder).iterdir():
            shutil.copy(file, place)
        shutil.copy(HERE / "entities" / "tokenizer.json", place)
        config = json.loads((place / "config.json").read_text()) | changes
        (place / "config.json").write_text(json.dumps(config))
        return pipeline(task, model=str(place), tokenizer=AutoTokenizer.from_pretrained(place))


def plain(value):
    """Numbers of numpy as numbers of Python."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    return value.item() if hasattr(value, "item") else value


TEXTS = [
    "Zoë Müller 🙂 met 李小龍 at Łódź's café, in Côte d'Ivoire.",
    "I saw [MASK] at 3.5% — e.g. the U.S. Dept.",
    "",
]
LONG = "Elon Musk founded SpaceX in Hawthorne, California in 2002. Anna met Bob-Smith near Springfield. " * 12

result = {"classify": [], "entities": [], "fill": []}
for problem in [None, "single_label_classification", "multi_label_classification", "regression"]:
    classify = load("text-classification", "classify", problem_type=problem)
    for text in TEXTS:
        result["classify"].append({"text": text, "problem_type": problem, "scores": plain(classify(text, top_k=None))})
classify = load("text-classification", "classify")
result["classify"].append(
    {"text": TEXTS[0], "text_pair": TEXTS[1], "problem_type": None,
     "scores": plain(classify({"text": TEXTS[0], "text_pair": TEXTS[1]}, top_k=None))})

ner = load("token-classification", "entities")
result["entities"].append(
    {"text": LONG, "aggregation": "first", "stride": None, "entities": plain(ner(LONG, aggregation_strategy="first"))})
for aggregation in ["none", "simple", "first", "average", "max"]:
    for text in TEXTS[:2]:
        found = ner(text, aggregation_strategy=aggregation)
        result["entities"].append({"text": text, "aggregation": aggregation, "stride": None, "entities": plain(found)})
    if aggregation != "none":
        found = load("token-classification", "entities")(LONG, aggregation_strategy=aggregation, stride=20)
        result["entities"].append({"text": LONG, "aggregation": aggregation, "stride": 20, "entities": plain(found)})

fill = load("fill-mask", "fill")
for text, top, targets in [
    ("The capital of [MASK] is large.", 3, ["rather", "det", "py"]),
    ("The capital of [MASK] is large.", 5, ["look", "specify"]),
    ("One [MASK] two [MASK].", 2, ["look", "rather", "py"]),
]:
    result["fill"].append(
        {"text": text, "top_k": top, "targets": targets, "fillings": plain(fill(text, top_k=top, targets=targets))})

print(json.dumps(result, ensure_ascii=False))
