"""Code as data: sources that are executed are analysed as virtual files inside the one that runs them."""

from __future__ import annotations

import ast
import pickletools
from collections.abc import Iterator

from wheelwatch.code.extract import calls
from wheelwatch.code.extract.activation import Activation
from wheelwatch.code.extract.fold import first
from wheelwatch.code.extract.invocation import Call
from wheelwatch.code.extract.machine import Machine
from wheelwatch.code.extract.names import call_api, canonical
from wheelwatch.code.extract.record import Source
from wheelwatch.code.extract.values import (
    ANY,
    DECODED,
    LITERAL,
    Box,
    Class,
    Code,
    Const,
    Ext,
    Flag,
    Function,
    Instance,
    Own,
    Space,
    Unknown,
    Value,
    join,
    taint,
)
from wheelwatch.code.parse import parse_text
from wheelwatch.code.parsed import Parsed
from wheelwatch.model import Confidence, EdgeKind, Kind, Ref

VIRTUAL = 200
"""Virtual files of one file."""


def run(machine: Machine, act: Activation, call: Call, source: Value, api: str, mode: str) -> None:
    """``exec`` or ``eval`` of a value."""
    names = call.arg(1, "globals")
    for atom in source:
        if isinstance(atom, Code):
            is_decoded = atom.decoded or atom in machine.edited
            for inner in atom.source or ANY:
                _run_one(machine, act, call, inner, api, atom.mode, is_decoded=is_decoded, names=names)
        else:
            _run_one(machine, act, call, atom, api, mode, is_decoded=False, names=names)


def _run_one(
    machine: Machine,
    act: Activation,
    call: Call,
    atom: object,
    api: str,
    mode: str,
    *,
    is_decoded: bool,
    names: Value,
) -> None:
    if isinstance(atom, Function):
        machine.enter(act, atom, Call([], {}, call.node, EdgeKind.CALL, call.cell))
        return
    if isinstance(atom, Flag) and atom.label.startswith("env:"):
        _note_environment(machine, act, call, atom, api)
        default = atom.default if isinstance(atom.default, str) else ""
        if not default or not run_source(machine, act, call, default, mode, names):
            call.cell.add(ANY)
        return
    how = atom.how if isinstance(atom, Const) else LITERAL
    is_decoded = is_decoded or how == DECODED or _is_foreign(atom)
    text = _text(atom)
    detail = (
        "a literal"
        if text is not None and how == LITERAL
        else "folded"
        if text is not None
        else "not folded"
    )
    machine.record.site(
        act,
        call.node,
        Kind.DECODE_RUN if is_decoded else Kind.DYNAMIC_CODE,
        api,
        obfuscated=is_decoded,
        confidence=Confidence.HIGH if is_decoded or text is not None else Confidence.MEDIUM,
        detail=detail,
    )
    if text is None and isinstance(atom, Ext):
        run_written(machine, act, call)
    if text is None or not run_source(machine, act, call, text, mode, names):
        call.cell.add(ANY)


def _note_environment(machine: Machine, act: Activation, call: Call, flag: Flag, api: str) -> None:
    """Code out of a variable of the environment runs when that is set, and not by default."""
    guards = act.guards
    act.guards = (*guards, flag.label)
    machine.record.site(
        act, call.node, Kind.DYNAMIC_CODE, api, confidence=Confidence.MEDIUM, detail=flag.label
    )
    act.guards = guards


def _text(atom: object) -> str | None:
    """Source text of a constant, as ``exec`` would read it."""
    if not isinstance(atom, Const):
        return None
    if isinstance(atom.value, bytes):
        return atom.value.decode("utf-8", "replace")
    return atom.value if isinstance(atom.value, str) else None


def _is_foreign(atom: object) -> bool:
    """Whether the code comes from a decoder or over the network."""
    if isinstance(atom, Unknown):
        return atom.decoded
    if not isinstance(atom, Ext):
        return False
    parts = canonical(atom.name.replace("[]", "")).split(".")
    apis = (call_api(".".join(parts[:end])) for end in range(len(parts), 0, -1))
    return any(api is not None and api.kind is Kind.NETWORK for api in apis)


def run_source(
    machine: Machine, act: Activation, call: Call, text: str, mode: str, names: Value = ()
) -> bool:
    """Analyse a source as a virtual file run from ``act``; whether that was possible."""
    if act.depth >= machine.limits.fold_depth or machine.virtual >= VIRTUAL:
        machine.record.notes.setdefault("virtual-files")
        return False
    tree = _parse(machine, text, mode)
    if tree is None:
        return False
    machine.virtual += 1
    place = machine.record.place(act, call.node)
    source = Source(text, machine.limits.snippet)
    key = (act.scope, place[0], place[1], text, mode)
    scope = machine.seen_sources.get(key)
    if scope is None:
        scope = machine.record.scope("<module>", None, act.scope, source, place)
        machine.seen_sources[key] = scope
    machine.record.edge(act, call.node, EdgeKind.CALL, Ref(scope=scope))
    run = Activation(scope, "module", act, guards=(), pythons=act.pythons)
    run.module = act.module
    run.place = place
    run.depth = act.depth + 1
    run.weak = True
    _seed(run, names)
    machine.survey(tree.body, scope, source, place)
    only = tree.body[0] if len(tree.body) == 1 else None
    if mode == "eval" and isinstance(only, ast.Expr):
        value = only.value
        run.done = lambda: call.cell.add(run.memo.get(value, ANY))
        run.work.append(value)
    else:
        run.done = lambda: _keep(run, names)
        run.work.extend(reversed(tree.body))
        call.cell.add((Const(None),))
    machine.start(run)
    return True


WRITTEN = 8
"""Written texts that are kept for what may run them."""
_WRITERS = (
    "open.write",
    "NamedTemporaryFile.write",
    "TemporaryFile.write",
    "io.StringIO.write",
    "os.write",
)


def note_written(machine: Machine, name: str, value: Value) -> None:
    """Keep a text that is written to a file."""
    if name.endswith(_WRITERS) and len(machine.written) < WRITTEN:
        machine.written.update(dict.fromkeys(text for atom in value if (text := _text(atom))))


def run_written(machine: Machine, act: Activation, call: Call) -> None:
    """A file is run: what the program wrote itself may be in it."""
    for text in machine.written:
        run_source(machine, act, Call([], {}, call.node), text, "exec", (Box("dict"),))


def child(machine: Machine, act: Activation, call: Call, source: Value, api: str) -> None:
    """Source that a child interpreter gets with ``-c``; decoded code is decoded code there as well."""
    for atom in source:
        is_decoded = (isinstance(atom, Const) and atom.how == DECODED) or _is_foreign(atom)
        if is_decoded:
            machine.record.site(
                act, call.node, Kind.DECODE_RUN, api, obfuscated=True, detail="in a child interpreter"
            )
        text = _text(atom)
        if text is not None:
            run_source(machine, act, Call([], {}, call.node), text, "exec", (Box("dict"),))


def _parse(machine: Machine, text: str, mode: str) -> ast.Module | None:
    """The syntax tree of a virtual file; ``None`` when there is none."""
    parsed = parse_text(text.strip() if mode == "eval" else text, machine.limits)
    return parsed.tree if isinstance(parsed, Parsed) else None


def _seed(run: Activation, names: Value) -> None:
    """The names of an explicit namespace."""
    for atom in names:
        if isinstance(atom, Box):
            for key, value in atom.items.items():
                if isinstance(key, str):
                    run.layers[0][key] = value
                    run.everything[key] = value
        elif isinstance(atom, Space) and isinstance(atom.of, Ext):
            run.stars.append(atom.of.name)


def _keep(run: Activation, names: Value) -> None:
    """What the code bound, in the namespace that it was given."""
    for atom in names:
        if isinstance(atom, Space) and isinstance(atom.of, (Class, Instance)):
            owner = atom.of.of if isinstance(atom.of, Instance) else atom.of
            table = owner.fields if isinstance(atom.of, Instance) else owner.attributes
            for name, value in run.everything.items():
                table[name] = join(table.get(name, ()), value)
        if isinstance(atom, Box):
            for name, value in run.everything.items():
                atom.items[name] = join(atom.items.get(name, ()), value)


def run_code(machine: Machine, act: Activation, code: Code, call: Call) -> None:
    """Call a code object through a function made of it."""
    run(
        machine,
        act,
        Call([(code,)], {}, call.node, call.kind, call.cell),
        (code,),
        "types.FunctionType",
        "exec",
    )


def unpickle(machine: Machine, act: Activation, call: Call, data: Value, api: str) -> None:
    """``pickle.loads``: the callables that a constant names, else data that may run anything."""
    for atom in data:
        pair = list(atom.items.values()) if isinstance(atom, Box) and atom.kind == "tuple" else []
        for callee in pair[0] if len(pair) > 1 else ():
            args = [item for one in pair[1] if isinstance(one, Box) for item in one.items.values()]
            calls.call_atom(machine, act, callee, Call(args, {}, call.node))
    blob = first(data, bytes)
    found = list(_globals(blob)) if blob is not None else []
    unknown = taint(data)[0]
    is_decoded = isinstance(unknown, Unknown) and unknown.decoded
    if found or blob is None:
        kind = Kind.DECODE_RUN if found or is_decoded else Kind.DYNAMIC_CODE
        machine.record.site(
            act, call.node, kind, api, obfuscated=is_decoded or bool(found), detail="pickle"
        )
    for name in found:
        calls.call_atom(machine, act, Ext(name, hidden=True), Call([ANY], {}, call.node))
    call.cell.add(ANY)


def _globals(blob: bytes) -> Iterator[str]:
    """The dotted names that a pickle looks up, but for those of plain data."""
    strings: list[str] = []
    try:
        for opcode, argument, _ in pickletools.genops(blob):
            if opcode.name == "GLOBAL" and isinstance(argument, str):
                yield argument.replace(" ", ".", 1)
            elif opcode.name == "STACK_GLOBAL" and len(strings) > 1:
                yield f"{strings[-2]}.{strings[-1]}"
            elif isinstance(argument, str):
                strings.append(argument)
    except (ValueError, UnicodeDecodeError, KeyError, IndexError, AttributeError):
        return


def run_name(machine: Machine, act: Activation, call: Call, name: Value) -> None:
    """``runpy.run_module``: as an import of that name."""
    text = first(name, str)
    if text:
        machine.record.edge(act, call.node, EdgeKind.IMPORT, Ref(name=text))
    call.cell.add((Own(act.module),) if not text else (Ext(text),))


def replace(machine: Machine, act: Activation, call: Call) -> None:
    """``code.replace(...)`` makes a code object that stands in no source."""
    api = call_api("types.CodeType.replace")
    if api is not None:
        machine.record.site(act, call.node, api.kind, api.name, api=api)
