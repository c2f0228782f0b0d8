"""Functions that reach modules, attributes and variables by names that are data."""

from __future__ import annotations

from wheelwatch.code.extract import access, attributes, calls, changes, guards, imports, mutation
from wheelwatch.code.extract.activation import Activation
from wheelwatch.code.extract.fold import first, texts
from wheelwatch.code.extract.invocation import Call
from wheelwatch.code.extract.machine import Machine
from wheelwatch.code.extract.models import model
from wheelwatch.code.extract.values import (
    ANY,
    COMPUTED,
    NONE,
    SEARCHED_NAME,
    Box,
    Class,
    Const,
    Ext,
    Flag,
    Instance,
    Own,
    Part,
    Space,
    Value,
    box_of,
    join,
    taint,
)
from wheelwatch.model import EdgeKind, Ref

NAMES = 512
"""Names that ``dir`` lists."""


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
        _list(box, call.arg(0))
        if outer or not box.items:
            box.add(SEARCHED_NAME if outer else ANY)
    else:
        values: Value = tuple(Ext(f"{atom.name}.*", hidden=True) for atom in outer) or ANY
        box.add((box_of("tuple", (SEARCHED_NAME, values)),))
    call.cell.add((box,))


def _list(box: Box, subject: Value) -> None:
    """The names of what was analysed itself, in order."""
    names: set[str] = set()
    for atom in subject:
        if isinstance(atom, Own):
            names.update(atom.activation.everything)
        elif isinstance(atom, (Instance, Class)):
            owner = atom.of if isinstance(atom, Instance) else atom
            own = [base for base in owner.mro() if isinstance(base, Class)]
            names.update(name for base in own for name in base.attributes)
    for name in sorted(names)[:NAMES]:
        box.items[len(box.items)] = (Const(name, COMPUTED),)


@model(
    "builtins.__import__",
    "_frozen_importlib._builtin_from_name",
    "_frozen_importlib._find_and_load",
    "importlib.machinery.ModuleSpec",
    "importlib.util._find_spec",
    "_frozen_importlib._find_spec",
    "importlib.machinery.BuiltinImporter.find_spec",
    "importlib.machinery.FrozenImporter.find_spec",
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
            if name in _FINDERS and call.node in machine.compared and not target.startswith("."):
                target = target.rpartition(".")[0]  # the packages on the way to it are run, it is not
            if target:
                machine.record.edge(act, call.node, EdgeKind.IMPORT, Ref(name=target))
        bound = dotted
        if name == "builtins.__import__" and not call.arg(3, "fromlist"):
            bound = dotted if dotted.startswith(".") else dotted.partition(".")[0]
        if machine.library is not None:
            act.push(_give, call, bound, how > 0)
            if name not in _FINDERS:
                machine.library.run(act, dotted)
            continue
        call.cell.add((Ext(bound, hidden=how > 0),))
    for atom in key:
        if isinstance(atom, Part) and atom.own:
            _import_own(machine, act, call, atom.tail.strip("."))
        elif not isinstance(atom, Const):
            unknown = taint((atom,))
            call.cell.add((Ext("*", hidden=True),) if unknown != ANY else ANY)


_FINDERS = frozenset({"importlib.util.find_spec", "importlib.util.resolve_name", "pkgutil.get_loader"})
"""Functions that look for a module and do not run it."""


def _import_own(machine: Machine, act: Activation, call: Call, tail: str) -> None:
    """An import by this module's own name with something behind it."""
    if not tail:
        call.cell.add((Own(act.module),))
    elif machine.library is None:
        call.cell.add((Ext(f".{tail}"),))
    else:
        act.push(_give, call, f".{tail}", False)  # noqa: FBT003 - a task's arguments are positional
        machine.library.run(act, f".{tail}")


def _give(machine: Machine, act: Activation, call: Call, name: str, hidden: bool) -> None:  # noqa: FBT001
    """What was imported by a value, once it has run: a module, or an attribute below one."""
    head = name
    rest: list[str] = []
    while "." in head.lstrip(".") and not imports.is_held(machine, act, head):
        head, _, last = head.rpartition(".")
        rest.insert(0, last)
    if not imports.is_held(machine, act, head):
        head, rest = name, []
    value = imports.module(machine, act, head, hidden=hidden)
    for part in rest:
        value = join(*(attributes.read(machine, act, atom, part) for atom in value))
    call.cell.add(value)


def is_resolver(name: str) -> bool:
    """Whether a function resolves ``module.attribute`` and not only modules."""
    return name not in {
        "builtins.__import__",
        "importlib.import_module",
        "runpy.run_module",
        "pkgutil.get_loader",
    }


@model(
    "importlib.util.module_from_spec",
    "_imp.create_builtin",
    "_frozen_importlib._load",
    "_frozen_importlib.module_from_spec",
    "importlib.machinery.BuiltinImporter.create_module",
)
def _from_spec(_: Machine, act: Activation, call: Call, name: str) -> None:
    """A module made of its specification, which stands for the module itself when its name is known."""
    del act
    known = tuple(atom for atom in call.arg(0) if isinstance(atom, Ext) and "()" not in atom.name)
    call.cell.add(known or (Ext(name + "()"),))


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


@model("os.environ.copy")
def _environment(_: Machine, act: Activation, call: Call, name: str) -> None:
    """The variables as they are, and a table of what is put into the copy."""
    del act
    call.cell.add((Ext(f"{name}()"), Box("dict")))


@model("os.putenv")
def _putenv(machine: Machine, act: Activation, call: Call, _: str) -> None:
    changes.change(machine, act, Ext("os.environ"), "__setitem__", list(call.args), call.node)
    call.cell.add(NONE)


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
