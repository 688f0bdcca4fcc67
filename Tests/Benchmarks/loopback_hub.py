"""The Hugging Face hub on this machine: its routes, headers and redirects, for scripts that pull from it.

    python Tests/Benchmarks/loopback_hub.py FOLDER [--port N] [--rate BYTES_PER_SECOND]

FOLDER/ORG/NAME holds the files of a model. Those of a megabyte and more lie on another port, as large files do on the
hub. FOLDER/datasets/ORG/NAME/CONFIG/SPLIT.json holds {"features": [...], "rows": [...]}.
"""

import argparse
import hashlib
import json
import pathlib
import threading
import time
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

COMMIT = "0123456789abcdef0123456789abcdef01234567"
LARGE = 1 << 20


def git_name(data):
    return hashlib.sha1(b"blob %d\0" % len(data) + data).hexdigest()


class Hub:
    def __init__(self, folder, port=0, rate=None):
        self.folder, self.rate, self.log = pathlib.Path(folder), rate, []
        self.names = {}
        self.store = self.listen(StoreHandler, 0)
        self.hub = self.listen(HubHandler, port)
        self.address = f"http://127.0.0.1:{self.hub.server_port}"

    def listen(self, handler, port):
        server = ThreadingHTTPServer(("127.0.0.1", port), handler)
        server.hub = self
        threading.Thread(target=server.serve_forever, daemon=True).start()
        return server

    def entry(self, root, path):
        data = path.read_bytes()
        entry = {"type": "file", "path": str(path.relative_to(root)), "size": len(data), "oid": git_name(data)}
        if len(data) >= LARGE:
            digest = hashlib.sha256(data).hexdigest()
            self.names[digest] = path
            entry["lfs"] = {"oid": digest, "size": len(data), "pointerSize": 134}
        return entry


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def say(self, status, body=b"", headers={}, length=None):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body) if length is None else length))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def json(self, value, headers={}):
        self.say(200, json.dumps(value).encode(), {"Content-Type": "application/json", **headers})

    def content(self, data, headers):
        """The bytes that were asked for, at the rate that the hub is to have."""
        wanted, status, start = self.headers.get("Range"), 200, 0
        if wanted:
            start = int(wanted.removeprefix("bytes=").split("-")[0])
            end = wanted.split("-")[1]
            stop = int(end) + 1 if end else len(data)
            status, headers = 206, {**headers, "Content-Range": f"bytes {start}-{stop - 1}/{len(data)}"}
            data = data[:stop]
        self.say(status, b"", headers, length=len(data) - start)
        if self.command == "HEAD":
            return
        rate = self.server.hub.rate
        piece = len(data) if rate is None else max(1, rate // 50)
        try:
            for place in range(start, len(data), piece):
                self.wfile.write(data[place : place + piece])
                if rate is not None:
                    time.sleep(0.02)
        except OSError:
            self.close_connection = True

    def do_HEAD(self):
        self.do_GET()

    def do_GET(self):
        url = urllib.parse.urlsplit(self.path)
        parts = [urllib.parse.unquote(part) for part in url.path.split("/") if part]
        query = dict(urllib.parse.parse_qsl(url.query))
        self.server.hub.log.append((type(self).__name__, self.command, self.path, dict(self.headers)))
        try:
            self.answer(parts, query)
        except OSError:
            # Whoever asked is gone.
            self.close_connection = True


class StoreHandler(Handler):
    def answer(self, parts, query):
        path = self.server.hub.names.get(parts[-1])
        if path is None:
            return self.say(404)
        self.content(path.read_bytes(), {"ETag": '"of-the-store"', "Accept-Ranges": "bytes"})


class HubHandler(Handler):
    def answer(self, parts, query):
        hub = self.server.hub
        if parts[:2] == ["api", "models"] and len(parts) >= 4:
            root = hub.folder / parts[2] / parts[3]
            if not root.is_dir():
                return self.say(401, headers={"X-Error-Code": "RepoNotFound"})
            entries = [hub.entry(root, path) for path in sorted(root.rglob("*")) if path.is_file()]
            if len(parts) == 4 or parts[4] == "revision":
                return self.json(
                    {
                        "id": "/".join(parts[2:4]), "sha": COMMIT, "private": False, "gated": False,
                        "siblings": [{"rfilename": entry["path"]} for entry in entries],
                        "tags": ["license:apache-2.0"], "cardData": {"license": "apache-2.0"}, "downloads": 1,
                    }
                )
            return self.json(entries)
        if parts[:2] == ["api", "models"]:
            names = sorted(f"{p.parent.name}/{p.name}" for p in hub.folder.glob("*/*") if p.is_dir())
            found = [name for name in names if query.get("search", "").lower() in name.lower()]
            return self.json([{"id": name, "sha": COMMIT, "downloads": 1} for name in found])
        if parts[:2] == ["api", "datasets"]:
            name = "/".join(parts[2 : parts.index("revision") if "revision" in parts else None])
            return self.json({"id": name, "sha": COMMIT, "gated": False, "private": False})
        if parts[:1] == ["splits"]:
            root = hub.folder / "datasets" / query["dataset"]
            files = sorted(root.glob("*/*.json"))
            splits = [{"dataset": query["dataset"], "config": f.parent.name, "split": f.stem} for f in files]
            return self.json({"splits": splits, "pending": [], "failed": []})
        if parts[:1] == ["rows"]:
            file = hub.folder / "datasets" / query["dataset"] / query["config"] / f"{query['split']}.json"
            if not file.is_file():
                return self.say(404)
            data, first = json.loads(file.read_text()), int(query["offset"])
            rows = data["rows"][first : first + int(query["length"])]
            return self.json(
                {
                    "features": data["features"],
                    "rows": [{"row_idx": first + i, "row": row, "truncated_cells": []} for i, row in enumerate(rows)],
                    "num_rows_total": len(data["rows"]), "num_rows_per_page": 100, "partial": False,
                }
            )
        if len(parts) >= 5 and parts[2] == "resolve":
            root = hub.folder / parts[0] / parts[1]
            path = root.joinpath(*parts[4:])
            if not path.is_file() or root.resolve() not in path.resolve().parents:
                return self.say(404, headers={"X-Error-Code": "EntryNotFound", "X-Repo-Commit": COMMIT})
            entry = hub.entry(root, path)
            headers = {"X-Repo-Commit": COMMIT, "Accept-Ranges": "bytes"}
            if "lfs" not in entry:
                return self.content(path.read_bytes(), {**headers, "ETag": f'"{entry["oid"]}"'})
            digest = entry["lfs"]["oid"]
            headers |= {"X-Linked-Etag": f'"{digest}"', "X-Linked-Size": str(entry["size"])}
            return self.say(302, headers={**headers, "Location": f"http://localhost:{hub.store.server_port}/{digest}"})
        self.say(404)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--rate", type=int)
    options = parser.parse_args()
    print(f"HF_ENDPOINT={Hub(options.folder, options.port, options.rate).address}", flush=True)
    threading.Event().wait()
