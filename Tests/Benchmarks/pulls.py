"""Pulls that are killed, pulls at the same time, and a cache that Python's own library shares.

    python Tests/Benchmarks/pulls.py .build/release/attune [--kills 20] [--seed 1]

Everything is asked of a hub on this machine. Killed at random moments, a pull goes on and ends with the right contents and
nothing left over; four at once fetch every file once; what attune pulled, huggingface_hub finds without asking, and the
other way round. Needs huggingface_hub; prints what it found, and ends with 1 where something was wrong.
"""

import argparse
import hashlib
import json
import os
import pathlib
import random
import signal
import subprocess
import sys
import tempfile
import time

from loopback_hub import COMMIT, Hub

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
NAME = "org/tiny"
faults = []


def expect(fact, what, errors=""):
    """Says whether it is so; what a program complained of counts only where it is not."""
    print(f"{'ok   ' if fact else 'WRONG'} {what}{'' if fact else ': ' + errors[-300:]}", flush=True)
    if not fact:
        faults.append(what)


def make_model(folder):
    """A real model of the fixtures, with a large file beside it that takes a while to come."""
    folder.mkdir(parents=True)
    fixture = REPOSITORY / "Tests/Fixtures/pipelines"
    for file in ["config.json", "tokenizer_config.json", "special_tokens_map.json"]:
        (folder / file).write_bytes((fixture / "classify" / file).read_bytes())
    (folder / "tokenizer.json").write_bytes((fixture / "entities/tokenizer.json").read_bytes())
    weights = (fixture / "classify/model.safetensors").read_bytes()
    size = int.from_bytes(weights[:8], "little")
    header = json.loads(weights[8 : 8 + size])
    end = max(entry["data_offsets"][1] for name, entry in header.items() if name != "__metadata__")
    extra = 6 << 20
    header["filler"] = {"dtype": "U8", "shape": [extra], "data_offsets": [end, end + extra]}
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    filler = random.Random(7).randbytes(extra)
    (folder / "model.safetensors").write_bytes(len(text).to_bytes(8, "little") + text + weights[8 + size :] + filler)
    (folder / "README.md").write_text("---\nlicense: apache-2.0\n---\n# Tiny\n")
    (folder / "1_Pooling").mkdir()
    (folder / "1_Pooling/config.json").write_text('{"pooling_mode_mean_tokens": true}')
    (folder / "pytorch_model.bin").write_bytes(b"the same again " * 100_000)


class Place:
    """A home and a cache of their own."""

    def __init__(self, root, hub, binary):
        self.root, self.binary = root, binary
        self.environment = {
            "PATH": os.environ["PATH"], "HOME": str(root), "HF_HOME": str(root / "hf"), "ATTUNE_HOME": str(root / "home"),
            "HF_ENDPOINT": hub.address, "NO_PROXY": "127.0.0.1,localhost",
        }
        root.mkdir(parents=True, exist_ok=True)

    def start(self, *words, **more):
        return subprocess.Popen(
            [self.binary, *words], env={**self.environment, **more}, cwd=REPOSITORY, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def run(self, *words, **more):
        process = self.start(*words, **more)
        output, errors = process.communicate(timeout=120)
        return process.returncode, output, errors

    def python(self, code, **more):
        process = subprocess.run(
            [sys.executable, "-c", code], env={**self.environment, **more}, text=True, capture_output=True, timeout=300)
        return process.returncode, process.stdout.strip(), process.stderr

    @property
    def repository(self):
        return self.root / "hf/hub/models--org--tiny"

    def faults(self, model):
        """What is wrong with the cache after a whole pull."""
        found = []
        snapshot = self.repository / "snapshots" / COMMIT
        blobs = self.repository / "blobs"
        for path in blobs.iterdir():
            data = path.read_bytes()
            names = {hashlib.sha256(data).hexdigest(), hashlib.sha1(b"blob %d\0" % len(data) + data).hexdigest()}
            if path.name not in names:
                found.append(f"{path.name} is left over or wrong")
        for path in snapshot.rglob("*"):
            if path.is_symlink():
                if path.read_bytes() != (model / path.relative_to(snapshot)).read_bytes():
                    found.append(f"{path} differs")
            elif not path.is_dir():
                found.append(f"{path} is left over")
        if (self.repository / "refs/main").read_text() != COMMIT:
            found.append("refs/main is wrong")
        hidden = [str(p) for p in self.repository.rglob(".*")] + [p.name for p in (self.repository / "refs").iterdir() if p.name != "main"]
        return found + hidden


def killed(hub, binary, root, model, kills, chance):
    """Kills a pull again and again, each time a little later or earlier, until one is let through."""
    place = Place(root / "whole", hub, binary)
    start = time.monotonic()
    status, _, errors = place.run("pull", NAME, "--yes")
    whole = time.monotonic() - start
    expect(status == 0 and not place.faults(model), f"a pull that nobody kills, in {whole:.1f} s", errors)
    died = 0
    for number in range(kills):
        place = Place(root / f"killed-{number}", hub, binary)
        process = place.start("pull", NAME, "--yes")
        time.sleep(chance.uniform(0.02, whole * 0.98))
        if process.poll() is None:
            died += 1
            process.send_signal(signal.SIGKILL)
        process.communicate()
        status, _, errors = place.run("pull", NAME, "--yes")
        wrong = place.faults(model) if status == 0 else [errors]
        if wrong:
            expect(False, f"killed pull {number}: {wrong}")
    expect(died >= kills * 0.8, f"{died} of {kills} pulls were killed on the way; each went on and ended whole")


def at_once(hub, binary, root, model):
    place = Place(root / "at-once", hub, binary)
    hub.log.clear()
    processes = [place.start("pull", NAME, "--yes") for _ in range(4)]
    states = [process.wait(timeout=120) for process in processes]
    fetched = [path for kind, _, path, _ in hub.log if kind == "StoreHandler"]
    expect(states == [0] * 4 and not place.faults(model), f"four at once: {states}")
    expect(len(fetched) == 1, f"the weights were fetched {len(fetched)} times")


def shared(hub, binary, root, model):
    asked = "import sys; from huggingface_hub import {0}; print({0}({1}))"
    ours = Place(root / "ours", hub, binary)
    ours.run("pull", NAME, "--yes")
    before = len(hub.log)
    for file in ["model.safetensors", "config.json", "1_Pooling/config.json"]:
        status, out, errors = ours.python(asked.format("hf_hub_download", f"'{NAME}', '{file}'"), HF_HUB_OFFLINE="1")
        expect(status == 0 and out.endswith(f"snapshots/{COMMIT}/{file}"), f"Python finds our {file}", errors)
    status, out, errors = ours.python(asked.format("snapshot_download", f"'{NAME}'"), HF_HUB_OFFLINE="1")
    expect(status == 0 and out.endswith(COMMIT), "Python finds our snapshot", errors)
    expect(len(hub.log) == before, "without asking the hub")
    status, out, errors = ours.python(asked.format("hf_hub_download", f"'{NAME}', 'model.safetensors'"))
    fetched = [path for kind, command, path, _ in hub.log[before:] if kind == "StoreHandler" and command == "GET"]
    expect(status == 0 and not fetched, "asking the hub, it fetches nothing anew", errors)
    status, out, errors = ours.python(
        "from huggingface_hub import scan_cache_dir as s; r = s(); print([(x.repo_id, len(x.revisions)) for x in r.repos], r.warnings)")
    expect(out == "[('org/tiny', 1)] []", f"its own scan of the cache: {out}", errors)
    code = (
        "import torch; from transformers import AutoModelForSequenceClassification as A, AutoTokenizer as T;"
        f"m = A.from_pretrained('{NAME}'); t = T.from_pretrained('{NAME}'); print(m.config.model_type)")
    status, out, errors = ours.python(code, HF_HUB_OFFLINE="1")
    expect(status == 0, "transformers opens it", errors)

    theirs = Place(root / "theirs", hub, binary)
    status, out, errors = theirs.python(
        asked.format("snapshot_download", f"'{NAME}', ignore_patterns=['*.bin']"), HF_HUB_DISABLE_XET="1")
    expect(status == 0, "Python pulls", errors)
    before = len(hub.log)
    status, out, errors = theirs.run("pull", NAME, "--yes", "--json")
    expect(status == 0 and not json.loads(out)["fetched"] and len(hub.log) == before, "ours is content with it, unasked")
    status, out, errors = theirs.run("classify", "good", "--model", NAME, "--json", HF_HUB_OFFLINE="1")
    expect(status == 0, "and the model answers", errors)
    links = [p for p in theirs.repository.joinpath("snapshots", COMMIT).rglob("*") if p.is_file() and not p.is_symlink()]
    expect(not links, "nothing was copied")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("binary")
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    binary = str(pathlib.Path(options.binary).resolve())
    with tempfile.TemporaryDirectory() as root:
        root = pathlib.Path(root)
        make_model(root / "served" / NAME)
        hub = Hub(root / "served", rate=12 << 20)
        killed(hub, binary, root, root / "served" / NAME, options.kills, random.Random(options.seed))
        at_once(hub, binary, root, root / "served" / NAME)
        shared(hub, binary, root, root / "served" / NAME)
    print(f"{len(faults)} wrong" if faults else "all right")
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
