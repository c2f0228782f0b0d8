"""Runs snippets in a throw-away interpreter, one fork each, and says what they raised and changed.

Started by every interpreter from 3.8 on; reads folders from standard input and writes a line of JSON for
each. Runs nothing but the snippets of this repository.
"""

from __future__ import annotations

import atexit
import builtins
import codecs
import gc
import getpass
import importlib
import json
import os
import signal
import socket
import ssl
import sys
import threading
import time
from typing import Any

EVENTS = {
    "trace": ("sys.settrace",),
    "profile": ("sys.setprofile",),
    "audit": ("sys.addaudithook",),
    "monitor": ("sys.monitoring.register_callback",),
    "process": ("subprocess.Popen", "os.system", "os.posix_spawn", "os.fork", "os.exec"),
    "decode": ("exec", "compile"),
    "native": ("ctypes.dlsym", "cpython.PyInterpreterState_New"),
    "eval-frame": ("ctypes.dlsym",),
}


def state() -> dict[str, object]:
    """What the hooks without an event look like, by effect."""
    return {
        "threading": (vars(threading)["_trace_hook"], vars(threading)["_profile_hook"]),
        "import": (
            list(map(id, sys.meta_path)),
            list(map(id, sys.path_hooks)),
            id(sys.meta_path),
            [id(vars(f).get("find_spec")) for f in sys.meta_path if isinstance(f, type)],
        ),
        "builtins": {name: id(value) for name, value in vars(builtins).items() if name != "_"},
        "exception": (sys.excepthook, sys.unraisablehook, threading.excepthook),
        "display": (sys.displayhook, sys.breakpointhook, sys.stdout, sys.stderr),
        "gc": (list(gc.callbacks), gc.get_debug()),
        "modules": {
            name: (id(sys.modules.get(name)), type(sys.modules.get(name)).__name__)
            for name in ("victim", "json", "this")
        },
        "codec": _codec(),
        "patch": _patched(),
        "signal": [signal.getsignal(number) for number in (signal.SIGUSR1, signal.SIGALRM, signal.SIGUSR2)],
        "exit": atexit._ncallbacks(),
        "runtime": (sys.getrecursionlimit(), sys.getswitchinterval(), tuple(sys.path), *_others()),
    }


def _codec() -> tuple[bool, bool]:
    try:
        codecs.lookup("wheelwatch_canary")
    except LookupError:
        known = False
    else:
        known = True
    try:
        codecs.lookup_error("wheelwatch_canary")
    except LookupError:
        return known, False
    return known, True


def _tracing() -> bool:
    module = sys.modules.get("tracemalloc")
    return bool(module and module.is_tracing())


def _others() -> tuple[bool, list[int]]:
    module = sys.modules.get("warnings")
    return _tracing(), list(map(id, module.filters)) if module else []


def _patched() -> tuple[object, ...]:
    return (
        socket.create_connection,
        socket.socket.connect,
        getpass.getpass,
        getpass.getpass.__defaults__,
        getpass.getpass.__kwdefaults__,
        ssl._create_default_https_context,
        ssl.SSLContext.wrap_socket,
        sys.stdin,
        victim.__code__,
    )


def victim() -> None:
    return None


def run(folder: str) -> dict[str, object]:
    """Import the snippet in here; what it raised, and whether its state differs."""
    seen: set[str] = set()

    def hook(event: str, args: tuple[object, ...]) -> None:
        if event == "exec" and "snippet" not in str(args):
            return
        seen.add(event)

    sys.path.insert(0, folder)
    vars(builtins)["VICTIM"] = victim
    before = state()
    sys.addaudithook(hook)
    seen.clear()
    try:
        importlib.import_module("snippet")
    except BaseException as problem:
        sys.settrace(None)
        sys.setprofile(None)
        if not isinstance(problem, SystemExit):
            return {"error": type(problem).__name__ + ": " + str(problem)}
    deadline = time.time() + 0.15
    while threading.active_count() > 1 and time.time() < deadline:
        time.sleep(0.01)
    reached = set(seen)
    sys.settrace(None)
    sys.setprofile(None)
    after = state()
    changed = [name for name in before if before[name] != after[name]]
    seen.clear()
    atexit._run_exitfuncs()
    sys.modules.pop("snippet", None)
    gc.collect()
    return {"events": sorted(reached | seen), "changed": changed}


def main() -> None:
    gc.collect()
    gc.freeze()  # children collect only what is theirs
    for line in sys.stdin:
        folder, effect = line.rstrip("\n").split("\t")
        read, write = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(read)
            null = os.open(os.devnull, os.O_RDWR)
            for number in (0, 1, 2):
                os.dup2(null, number)
            signal.alarm(20)
            try:
                answer = run(folder)
            except BaseException as problem:
                answer = {"error": "driver: " + repr(problem)}
            os.write(write, json.dumps(answer).encode())
            os._exit(0)
        os.close(write)
        data = b""
        while True:
            part = os.read(read, 65536)
            if not part:
                break
            data += part
        os.close(read)
        os.waitpid(child, 0)
        report: dict[str, Any] = json.loads(data) if data else {"error": "died"}
        wanted = EVENTS.get(effect)
        if wanted and "events" in report:
            report["fired"] = any(event in report["events"] for event in wanted)
        else:
            report["fired"] = effect in report.get("changed", ())
        print(json.dumps(report), flush=True)


main()
