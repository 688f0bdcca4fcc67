"""Pulls from servers that never come to an end, and what memory and time that takes of attune.

    hostile_hub.py --attune PROGRAM [--seconds 60] [--most 300]

Each server sends as fast as it can: a header line, header lines, a listing, a JSON text, the bytes of a file. Every pull must
end by itself, with a message, within --seconds and within --most megabytes, and leave no file behind.
"""
import argparse
import os
import socket
import subprocess
import tempfile
import threading
import time

parser = argparse.ArgumentParser()
parser.add_argument("--attune", required=True)
parser.add_argument("--seconds", type=float, default=60)
parser.add_argument("--most", type=float, default=300)
options = parser.parse_args()

COMMIT = "0123456789abcdef0123456789abcdef01234567"
OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
CONFIG = b'{"model_type": "bert"}'
NAMES = ("config.json", "tokenizer.json", "model.safetensors")
FACTS = ('{"id": "org/x", "sha": "%s", "siblings": [%s]}' % (
    COMMIT, ", ".join('{"rfilename": "%s"}' % name for name in NAMES))).encode()
TREE = ("[%s]" % ", ".join(
    '{"type": "file", "path": "%s", "size": %d, "oid": "%040d"}' % (name, 22, 1) for name in NAMES)).encode()


def whole(body):
    return OK + b"Content-Length: %d\r\n\r\n" % len(body) + body


def ends(line, path):
    """What is sent first, and what after it without end."""
    is_file, is_tree = "/resolve/" in path, "/tree/" in path
    honest = (whole(CONFIG), b"") if is_file else (whole(TREE if is_tree else FACTS), b"")
    return {
        "a header line": (OK + b"X-Long: ", b"a" * 65536),
        "header lines": (OK, b"X-More: again\r\n" * 4096),
        "white space before a JSON text": (OK + b"\r\n", b" " * 65536),
        "a JSON text": (OK + b"\r\n[", b'{"a": 1},' * 8192),
        "a listing": (OK + b"\r\n[", b'{"type": "file", "path": "a", "size": 1, "oid": "b"},' * 1024) if is_tree else honest,
        "a file": (OK + b"\r\n", b"a" * 65536) if is_file else honest,
        "a file that says how long it is": (OK + b"Content-Length: 10000000000\r\n\r\n", b"a" * 65536) if is_file else honest,
    }[line]


def answer(connection, line):
    with connection:
        try:
            while True:
                request = b""
                while b"\r\n\r\n" not in request:
                    part = connection.recv(65536)
                    if not part:
                        return
                    request += part
                begin, rest = ends(line, request.split(b" ")[1].decode())
                connection.sendall(begin)
                while rest:
                    connection.sendall(rest)
        except OSError:
            return


def serve(server, line):
    while True:
        try:
            connection, _ = server.accept()
        except OSError:
            return
        threading.Thread(target=answer, args=(connection, line), daemon=True).start()


failed = False
for line in ("a header line", "header lines", "white space before a JSON text", "a JSON text", "a listing", "a file",
             "a file that says how long it is"):
    server = socket.create_server(("127.0.0.1", 0))
    threading.Thread(target=serve, args=(server, line), daemon=True).start()
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "HF_ENDPOINT": f"http://127.0.0.1:{server.getsockname()[1]}", "HF_HOME": folder,
                       "ATTUNE_HOME": folder + "/home"}
        environment.pop("HF_HUB_OFFLINE", None)
        start = time.perf_counter()
        process = subprocess.Popen([options.attune, "pull", "org/x", "--yes"], env=environment, stdout=subprocess.DEVNULL,
                                   stderr=subprocess.PIPE, text=True)
        watch = threading.Timer(options.seconds, process.kill)
        watch.start()
        message = process.stderr.read().strip()
        _, status, usage = os.wait4(process.pid, 0)
        watch.cancel()
        taken, peak = time.perf_counter() - start, usage.ru_maxrss * 1024 / 1e6
        left = [name for _, _, names in os.walk(folder + "/hub") for name in names if not name.endswith(".lock")]
        good = os.WIFEXITED(status) and os.WEXITSTATUS(status) not in (0, 70) and peak <= options.most and not left
    server.close()
    failed |= not good
    print(f"{'ok   ' if good else 'WRONG'} {line}: {taken:.1f} s, {peak:.0f} MB, {left or 'nothing'} left; {message[-200:]}",
          flush=True)
raise SystemExit(failed)
