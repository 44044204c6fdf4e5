"""Serves a GGUF model with llama.cpp's own server, in this process, until standard input closes.

Prints one JSON line when the server answers: {"port": N}. Arguments: model file, context tokens, threads.
"""

import json
import os
import socket
import sys
import urllib.request

# Only the ready line may reach standard output; llama.cpp's log goes to standard error.
ready = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)

import xllamacpp as xlc  # noqa: E402


def free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


model, context, threads = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
params = xlc.CommonParams()
params.model.path = model
params.n_ctx = context
params.n_parallel = 1
params.cpuparams.n_threads = threads
params.cpuparams_batch.n_threads = threads
params.hostnames = ["127.0.0.1"]
params.port = free_port()
params.use_jinja = True

server = xlc.Server(params)
with urllib.request.urlopen(f"http://127.0.0.1:{params.port}/health", timeout=60) as answer:
    answer.read()
print(json.dumps({"port": params.port}), file=ready, flush=True)

# The parent holds the other end: when it ends, however it ends, so do we.
sys.stdin.read()
os._exit(0)
