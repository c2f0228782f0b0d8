"""Functions of the standard library that an analysis must understand, by canonical name."""

from __future__ import annotations

import ast
from collections.abc import Callable

from wheelwatch.catalogue import Api
from wheelwatch.code.extract import access, attributes, calls, fold, guards, mutation, payload, pure
from wheelwatch.code.extract.activation import Activation
from wheelwatch.code.extract.fold import first, texts
from wheelwatch.code.extract.machine import Call, Machine
from wheelwatch.code.extract.names import BARE, NAME, SENSITIVE, call_api, canonical, is_standard
from wheelwatch.code.extract.record import refer_all
from wheelwatch.code.extract.values import (
    ANY,
    COMPUTED,
    DECODED,
    DECODED_DATA,
    NONE,
    SEARCHED_NAME,
    Bound,
    Box,
    Class,
    Code,
    Const,
    Ext,
    Flag,
    Function,
    Instance,
    Own,
    Part,
    Partial,
    Space,
    Value,
    box_of,
    join,
    taint,
)
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
    if head and (last in mutation.ADDERS or last in mutation.REMOVERS):
        owner = Ext(atom.name.rpartition(".")[0], atom.hidden)
        if mutation.change(machine, act, owner, last, list(call.args), call.node):
            call.cell.add(ANY)
            return
    api = call_api(name)
    if api is not None:
        use(machine, act, api, atom, call)
    _edge(machine, act, atom, name, call)
    known = MODELS.get(name)
    if known is not None:
        known(machine, act, call, name)
        return
    call.cell.add(_result(machine, act, atom, name, call, is_api=api is not None))


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
    place = CLEARING.get(api.name)
    subject = call.arg(place) or join(*call.keywords.values()) if place is not None else ()
    clears = place is not None and mutation.is_restoring(subject)
    if api.name == "sys.set_asyncgen_hooks" and any(
        not mutation.is_restoring(value) for value in call.all()
    ):
        clears = False
    callbacks = [value for value in call.all() if refer_all(value)]
    machine.record.site(
        act,
        call.node,
        api.kind,
        api.name,
        api=api,
        clears=clears,
        obfuscated=atom.hidden,
        callback=callbacks[-1] if callbacks else (),
    )
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


def run_later(machine: Machine, act: Activation, callee: Value, call: Call, args: list[Value]) -> None:
    """Something calls this later: functions get an edge and a run, hook functions a site."""
    for atom in callee:
        if (
            isinstance(atom, Ext)
            and call_api(canonical(atom.name)) is None
            and canonical(atom.name) not in MODELS
        ):
            continue
        calls.call_atom(machine, act, atom, Call(args, {}, call.node, EdgeKind.DEFER))


def _edge(machine: Machine, act: Activation, atom: Ext, name: str, call: Call) -> None:
    """The edge to an outer function; the standard library has no edges worth following."""
    if is_standard(name):
        return
    arguments = tuple(ref for value in call.all() for ref in refer_all(value))
    target = name.replace("[]", "")
    if not target.strip("._") or atom.name.startswith("*"):
        return
    machine.record.edge(act, call.node, EdgeKind.CALL, Ref(name=target), arguments[:8])


def _result(machine: Machine, act: Activation, atom: Ext, name: str, call: Call, *, is_api: bool) -> Value:
    """What calling an outer function gives: folded where it is pure, else something by its name."""
    bound = machine.limits.fold_bytes
    if name in pure.DECODERS:
        return fold.fold(pure.DECODERS[name], call.args, bound, how=DECODED)
    if name in pure.PURE:
        args = [*call.args, *call.keywords.values()]
        if name in {
            "builtins.str",
            "builtins.repr",
            "builtins.len",
            "builtins.int",
            "builtins.bool",
            "builtins.format",
        }:
            _convert(machine, act, name, call)
        return _prefer_part(name, args) or fold.fold(pure.PURE[name], args, bound)
    if name in pure.SEQUENCES:
        return _sequence(machine, act, name, call)
    last = name.rpartition(".")[2]
    if last not in _HARMLESS or not name.startswith("builtins."):
        if not is_api:
            calls.escape(machine, act, call)
        if name in {"builtins.print", "builtins.input"}:
            calls.protocol(machine, act, call.args, ("__str__", "__repr__"), call.node)
        elif is_standard(name):
            _hand_over(machine, act, name, call)
    if len(atom.name) > NAME:
        return ANY
    functions = (
        tuple(one for one in call.arg(0) if isinstance(one, (Function, Class)))
        if len(call.args) == 1
        else ()
    )
    return ((Ext(atom.name + "()", atom.hidden)), *functions)


_KEEPERS = (
    "argparse.",
    "optparse.",
    "typing.",
    "abc.",
    "dataclasses.",
    "enum.",
    "unittest.",
    "logging.",
    "inspect.",
    "types.",
    "collections.",
    "cmd.",
    "doctest.",
    "http.",
    "socketserver.",
    "tkinter.",
    "copy.",
    "warnings.",
    "contextlib.",
    "builtins.isinstance",
    "builtins.issubclass",
    "builtins.object",
    "builtins.slice",
)
"""Parts of the standard library that keep a function without calling it while a module is imported."""


def _hand_over(machine: Machine, act: Activation, name: str, call: Call) -> None:
    """A function of this file that the standard library gets as an argument: it may call it."""
    if name.startswith(_KEEPERS):
        return
    for value in call.all():
        functions = tuple(atom for atom in value if isinstance(atom, (Function, Bound)))
        if functions:
            calls.invoke(machine, act, functions, [ANY], {}, call.node, kind=EdgeKind.DEFER)


def _prefer_part(name: str, args: list[Value]) -> Value | None:
    if name == "builtins.str" and len(args) == 1 and all(isinstance(atom, Part) for atom in args[0]):
        return args[0]
    return None


_CONVERSIONS = {
    "builtins.str": ("__str__", "__repr__"),
    "builtins.repr": ("__repr__",),
    "builtins.len": ("__len__",),
    "builtins.int": ("__int__", "__index__", "__trunc__"),
    "builtins.bool": ("__bool__", "__len__"),
    "builtins.format": ("__format__", "__str__"),
}


def _convert(machine: Machine, act: Activation, name: str, call: Call) -> None:
    calls.protocol(machine, act, [call.arg(0)], _CONVERSIONS[name], call.node)


def _sequence(machine: Machine, act: Activation, name: str, call: Call) -> Value:
    """A function over sequences: in order where places are known, else as a bag."""
    for value in call.args:
        calls.protocol(machine, act, [value], ("__iter__", "__reversed__"), call.node)
    key = call.keywords.get("key")
    if key:
        calls.invoke(machine, act, key, [access.element_of(call.arg(0))], {}, call.node)
    items = [access.items_of(value) for value in call.args]
    if name in {"builtins.list", "builtins.tuple", "builtins.iter"} and items and items[0] is not None:
        return (box_of("tuple" if name.endswith("tuple") else "list", items[0]),)
    if name == "builtins.reversed" and items and items[0] is not None:
        return (box_of("list", reversed(items[0])),)
    if name == "itertools.chain" and all(one is not None for one in items):
        return (box_of("list", (value for one in items if one for value in one)),)
    if name == "builtins.zip" and items and all(one is not None for one in items):
        rows = zip(*(one for one in items if one is not None), strict=False)
        return (box_of("list", ((box_of("tuple", row),) for row in rows)),)
    if name == "builtins.enumerate" and items and items[0] is not None:
        start = first(call.arg(1, "start"), int) or 0
        rows_of = ((Const(place), one) for place, one in enumerate(items[0], start))
        return (box_of("list", ((box_of("tuple", ((number,), one)),) for number, one in rows_of)),)
    if not call.args:
        return (Box("list"),)
    made = fold.fold(pure.SEQUENCES[name], call.args, machine.limits.fold_bytes)
    if any(isinstance(atom, Box) for atom in made):
        return made
    box = Box("list")
    elements = [access.element_of(value) for value in call.args]
    if name in {"builtins.zip", "builtins.enumerate"}:
        elements = elements if name.endswith("zip") else [ANY, *elements]
        box.add((box_of("tuple", elements),))
    else:
        box.add(join(*elements))
    return (box,)


# ---------------------------------------------------------------- names as data


@model("builtins.getattr", "inspect.getattr_static")
def _getattr(machine: Machine, act: Activation, call: Call, _: str) -> None:
    subject, key = call.arg(0), call.arg(1)
    if all(isinstance(atom, (Instance, Class)) for atom in subject) and texts(key):
        for name, _how in texts(key):
            for atom in subject:
                for one in attributes.find(atom, name):  # type: ignore[arg-type]  # narrowed by all() above
                    call.cell.add(attributes.bound(atom, one))  # type: ignore[arg-type]
                if not attributes.find(atom, name):  # type: ignore[arg-type]
                    calls.protocol(machine, act, [(atom,)], ("__getattr__",), call.node, (key,))
        call.cell.add(call.arg(2))
        return
    call.cell.add(
        join(
            calls.read_path(machine, act, subject, key, call.node) if texts(key) != [] or key else ANY,
            call.arg(2),
        )
    )


@model("builtins.setattr", "builtins.object.__setattr__", "builtins.type.__setattr__")
def _setattr(machine: Machine, act: Activation, call: Call, _: str) -> None:
    mutation.set_by_name(machine, act, call.arg(0), call.arg(1), call.arg(2) or ANY, call.node)
    call.cell.add(NONE)


@model("builtins.delattr")
def _delattr(machine: Machine, act: Activation, call: Call, _: str) -> None:
    for name, _how in texts(call.arg(1)):
        mutation.delete(machine, act, call.arg(0), name, call.node)
    call.cell.add(NONE)


@model("builtins.object.__getattribute__", "builtins.type.__getattribute__")
def _getattribute(machine: Machine, act: Activation, call: Call, _: str) -> None:
    call.cell.add(calls.read_path(machine, act, call.arg(0), call.arg(1), call.node))


@model("builtins.vars")
def _vars(_: Machine, act: Activation, call: Call, __: str) -> None:
    subject = call.arg(0)
    spaces = tuple(Space(atom) for atom in subject if isinstance(atom, (Ext, Own, Class, Instance)))
    call.cell.add((spaces or ANY) if subject else (Space(Own(act.module)),))


@model("builtins.globals", "builtins.locals")
def _globals(_: Machine, act: Activation, call: Call, name: str) -> None:
    if name.endswith("locals") and act.kind == "function":
        box = Box("dict")
        box.items.update(act.everything)
        call.cell.add((box,))
        return
    call.cell.add((Space(Own(act.module)),))


@model("builtins.dir", "inspect.getmembers")
def _dir(_: Machine, act: Activation, call: Call, name: str) -> None:
    del act
    box = Box("list")
    outer = [atom for atom in call.arg(0) if isinstance(atom, Ext)]
    if name == "builtins.dir":
        box.add(SEARCHED_NAME if outer else ANY)
    else:
        values: Value = tuple(Ext(f"{atom.name}.*", hidden=True) for atom in outer) or ANY
        box.add((box_of("tuple", (SEARCHED_NAME, values)),))
    call.cell.add((box,))


@model(
    "builtins.__import__",
    "importlib.import_module",
    "importlib.machinery.BuiltinImporter.load_module",
    "importlib.machinery.FrozenImporter.load_module",
    "importlib.machinery.PathFinder.find_spec().loader.load_module",
    "pkgutil.resolve_name",
    "pydoc.locate",
    "pydoc.safeimport",
    "pydoc.resolve",
    "imp.load_module",
    "importlib.util.find_spec",
    "zope.dottedname.resolve.resolve",
    "django.utils.module_loading.import_string",
    "werkzeug.utils.import_string",
    "logging.config._resolve",
    "logging.config.BaseConfigurator.resolve",
    "unittest.mock._importer",
    "test.support.import_helper.import_module",
    "runpy.run_module",
    "pkgutil.get_loader",
    "importlib.util.resolve_name",
    "test.support.import_module",
)
def _import(machine: Machine, act: Activation, call: Call, name: str) -> None:
    """An import by a value: relative names get their package's dots where it is told."""
    key = call.arg(0, "name")
    level = first(call.arg(4, "level"), int) or 0
    for text, how in texts(key):
        dotted = text.replace(":", ".") if name != "builtins.__import__" else text
        if level > 0 and not dotted.startswith("."):
            dotted = "." * level + dotted
        is_module = not is_resolver(name)
        if is_module or not dotted.startswith("."):
            target = dotted if is_module else text.partition(":")[0]
            machine.record.edge(act, call.node, EdgeKind.IMPORT, Ref(name=target))
        bound = dotted
        if name == "builtins.__import__" and not call.arg(3, "fromlist"):
            bound = dotted if dotted.startswith(".") else dotted.partition(".")[0]
        call.cell.add((Ext(bound, hidden=how > 0),))
    for atom in key:
        if isinstance(atom, Part) and atom.own:
            call.cell.add(
                (Own(act.module),)
                if not atom.tail
                else (
                    Ext(
                        "." + atom.tail.strip("."),
                    ),
                )
            )
        elif not isinstance(atom, Const):
            unknown = taint((atom,))
            call.cell.add((Ext("*", hidden=True),) if unknown != ANY else ANY)


def is_resolver(name: str) -> bool:
    """Whether a function resolves ``module.attribute`` and not only modules."""
    return name not in {
        "builtins.__import__",
        "importlib.import_module",
        "runpy.run_module",
        "pkgutil.get_loader",
    }


@model("sys.modules.get", "sys.modules.__getitem__", "sys.modules.pop", "sys.modules.setdefault")
def _modules_get(_: Machine, act: Activation, call: Call, __: str) -> None:
    del act
    call.cell.add(join(access.modules_item(call.arg(0)), call.arg(1)))


@model(
    "sys.modules.values",
    "sys.modules.items",
    "sys.modules.keys",
    "sys.modules.copy",
    "gc.get_objects",
    "gc.get_referrers",
    "gc.get_referents",
    "builtins.object.__subclasses__",
    "builtins.type.__subclasses__",
)
def _modules_all(_: Machine, act: Activation, call: Call, name: str) -> None:
    del act
    box = Box("list")
    anything = (Ext("*", hidden=True),)
    if name.endswith("items"):
        box.add((box_of("tuple", (SEARCHED_NAME, anything)),))
    else:
        box.add(SEARCHED_NAME if name.endswith("keys") else anything)
    call.cell.add((box,))


@model(
    "os.environ.get",
    "os.getenv",
    "os.environ.__getitem__",
    "os.getenvb",
    "os.environ.setdefault",
    "os.environ.pop",
)
def _getenv(_: Machine, act: Activation, call: Call, __: str) -> None:
    del act
    text = first(call.arg(0), str)
    default = call.arg(1, "default")
    constant: object = None
    if default:
        constant = default[0].value if len(default) == 1 and isinstance(default[0], Const) else ...
    call.cell.add((Flag(guards.environment(text) if text else "other", constant),))


# ---------------------------------------------------------------- code as data


@model(
    "builtins.exec",
    "builtins.eval",
    "builtins.execfile",
    "code.InteractiveInterpreter.runsource",
    "code.InteractiveInterpreter.runcode",
    "code.InteractiveConsole.push",
    "code.InteractiveConsole.runsource",
    "code.InteractiveConsole.runcode",
    "code.InteractiveConsole.raw_input",
    "cProfile.run",
    "cProfile.runctx",
    "profile.run",
    "profile.runctx",
    "pdb.run",
    "pdb.runeval",
    "bdb.Bdb.run",
    "trace.Trace.run",
    "trace.Trace.runctx",
    "cProfile.Profile.run",
    "cProfile.Profile.runctx",
    "timeit.timeit",
    "timeit.repeat",
    "timeit.main",
    "IPython.get_ipython.run_cell",
    "_testcapi.run_in_subinterp",
    "doctest.run_docstring_examples",
    "types.exec",
    "pty.exec",
    "code.interact",
    "doctest.debug_src",
    "doctest.script_from_examples",
    "typing.ForwardRef._evaluate",
    "six.exec_",
    "pandas.eval",
    "numexpr.evaluate",
)
def _exec(machine: Machine, act: Activation, call: Call, name: str) -> None:
    for value in (call.arg(0, "stmt"), call.arg(1, "setup") if name.startswith("timeit") else ()):
        runnable = tuple(atom for atom in value if not isinstance(atom, (Function, Bound, Partial)))
        if runnable:
            mode = "eval" if name in {"builtins.eval", "pdb.runeval"} else "exec"
            payload.run(machine, act, call, runnable, name, mode)
        for atom in value:
            if isinstance(atom, (Function, Bound, Partial)):
                calls.call_atom(machine, act, atom, call.with_args([], {}))


@model("timeit.Timer", "code.InteractiveInterpreter", "code.InteractiveConsole", "doctest.DocTestRunner")
def _timer(machine: Machine, act: Activation, call: Call, name: str) -> None:
    if name == "timeit.Timer":
        _exec(machine, act, call, "timeit.timeit")
        call.cell.value = (Ext("timeit.Timer()"),)
    else:
        call.cell.add((Ext(name + "()"),))


@model("_interpreters.run_string", "_interpreters.exec")
def _subinterpreter(machine: Machine, act: Activation, call: Call, name: str) -> None:
    payload.run(
        machine, act, Call([call.arg(1)], {}, call.node, call.kind, call.cell), call.arg(1), name, "exec"
    )


@model("builtins.compile", "codeop.compile_command", "code.compile_command", "ast.parse")
def _compile(_: Machine, act: Activation, call: Call, __: str) -> None:
    del act
    modes = [text for text, _how in texts(call.arg(2, "mode"))]
    decoded = any(isinstance(atom, Const) and atom.how == DECODED for atom in call.arg(0, "source"))
    unknown = taint(call.arg(0, "source"))[0]
    decoded = decoded or bool(getattr(unknown, "decoded", False))
    call.cell.add((Code(call.arg(0, "source") or ANY, modes[0] if modes else "exec", decoded),))


@model("marshal.loads", "marshal.load")
def _marshal(_: Machine, act: Activation, call: Call, __: str) -> None:
    del act
    call.cell.add((Code(DECODED_DATA, "exec", decoded=True),))


@model(
    "pickle.loads",
    "pickle.load",
    "dill.loads",
    "cloudpickle.loads",
    "pickle.Unpickler.load",
    "shelve.open",
    "joblib.load",
    "jsonpickle.decode",
    "yaml.unsafe_load",
)
def _unpickle(machine: Machine, act: Activation, call: Call, name: str) -> None:
    if name.endswith("loads"):
        payload.unpickle(machine, act, call, call.arg(0), name)
    call.cell.add(ANY)


@model("types.FunctionType", "types.LambdaType")
def _function_type(_: Machine, act: Activation, call: Call, __: str) -> None:
    del act
    call.cell.add(
        tuple(
            one
            for atom in call.arg(0, "code")
            for one in (
                (atom.source if atom.mode == "function" else (atom,))
                if isinstance(atom, Code)
                else (Code((atom,), "exec", decoded=False),)
            )
        )
    )


@model("types.CodeType")
def _code_type(_: Machine, act: Activation, call: Call, __: str) -> None:
    del act
    call.cell.add((Code(ANY, "exec", decoded=True),))


@model("types.MethodType")
def _method_type(_: Machine, act: Activation, call: Call, __: str) -> None:
    del act
    owner = call.arg(1) or ANY
    for atom in call.arg(0):
        if isinstance(atom, Function):
            call.cell.add(tuple(Bound(atom, one) for one in owner))
        else:
            call.cell.add((Partial(atom, (owner,)),))


@model("runpy.run_path", "builtins.reload", "importlib.reload", "imp.reload")
def _rerun(machine: Machine, act: Activation, call: Call, name: str) -> None:
    if name == "runpy.run_path":
        machine.record.site(act, call.node, Kind.DYNAMIC_CODE, name, confidence=Confidence.MEDIUM)
    call.cell.add(call.arg(0) if name != "runpy.run_path" else ANY)


@model(
    "typing.get_type_hints", "inspect.get_annotations", "inspect.signature", "annotationlib.get_annotations"
)
def _hints(machine: Machine, act: Activation, call: Call, name: str) -> None:
    """Annotations that are strings are evaluated."""
    if name not in {"typing.get_type_hints"} and not any(
        key in call.keywords for key in ("eval_str", "format")
    ):
        call.cell.add(ANY)
        return
    for atom in call.arg(0):
        for text in _annotations(machine, atom):
            payload.run(machine, act, Call([], {}, call.node), (Const(text, COMPUTED),), name, "eval")
    call.cell.add(ANY)


def _annotations(machine: Machine, atom: object) -> list[str]:
    """The string annotations of a function or class."""
    nodes: list[ast.expr | None] = []
    if isinstance(atom, Function) and not isinstance(atom.node, ast.Lambda):
        spec = atom.node.args
        nodes = [one.annotation for one in (*spec.posonlyargs, *spec.args, *spec.kwonlyargs)] + [
            atom.node.returns
        ]
    elif isinstance(atom, (Class, Instance)):
        owner = atom if isinstance(atom, Class) else atom.of
        nodes = list(machine.annotations.get(owner.scope, ()))
    elif isinstance(atom, Own):
        nodes = list(machine.annotations.get(0, ()))
    found: list[str] = []
    for node in nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            found.append(node.value)
        elif node is not None and machine.is_futuristic:
            found.append(machine.record.sources[0].place(node)[2])
    return found
