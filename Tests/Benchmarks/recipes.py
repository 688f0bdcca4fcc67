"""One recipe in PyTorch and in attune on real data, and what both models score on rows that neither has seen.

    recipes.py TASK --attune PROGRAM --model FOLDER --data FILE [--held FILE] [--rows N] [--seeds 1]
               [--threads 2] [-- OPTIONS …]

TASK is sentiment (TSV), entities (CoNLL) or answers (SQuAD). Without --held some of the data are kept back: a fifth of
the sentences, or the questions after the first N, of paragraphs that were not trained on. Both sides: batch 16, AdamW,
weight decay 0.01 (none on norms and biases), warm-up 0.1, linear decay, clip 1.0, dropout as in the configuration,
dynamic padding in PyTorch. OPTIONS go to attune alone. Needs torch, transformers and seqeval; the peer's model is scored
by Python and by `attune evaluate`, which must agree.
"""
import argparse
import collections
import json
import os
import random
import re
import statistics
import string
import subprocess
import tempfile
import time
import warnings

warnings.filterwarnings("ignore")
import torch  # noqa: E402
import transformers  # noqa: E402
from transformers import AutoTokenizer, get_linear_schedule_with_warmup  # noqa: E402
from transformers.utils import logging  # noqa: E402

logging.set_verbosity_error()
logging.disable_progress_bar()


class Sentiment:
    name, epochs, rate, metrics = "sentiment", 3, 5e-5, ["accuracy"]
    auto, labels = "AutoModelForSequenceClassification", ["NEGATIVE", "POSITIVE"]
    ending = "tsv"

    def read(self, file):
        lines = open(file, encoding="utf-8").read().splitlines()[1:]
        return [line.split("\t") for line in lines]

    def write(self, rows, file):
        file.writelines("\t".join(row) + "\n" for row in [["text", "label"], *rows])

    def split(self, rows, count):
        return rows[:count], rows[count:]

    def features(self, row, tokenizer):
        encoding = tokenizer(row[0], truncation=True, max_length=512)
        return [dict(encoding, labels=self.labels.index(row[1]))]

    def scores(self, logits, rows, tokenizer):
        right = sum(self.labels[max((0, 1), key=lambda k: x[k])] == row[1] for [x], row in zip(logits, rows))
        return {"accuracy": right / len(rows)}


class Entities:
    name, epochs, rate, metrics = "entities", 5, 2e-4, ["f1", "precision", "recall"]
    auto, ending = "AutoModelForTokenClassification", "conll"

    def read(self, file):
        rows, words = [], []
        for line in [*open(file, encoding="utf-8").read().splitlines(), ""]:
            columns = line.split("\t") if "\t" in line else line.split()
            if len(columns) > 1 and columns[0] != "-DOCSTART-":
                words.append((columns[0], columns[-1]))
            elif words:
                rows.append(self.begun(words))
                words = []
        self.labels = getattr(self, "labels", sorted({tag for row in rows for _, tag in row}))
        return rows

    @staticmethod
    def begun(words):
        """IO tags as IOB2."""
        tags = ["O", *(tag for _, tag in words)]
        return [(word, "B-" + tag[2:] if tag[0] == "I" and before[1:] != tag[1:] else tag)
                for (word, tag), before in zip(words, tags)]

    def write(self, rows, file):
        file.writelines("".join(f"{word}\t{tag}\n" for word, tag in row) + "\n" for row in rows)

    def split(self, rows, count):
        random.Random(0).shuffle(rows)
        count = count or len(rows) * 4 // 5
        return rows[:count], rows[count:]

    def features(self, row, tokenizer):
        encoding = tokenizer([word for word, _ in row], is_split_into_words=True, truncation=True, max_length=512)
        words = encoding.word_ids()
        labels = [-100 if word is None or word == before else self.labels.index(row[word][1])
                  for word, before in zip(words, [None, *words])]
        return [dict(encoding, labels=labels)]

    def scores(self, logits, rows, tokenizer):
        from seqeval.metrics import f1_score, precision_score, recall_score

        expected, predicted = [], []
        for [x], row in zip(logits, rows):
            labels = self.features(row, tokenizer)[0]["labels"]
            best = [self.labels[max(range(len(y)), key=y.__getitem__)] for y, label in zip(x, labels) if label >= 0]
            predicted.append(best)
            expected.append([tag for _, tag in row][: len(best)])
        return {"f1": f1_score(expected, predicted), "precision": precision_score(expected, predicted),
                "recall": recall_score(expected, predicted)}


class Answers:
    name, epochs, rate, metrics = "answer", 2, 1e-4, ["f1", "exact_match"]
    auto, ending, labels = "AutoModelForQuestionAnswering", "json", None

    def read(self, file):
        return [(paragraph["context"], item) for article in json.load(open(file))["data"]
                for paragraph in article["paragraphs"] for item in paragraph["qas"]]

    def write(self, rows, file):
        paragraphs = [{"context": context, "qas": [item]} for context, item in rows]
        json.dump({"version": "1.1", "data": [{"title": "rows", "paragraphs": paragraphs}]}, file)

    def split(self, rows, count):
        known = {context for context, _ in rows[:count]}
        return rows[:count], [row for row in rows[count:] if row[0] not in known][:1000]

    def windows(self, row, tokenizer):
        context, item = row
        return tokenizer(
            item["question"].lstrip(), context, truncation="only_second", max_length=384, stride=128,
            return_overflowing_tokens=True, return_offsets_mapping=True)

    def features(self, row, tokenizer):
        windows, answer = self.windows(row, tokenizer), row[1]["answers"][0]
        begin, end = answer["answer_start"], answer["answer_start"] + len(answer["text"])
        features = []
        for number, ids in enumerate(windows["input_ids"]):
            places = [place for place, part in enumerate(windows.sequence_ids(number)) if part == 1]
            offsets = windows["offset_mapping"][number]
            span = (0, 0)
            if offsets[places[0]][0] <= begin and offsets[places[-1]][1] >= end:
                span = (max(p for p in places if offsets[p][0] <= begin), min(p for p in places if offsets[p][1] >= end))
            features.append({
                "input_ids": ids, "token_type_ids": windows["token_type_ids"][number],
                "attention_mask": windows["attention_mask"][number], "labels": span})
        return features

    def scores(self, logits, rows, tokenizer):
        exact, overlap = [], []
        for found, row in zip(logits, rows):
            windows, spans = self.windows(row, tokenizer), [(-1e9, "")]
            for number, x in enumerate(found):
                offsets, parts = windows["offset_mapping"][number], windows.sequence_ids(number)
                starts = sorted(range(len(x)), key=lambda t: -x[t][0])[:20]
                ends = sorted(range(len(x)), key=lambda t: -x[t][1])[:20]
                spans += [(x[s][0] + x[e][1], row[0][offsets[s][0]:offsets[e][1]]) for s in starts for e in ends
                          if s <= e < s + 30 and parts[s] == 1 and parts[e] == 1]
            answer = max(spans)[1]
            exact.append(max(self.words(answer) == self.words(gold["text"]) for gold in row[1]["answers"]))
            overlap.append(max(self.overlap(answer, gold["text"]) for gold in row[1]["answers"]))
        return {"f1": statistics.mean(overlap), "exact_match": statistics.mean(exact)}

    @staticmethod
    def words(text):
        text = "".join(c for c in text.lower() if c not in string.punctuation)
        return re.sub(r"\b(a|an|the)\b", " ", text).split()

    def overlap(self, answer, gold):
        a, b = self.words(answer), self.words(gold)
        same = sum((collections.Counter(a) & collections.Counter(b)).values())
        return float(a == b) if not a or not b else 2 * same / (len(a) + len(b))


def batch(features, tokenizer):
    width = max(len(feature["input_ids"]) for feature in features)
    pad = {"input_ids": tokenizer.pad_token_id, "token_type_ids": 0, "attention_mask": 0}
    x = {key: torch.tensor([f[key] + [value] * (width - len(f[key])) for f in features]) for key, value in pad.items()}
    labels = [feature["labels"] for feature in features]
    if isinstance(labels[0], int):
        return dict(x, labels=torch.tensor(labels))
    if isinstance(labels[0], tuple):
        return dict(x, start_positions=torch.tensor([s for s, _ in labels]), end_positions=torch.tensor([e for _, e in labels]))
    return dict(x, labels=torch.tensor([y + [-100] * (width - len(y)) for y in labels]))


def peer(task, train, held, seed, folder):
    torch.manual_seed(seed)
    tokenizer = AutoTokenizer.from_pretrained(options.model)
    tokenizer.backend_tokenizer.no_truncation()
    names = {} if task.labels is None else {
        "num_labels": len(task.labels), "id2label": dict(enumerate(task.labels)),
        "label2id": {label: place for place, label in enumerate(task.labels)}}
    model = getattr(transformers, task.auto).from_pretrained(options.model, dtype=torch.float32, **names)
    data = [feature for row in train for feature in task.features(row, tokenizer)]
    steps = task.epochs * ((len(data) + 15) // 16)
    decayed = [p for p in model.parameters() if p.ndim > 1]
    others = [p for p in model.parameters() if p.ndim <= 1]
    optimizer = torch.optim.AdamW(
        [{"params": decayed, "weight_decay": 0.01}, {"params": others, "weight_decay": 0.0}], lr=task.rate)
    schedule = get_linear_schedule_with_warmup(optimizer, -(-steps // 10), steps)
    for _ in range(task.epochs):
        model.train()
        order = torch.randperm(len(data)).tolist()
        for start in range(0, len(order), 16):
            model(**batch([data[place] for place in order[start:start + 16]], tokenizer)).loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            optimizer.zero_grad()
    model.eval()
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    logits = []
    with torch.inference_mode():
        for row in held:
            features = task.features(row, tokenizer)
            out = model(**batch(features, tokenizer))
            if task.name == "answer":
                both = torch.stack([out.start_logits, out.end_logits], -1).tolist()
                logits.append([x[: len(f["input_ids"])] for x, f in zip(both, features)])
            else:
                logits.append(out.logits.tolist())
    return task.scores(logits, held, tokenizer)


def attune(*words):
    run = subprocess.run([options.attune, *words, "--json"], capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)


def ours(task, train, held, seed, folder):
    recipe = f"--epochs {task.epochs} --learning-rate {task.rate} --batch-size 16 --seed {seed}".split()
    attune("finetune", "--task", task.name, "--model", options.model, "--data", train, "--validation", held,
           "--no-load-best-model-at-end", "--output", folder, *recipe, *extra)
    return attune("evaluate", "--model", folder, "--data", held)


parser = argparse.ArgumentParser()
tasks = {"sentiment": Sentiment, "entities": Entities, "answers": Answers}
parser.add_argument("task", choices=tasks)
parser.add_argument("--attune", required=True)
parser.add_argument("--model", required=True)
parser.add_argument("--data", required=True)
parser.add_argument("--held")
parser.add_argument("--rows", type=int)
parser.add_argument("--seeds", type=int, default=1)
parser.add_argument("--threads", type=int, default=2)
parser.add_argument("--only", choices=["peer", "attune"])
options, extra = parser.parse_known_args()
extra = [word for word in extra if word != "--"]
torch.set_num_threads(options.threads)
task = tasks[options.task]()
train = task.read(options.data)
train, held = (train[: options.rows], task.read(options.held)) if options.held else task.split(train, options.rows)
scratch = tempfile.mkdtemp()
files = [os.path.join(scratch, f"{name}.{task.ending}") for name in ("train", "held")]
for rows, name in zip((train, held), files):
    with open(name, "w", encoding="utf-8") as file:
        task.write(rows, file)
print(f"{task.name}: {len(train)} rows, {len(held)} held; {task.epochs} epochs, learning rate {task.rate}", flush=True)
found = collections.defaultdict(list)
for seed in range(1, options.seeds + 1):
    for name, run in (("PyTorch", peer), ("attune", ours)):
        if options.only in (None, "peer" if name == "PyTorch" else "attune"):
            folder, start = os.path.join(scratch, f"{name}-{seed}"), time.perf_counter()
            scores = run(task, train, held, seed, folder) if run is peer else run(task, *files, seed, folder)
            found[name].append(scores)
            if run is peer:
                found["PyTorch, scored by attune"].append(attune("evaluate", "--model", folder, "--data", files[1]))
            shown = ", ".join(f"{metric} {scores[metric]:.4f}" for metric in task.metrics)
            print(f"seed {seed}, {name}: {shown}, {time.perf_counter() - start:.0f} s", flush=True)
print(f"{'':28}" + "".join(f"{metric:>14}" for metric in task.metrics))
for name, scores in found.items():
    print(f"{name:28}" + "".join(f"{statistics.mean(s[m] for s in scores):14.4f}" for m in task.metrics))
