"""Functions of the standard library that an analysis must understand, by canonical name."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from wheelwatch.catalogue import Api
from wheelwatch.code.extract import (
    ancestry,
    calls,
    changes,
    commands,
    finders,
    fold,
    handing,
    mutation,
    payload,
    protocols,
    pure,
    sequences,
)
from wheelwatch.code.extract.activation import Activation
from wheelwatch.code.extract.fold import first
from wheelwatch.code.extract.invocation import Call
from wheelwatch.code.extract.machine import Machine
from wheelwatch.code.extract.names import BARE, NAME, SENSITIVE, call_api, canonical, may_be_loaded
from wheelwatch.code.extract.record import refer, refer_all
from wheelwatch.code.extract.values import (
    ANY,
    DECODED,
    SEARCHED_NAME,
    Box,
    Class,
    Ext,
    Function,
    Instance,
    Method,
    Part,
    Partial,
    Space,
    Value,
    join,
)
from wheelwatch.code.extract.vocabulary import is_standard
from wheelwatch.model import Confidence, EdgeKind, Kind, Ref

Model = Callable[[Machine, Activation, Call, str], None]
MODELS: dict[str, Model] = {}

CLEARING = {
    "sys.settrace": 0,
    "sys.setprofile": 0,
    "threading.settrace": 0,
    "threading.setprofile": 0,
    "threading.settrace_all_threads": 0,
    "threading.setprofile_all_threads": 0,
    "sys.monitoring.register_callback": 2,
    "sys.monitoring.set_events": 1,
    "sys.monitoring.set_local_events": 2,
    "signal.signal": 1,
    "signal.alarm": 0,
    "signal.setitimer": 1,
    "signal.set_wakeup_fd": 0,
    "gc.set_debug": 0,
    "sys.set_asyncgen_hooks": 0,
    "sys.set_coroutine_origin_tracking_depth": 0,
    "readline.set_completer": 0,
    "sys.set_lazy_imports_filter": 0,
    "urllib.request.install_opener": 0,
    "socket.setdefaulttimeout": 0,
    "sys.setrecursionlimit": 0,
    "sys.setswitchinterval": 0,
    "readline.set_startup_hook": 0,
    "readline.set_pre_input_hook": 0,
}
"""APIs that take a hook away again, with the argument that says so."""
_HARMLESS = frozenset(
    [
        "print",
        "repr",
        "id",
        "hash",
        "callable",
        "hasattr",
        "isinstance",
        "issubclass",
        "type",
        "str",
        "bool",
        "len",
        "format",
        "dir",
        "help",
        "vars",
        "input",
        "hex",
        "ascii",
    ]
)

_LOOKERS = frozenset(
    f"inspect.{name}"
    for name in (
        *("getargspec", "getfullargspec", "getsource", "getsourcelines", "getsourcefile", "getfile"),
        *("getdoc", "getcomments", "getmodule", "isfunction", "isbuiltin", "isroutine", "ismethod"),
        *("isclass", "iscoroutinefunction", "isgeneratorfunction", "isasyncgenfunction"),
    )
)
"""Functions that look at a function and never call it."""


def model(*names: str) -> Callable[[Model], Model]:
    """Register what calling these canonical names does."""

    def register(function: Model) -> Model:
        for name in names:
            MODELS[name] = function
        return function

    return register


def call_outer(machine: Machine, act: Activation, atom: Ext, call: Call) -> None:
    """Call something outside this file."""
    name = canonical(atom.name)
    head, _, last = name.rpartition(".")
    if last == "*":
        _call_unresolved(machine, act, atom, head, call)
        return
    if name.endswith("__code__.replace"):
        payload.replace(machine, act, call)
    if head in BARE and last in {"update", "setdefault"}:
        calls.call_atom(machine, act, Method(Space(Ext(head, atom.hidden)), last), call)
        return
    if head and (last in changes.ADDERS or last in changes.REMOVERS):
        owner = Ext(atom.name.rpartition(".")[0], atom.hidden)
        if changes.change(machine, act, owner, last, _arguments(call, last), call.node):
            call.cell.add(ANY)
            return
    # What an API gave back is no API: ``faulthandler.enable()()``.
    api = call_api(name) if not atom.name.endswith("()") else None
    if api is not None:
        use(machine, act, api, atom, call)
    _edge(machine, act, atom, name, call)
    if _is_asked(call):
        protocols.touch(machine, act, name, call)
    known = MODELS.get(name) or MODELS.get(_LOADERS.get(last, ""))
    if known is not None:
        known(machine, act, call, name)
        return
    call.cell.add(_result(machine, act, atom, name, call, is_api=api is not None))


_ASKED = frozenset({Instance, Box, Ext, Class})
"""Atoms that special methods may be asked of."""
_LOADERS = {"load_module": "importlib.import_module", "create_module": "importlib.util.module_from_spec"}
"""Methods of loaders of any kind, each with the function that does the same."""


def _is_asked(call: Call) -> bool:
    for value in call.all():
        for atom in value:
            if atom.__class__ in _ASKED:
                return True
    return False


def _arguments(call: Call, method: str) -> list[Value]:
    """The arguments of a change; those of ``update`` by keyword are items too."""
    if method != "update" or not call.keywords:
        return list(call.args)
    box = Box("dict")
    box.items.update(call.keywords)
    return [*call.args, (box,)]


def _call_unresolved(machine: Machine, act: Activation, atom: Ext, module: str, call: Call) -> None:
    """A call of an attribute of a sensitive module that cannot be told."""
    if module in BARE or (atom.hidden and module in SENSITIVE):
        machine.record.site(
            act,
            call.node,
            Kind.DYNAMIC_ACCESS,
            module,
            obfuscated=atom.hidden,
            confidence=Confidence.MEDIUM if atom.hidden else Confidence.LOW,
            detail="called",
        )
    calls.escape(machine, act, call)
    call.cell.add(ANY)


def use(machine: Machine, act: Activation, api: Api, atom: Ext, call: Call) -> None:
    """A catalogued function is called: a site, and its callbacks are handed to it."""
    if api.kind is Kind.LOADER:  # what is loaded decides, which its model knows
        return
    place = CLEARING.get(api.name)
    subject = call.arg(place) or join(*call.keywords.values()) if place is not None else ()
    clears = place is not None and mutation.is_restoring(subject)
    if api.name == "sys.set_asyncgen_hooks" and any(
        not mutation.is_restoring(value) for value in call.all()
    ):
        clears = False
    callbacks = [value for value in call.all() if refer_all(value)]
    own = _answered(api, call)
    machine.record.site(
        act,
        call.node,
        api.kind,
        api.name,
        api=api,
        clears=clears,
        obfuscated=machine.is_hidden(atom),
        callback=callbacks[-1] if callbacks else (),
        own_names=own is not None,
        detail=_detail(machine, act, api, call) or own or "",
    )
    if api.kind is Kind.PROCESS:
        changes.give(machine, act, call.all(), call.node)
    for value in call.all():
        mutation.defer(machine, act, value, call.node)
    if api.name in {"atexit.register", "weakref.finalize", "threading._register_atexit"}:
        skip = 1 if api.name == "weakref.finalize" else 0
        run_later(machine, act, call.arg(skip), call, list(call.args[skip + 1 :]))
    elif api.name not in {"types.FunctionType", "types.CodeType"}:
        for value in call.all():
            run_later(
                machine,
                act,
                tuple(one for one in value if isinstance(one, (Ext, Partial))),
                call,
                [ANY] * 2,
            )


def _detail(machine: Machine, act: Activation, api: Api, call: Call) -> str:
    """What a site keeps of its arguments: a command, and whether they are those of its function."""
    if api.kind is Kind.PROCESS:
        return commands.command(act, call, is_own=not machine.is_importing)
    is_handed = api.kind is Kind.NETWORK and commands.is_given(act, call)
    return commands.GIVEN if is_handed else ""


def _answered(api: Api, call: Call) -> str | None:
    """The names that a codec's search or an error handler answers; ``None`` when it may be any."""
    if api.name == "codecs.register_error":
        return first(call.arg(0), str) or None
    functions = call.arg(0) if api.name == "codecs.register" else ()
    if len(functions) != 1 or not isinstance(functions[0], Function):
        return None
    return finders.answered(functions[0])


def run_later(machine: Machine, act: Activation, callee: Value, call: Call, args: list[Value]) -> None:
    """Something calls this later: functions get an edge and a run, hook functions a site."""
    for atom in callee:
        if isinstance(atom, Ext) and not _is_known(canonical(atom.name)):
            mutation.defer(machine, act, (atom,), call.node)
            continue
        calls.call_atom(machine, act, atom, Call(args, {}, call.node, EdgeKind.DEFER))


def _is_known(name: str) -> bool:
    return call_api(name) is not None or name in MODELS


def _edge(machine: Machine, act: Activation, atom: Ext, name: str, call: Call) -> None:
    """The edge to an outer function; the standard library has no edges worth following."""
    if is_standard(name):
        return
    target = name.replace("[]", "")
    if not target.strip("._") or atom.name.startswith("*"):
        return
    machine.record.edge(act, call.node, EdgeKind.CALL, Ref(name=target), tuple(_passed(call))[:8])
    ancestry.ask(machine, act, atom, ("__call__",), call.node)


def _passed(call: Call) -> Iterator[Ref]:
    """What may be a hook of the arguments of a call; functions of this file go elsewhere as they escape."""
    for value in call.all():
        for atom in value:
            outer = atom.callee if isinstance(atom, Partial) else atom
            if isinstance(outer, Ext) and (ref := refer(outer)) is not None and may_be_loaded(ref.name):
                yield ref


def _result(machine: Machine, act: Activation, atom: Ext, name: str, call: Call, *, is_api: bool) -> Value:
    """What calling an outer function gives: folded where it is pure, else something by its name."""
    bound = machine.limits.fold_bytes
    if name in pure.DECODERS:
        return fold.fold(pure.DECODERS[name], call.args, bound, how=DECODED)
    if name in pure.PURE:
        args = [*call.args, *call.keywords.values()]
        return _prefer_part(name, args) or fold.fold(pure.PURE[name], args, bound)
    if name in pure.SEQUENCES:
        return sequences.run(machine, act, name, call)
    last = name.rpartition(".")[2]
    if last not in _HARMLESS or not name.startswith("builtins."):
        if not is_api and name not in _LOOKERS:
            calls.escape(machine, act, call)
        if is_standard(name) and name not in {"builtins.print", "builtins.input"}:
            handing.hand_over(machine, act, name, call)
    if last == "write":
        payload.note_written(machine, name, call.args[-1] if call.args else ())
    if len(atom.name) > NAME:
        return ANY
    if pure.is_computed(name, call.all()):
        return SEARCHED_NAME
    functions = (
        tuple(one for one in call.arg(0) if isinstance(one, (Function, Class)))
        if len(call.args) == 1
        else ()
    )
    return ((Ext(atom.name + "()", atom.hidden)), *functions)


def _prefer_part(name: str, args: list[Value]) -> Value | None:
    if name == "builtins.str" and len(args) == 1 and all(isinstance(atom, Part) for atom in args[0]):
        return args[0]
    return None
