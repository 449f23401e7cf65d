#!/usr/bin/env python3
"""Asks the real programs how they read each file of testdata/dotenv/cases.json.

Writes testdata/dotenv/table.json. README.md beside this file says what to
install and how to run it. Nothing here touches the network except a listener
on 127.0.0.1 that plays the docker daemon.
"""

import http.server
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import threading

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[2]
CASES = ROOT / "testdata" / "dotenv" / "cases.json"
TABLE = ROOT / "testdata" / "dotenv" / "table.json"

# The only variables that a program sees beside the file.
ENV = {"PATH": "/usr/bin:/bin", "HOME": "/home/user", "OUTER": "outer"}

PYTHON = """
import json, os, sys, logging
logging.disable(logging.CRITICAL)
from dotenv import load_dotenv
before = dict(os.environ)
load_dotenv(sys.argv[1])
print(json.dumps({k: v for k, v in os.environ.items() if before.get(k) != v}))
"""

NODE_DOTENV = """
const r = require('dotenv').config({path: process.argv[1], processEnv: {}, quiet: true});
if (r.error) process.exit(1);
console.log(JSON.stringify(r.parsed));
"""

NODE_ENV = "console.log(JSON.stringify(process.env))"


def changed(values):
    """Drops what was there before, and what a shell adds by itself."""
    own = ("PWD", "OLDPWD", "SHLVL", "_", "LC_CTYPE")
    return {k: v for k, v in values.items() if ENV.get(k) != v and k not in own}


def run(argv, env=None, cwd=None):
    return subprocess.run(argv, env=env or ENV, cwd=cwd, capture_output=True, timeout=60, stdin=subprocess.DEVNULL)


def reading(p, values):
    if p.returncode != 0:
        return {"refused": True}
    return {"values": dict(sorted(values(p).items()))}


def godotenv(path):
    p = run([str(TOOLS / "godotenv"), path])
    return reading(p, lambda p: json.loads(p.stdout))


def python_dotenv(path):
    p = run([PYTHON_BIN, "-c", PYTHON, path])
    return reading(p, lambda p: json.loads(p.stdout))


def node_dotenv(path):
    p = run([NODE, "-e", NODE_DOTENV, path], env={**ENV, "NODE_PATH": NODE_PATH})
    return reading(p, lambda p: json.loads(p.stdout))


def node_env_file(path):
    p = run([NODE, "--env-file=" + path, "-e", NODE_ENV])
    return reading(p, lambda p: changed(json.loads(p.stdout)))


def shell(binary):
    def ask(path):
        folder = tempfile.mkdtemp()
        shutil.copy(path, os.path.join(folder, ".env"))
        p = run([binary, "-c", "set -a; . ./.env; env -0"], cwd=folder)
        shutil.rmtree(folder)
        if b"OUTER=" not in p.stdout:  # it died before the last command
            return {"refused": True}
        items = [x.split("=", 1) for x in p.stdout.decode("utf-8", "replace").split("\0") if "=" in x]
        r = {"values": dict(sorted(changed(dict(items)).items()))}
        if p.stderr:
            r["complains"] = True
        return r

    return ask


class Daemon(http.server.BaseHTTPRequestHandler):
    """As much of the docker daemon as `docker create` needs."""

    seen = None

    def answer(self, code, body):
        self.send_response(code)
        self.send_header("Api-Version", "1.41")
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def do_HEAD(self):
        self.answer(200, b"")

    def do_GET(self):
        self.answer(200, b"{}")

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        Daemon.seen = json.loads(body)
        self.answer(201, b'{"Id":"x","Warnings":[]}')

    def log_message(self, *_):
        pass


def docker(path):
    Daemon.seen = None
    p = run([DOCKER, "-H", "tcp://127.0.0.1:%d" % PORT, "create", "--env-file", path, "image"],
            env={**ENV, "DOCKER_CONFIG": str(TOOLS)})
    # A name alone asks for the caller's variable, and means nothing without one.
    return reading(p, lambda p: dict(x.split("=", 1) for x in Daemon.seen["Env"] or [] if "=" in x))


def version(*argv):
    return run(list(argv)).stdout.decode().strip().splitlines()[0]


if len(sys.argv) != 3:
    sys.exit("usage: run.py VENV_WITH_PYTHON_DOTENV FOLDER_WITH_NODE_MODULES")
PYTHON_BIN = str(pathlib.Path(sys.argv[1]).resolve() / "bin" / "python")
NODE_PATH = str(pathlib.Path(sys.argv[2]).resolve() / "node_modules")
NODE, DOCKER = shutil.which("node"), shutil.which("docker")
TOOLS = pathlib.Path(tempfile.mkdtemp())
subprocess.run(["go", "build", "-o", str(TOOLS / "godotenv"), str(HERE / "godotenv.go")], check=True, cwd=ROOT)
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Daemon)
PORT = server.server_address[1]
threading.Thread(target=server.serve_forever, daemon=True).start()

programs = {
    "godotenv": (godotenv, "1.5.1"),
    "python-dotenv": (python_dotenv, version(PYTHON_BIN, "-c", "from importlib.metadata import version as v; print(v('python-dotenv'))")),
    "dotenv (npm)": (node_dotenv, json.load(open(pathlib.Path(NODE_PATH) / "dotenv" / "package.json"))["version"]),
    "node --env-file": (node_env_file, version(NODE, "--version").lstrip("v")),
    "docker --env-file": (docker, version(DOCKER, "--version").split()[2].rstrip(",")),
    "sh": (shell("/bin/dash"), "dash " + version("dpkg-query", "-W", "-f", "${Version}", "dash")),
    "bash": (shell("/bin/bash"), version("bash", "--version").split()[3]),
}

out = []
for case in json.load(open(CASES)):
    path = str(TOOLS / "case.env")
    pathlib.Path(path).write_bytes(case["file"].encode("utf-8"))
    rows = ["      %s: %s" % (json.dumps(name), json.dumps(ask(path))) for name, (ask, _) in programs.items()]
    out.append('  {\n    "id": %s,\n    "file": %s,\n    "readings": {\n%s\n    }\n  }'
               % (json.dumps(case["id"]), json.dumps(case["file"]), ",\n".join(rows)))
TABLE.write_text('{"programs": %s,\n "cases": [\n%s\n ]}\n'
                 % (json.dumps({n: v for n, (_, v) in programs.items()}), ",\n".join(out)))
shutil.rmtree(TOOLS)
print("%d cases, %d programs" % (len(out), len(programs)))
