"""Functions that run, compile or unpack code that is data."""

from __future__ import annotations

import ast
import string
from typing import Any

from wheelwatch.code.extract import calls, fold, payload
from wheelwatch.code.extract.activation import Activation
from wheelwatch.code.extract.fold import texts
from wheelwatch.code.extract.invocation import Call
from wheelwatch.code.extract.machine import Machine
from wheelwatch.code.extract.models import model
from wheelwatch.code.extract.values import (
    ANY,
    COMPUTED,
    DECODED,
    DECODED_DATA,
    SEARCHED_NAME,
    Atom,
    Bound,
    Box,
    Class,
    Code,
    Const,
    Ext,
    Function,
    Instance,
    Native,
    Own,
    Partial,
    Value,
    taint,
)


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
    trees = tuple(atom for atom in call.arg(0, "source") if isinstance(atom, Code))
    if trees:
        call.cell.add(trees)
        return
    call.cell.add((Code(call.arg(0, "source") or ANY, modes[0] if modes else "exec", decoded),))


@model("marshal.loads", "marshal.load")
def _marshal(_: Machine, act: Activation, call: Call, __: str) -> None:
    del act
    call.cell.add((Code(DECODED_DATA, "exec", decoded=True),))


@model("pickle.dumps", "cloudpickle.dumps", "dill.dumps")
def _pickle(machine: Machine, act: Activation, call: Call, _: str) -> None:
    """Data of an object: what its ``__reduce__`` gives is called when it is loaded."""
    objects = tuple(atom for atom in call.arg(0, "obj") if isinstance(atom, Instance))
    calls.protocol(machine, act, [objects], ("__reduce_ex__", "__reduce__"), call.node, then=call.cell.add)
    call.cell.add(ANY)


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
                (_with_names(atom.source, call.arg(1, "globals")) if atom.mode == "function" else (atom,))
                if isinstance(atom, Code)
                else (Code((atom,), "exec", decoded=False),)
            )
        )
    )


def _with_names(source: Value, names: Value) -> Value:
    """Functions of this file as they are with other global names."""
    tables = [atom.items for atom in names if isinstance(atom, Box)]
    made: list[Atom] = []
    for atom in source:
        if not isinstance(atom, Function) or not tables:
            made.append(atom)
            continue
        outer = atom.closure
        space = Activation(outer.scope, "module", None, guards=(), pythons=outer.pythons)
        for table in tables:
            space.layers[0].update({key: held for key, held in table.items() if isinstance(key, str)})
        space.everything.update(space.layers[0])
        function = Function(atom.node, atom.scope, space)
        function.defaults.update(atom.defaults)
        made.append(function)
    return tuple(made)


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


@model(
    "importlib.machinery.SourceFileLoader.load_module",
    "importlib.machinery.SourceFileLoader.exec_module",
    "importlib.util.spec_from_file_location.loader.exec_module",
)
def _load_file(machine: Machine, act: Activation, call: Call, _: str) -> None:
    payload.run_written(machine, act, call)
    call.cell.add(ANY)


@model("string.Template")
def _template(machine: Machine, act: Activation, call: Call, _: str) -> None:
    """A template remembers its text; substituting folds it."""
    del act
    source = call.arg(0, "template")

    def substitute(_: Machine, __: Activation, given: Call) -> None:
        names = list(given.keywords)

        def fill(text: str, *things: Any) -> str:
            table = things[0] if given.args else {}
            rest = dict(zip(names, things[len(given.args[:1]) :], strict=True))
            return string.Template(text).safe_substitute(table, **rest)

        given.cell.add(fold.fold(fill, [source, *given.all()], machine.limits.fold_bytes))

    owner = Class(-1, (), "Template")
    owner.attributes.update(dict.fromkeys(("substitute", "safe_substitute"), (Native(substitute),)))
    owner.attributes["template"] = source
    call.cell.add((Instance(owner),))


@model("builtins.reload", "importlib.reload", "imp.reload")
def _rerun(_: Machine, act: Activation, call: Call, __: str) -> None:
    del act
    call.cell.add(call.arg(0))


@model(
    "typing.get_type_hints", "inspect.get_annotations", "inspect.signature", "annotationlib.get_annotations"
)
def _hints(machine: Machine, act: Activation, call: Call, name: str) -> None:
    """Annotations that are strings are evaluated."""
    if name not in {"typing.get_type_hints"} and not any(
        key in call.keywords for key in ("eval_str", "format")
    ):
        has_own = any(isinstance(atom, (Function, Class)) for atom in call.arg(0))
        call.cell.add(SEARCHED_NAME if has_own else ANY)
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
        nodes = [node for _, node in machine.annotations.get(owner.scope, ())]
    elif isinstance(atom, Own):
        nodes = [node for _, node in machine.annotations.get(0, ())]
    found: list[str] = []
    for node in nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            found.append(node.value)
        elif node is not None and machine.is_futuristic:
            found.append(machine.record.sources[0].place(node)[2])
    return found
