"""Functions that make threads, classes, files, processes and patches out of what they get."""

from __future__ import annotations

from wheelwatch.code.extract import access, calls, mutation, paths, payload
from wheelwatch.code.extract.activation import Activation
from wheelwatch.code.extract.fold import first
from wheelwatch.code.extract.invocation import Call
from wheelwatch.code.extract.machine import Machine
from wheelwatch.code.extract.models import model, run_later
from wheelwatch.code.extract.names import call_api
from wheelwatch.code.extract.values import (
    ANY,
    NONE,
    Bound,
    Class,
    Const,
    Ext,
    Function,
    Getter,
    Instance,
    Partial,
    Value,
)
from wheelwatch.model import EdgeKind

MAPPED = 512
"""Items over which ``map`` and its kin are done one by one."""


@model(
    "threading.Thread",
    "threading.Timer",
    "multiprocessing.dummy.Process",
    "_thread.start_new_thread",
    "_thread.start_joinable_thread",
    "sched.scheduler().enter",
    "contextlib.ExitStack.callback",
    "contextlib.ExitStack.push",
    "asyncio.run",
    "asyncio.ensure_future",
    "asyncio.create_task",
    "asyncio.get_event_loop.call_soon",
    "asyncio.get_event_loop.run_until_complete",
    "asyncio.new_event_loop.run_until_complete",
    "asyncio.new_event_loop.call_soon",
    "asyncio.to_thread",
    "asyncio.get_event_loop.run_in_executor",
    "contextvars.copy_context.run",
    "contextvars.Context.run",
    "weakref.ref",
    "weakref.WeakMethod",
    "sched.scheduler.enter",
    "threading._start_new_thread",
    "asyncio.get_event_loop.call_later",
    "asyncio.new_event_loop.call_later",
    "contextlib.closing",
    "asyncio.Runner.run",
    "unittest.TestCase.addCleanup",
    "concurrent.futures.Future.add_done_callback",
    "asyncio.Future.add_done_callback",
    "multiprocessing.dummy.Pool.apply",
    "contextlib.redirect_stdout",
)
def _later(machine: Machine, act: Activation, call: Call, name: str) -> None:
    """Hands a function to something that calls it: a thread, a timer, a loop, a stack of callbacks."""
    callee = call.arg(0, "target")
    args = list(call.args[1:])
    if name.startswith(("threading.T", "multiprocessing", "_thread", "threading._start")):
        place = {"threading.Thread": 1, "threading.Timer": 1}.get(name, 0)
        callee = call.keywords.get("target") or call.keywords.get("function") or call.arg(place)
        given = call.keywords.get("args") or call.arg(3 if name == "threading.Thread" else place + 1)
        args = access.items_of(given) or ([ANY] if given else [])
    elif name.endswith("event_loop.call_later"):
        callee, args = call.arg(1), list(call.args[2:])
    elif "scheduler" in name:
        callee, args = call.arg(2, "action"), access.items_of(call.arg(3, "argument")) or []
    elif name == "weakref.ref":
        callee, args = call.arg(1), [ANY]
    elif "run_in_executor" in name:
        callee, args = call.arg(1), list(call.args[2:])
    run_later(
        machine,
        act,
        tuple(a for a in callee if isinstance(a, (Function, Bound, Partial, Ext, Instance, Getter))),
        call,
        args,
    )
    if name == "weakref.ref":
        call.cell.add((Partial(Ext("typing.cast"), (ANY, call.arg(0))),))  # called, it gives it back
    call.cell.add((Ext(f"{name}()"),) if name != "_thread.start_new_thread" else ANY)


@model("threading.Thread.start", "threading.Thread.run", "multiprocessing.Process.start")
def _start(machine: Machine, act: Activation, call: Call, _: str) -> None:
    """Starts an object of a class of this file that inherits from a thread."""
    for atom in call.arg(0):
        if isinstance(atom, Instance):
            for found in calls.atom_lookup(atom.of, "run"):
                if isinstance(found, Function):
                    machine.enter(act, found, Call([(atom,)], {}, call.node, EdgeKind.DEFER))
    call.cell.add(NONE)


@model("builtins.open", "codecs.open", "io.FileIO", "io.open_code", "os.open", "gzip.open", "tokenize.open")
def _open(machine: Machine, act: Activation, call: Call, name: str) -> None:
    if name == "os.open":
        paths.check(machine, act, call.arg(0), call, name, writes=len(call.args) > 1)
        call.cell.add(ANY)
        return
    paths.opened(machine, act, call)


@model(
    "shutil.copy",
    "shutil.copyfile",
    "shutil.copy2",
    "shutil.move",
    "os.rename",
    "os.replace",
    "os.symlink",
    "os.link",
)
def _move(machine: Machine, act: Activation, call: Call, name: str) -> None:
    paths.moved(machine, act, call, name)


@model(
    "os.path.join",
    "posixpath.join",
    "ntpath.join",
    "pathlib.Path",
    "pathlib.PurePath",
    "pathlib.PosixPath",
    "os.path.expanduser",
    "os.path.expandvars",
    "os.path.abspath",
    "os.path.realpath",
    "os.path.normpath",
)
def _path(_: Machine, act: Activation, call: Call, __: str) -> None:
    del act
    call.cell.add(paths.joined(list(call.args)))


_COMMANDS = (
    "subprocess.Popen",
    "subprocess.run",
    "subprocess.call",
    "subprocess.check_call",
    "subprocess.check_output",
    "os.execv",
    "os.spawnv",
    "os.execvp",
    "os.posix_spawn",
    "os.execl",
    "os.execlp",
    "os.execve",
    "os.spawnl",
    "os.spawnlp",
    "os.system",
    "os.popen",
)


@model(*_COMMANDS)
def _command(machine: Machine, act: Activation, call: Call, name: str) -> None:
    """A child Python with ``-c`` runs source that stands here."""
    words: list[Value] = []
    for value in call.args[:4] or [call.keywords.get("args", ())]:
        words.extend(access.items_of(value) or [value]) if not first(value, str) else words.append(value)
    for place, word in enumerate(words[:-1]):
        if first(word, str) == "-c":
            payload.child(machine, act, call, words[place + 1], name)
    call.cell.add((Ext(f"{name}()"),))


@model(
    "unittest.mock.patch",
    "unittest.mock.patch.object",
    "mock.patch",
    "mock.patch.object",
    "unittest.mock._patch",
    "pytest.MonkeyPatch.setattr",
)
def _mock(machine: Machine, act: Activation, call: Call, name: str) -> None:
    """A patcher: the assignment takes place when it is started or entered, or decorates a function."""
    if name.endswith((".object", "setattr")):
        target, key, new = call.arg(0), call.arg(1), call.arg(2, "new") or ANY
    else:
        text = first(call.arg(0), str) or ""
        head, _, last = text.rpartition(".")
        target, key, new = (Ext(head),), (Const(last),), call.arg(1, "new") or ANY
    if name.endswith("setattr"):
        mutation.set_by_name(machine, act, target, key, new, call.node)
        return
    owner = Class(-1, ())
    setter = (Partial(Ext("builtins.setattr"), (target, key, new)),)
    owner.attributes.update({"start": setter, "__enter__": setter, "__exit__": (), "stop": ()})
    call.cell.add((Instance(owner),))


def is_known(name: str) -> bool:
    """Whether the catalogue has an API of this name that is called."""
    return call_api(name) is not None
