"""Code that is loaded by a path: source files, archives, compiled modules and libraries."""

from __future__ import annotations

from wheelwatch.code.extract import paths, payload
from wheelwatch.code.extract.activation import Activation
from wheelwatch.code.extract.invocation import Call
from wheelwatch.code.extract.machine import Machine
from wheelwatch.code.extract.models import model
from wheelwatch.code.extract.names import call_api, canonical
from wheelwatch.code.extract.values import ANY, Const, Ext, Value
from wheelwatch.model import Confidence, EdgeKind, Kind, Ref

PATH = {
    "importlib.util.spec_from_file_location": (1, "location"),
    "importlib.machinery.SourceFileLoader": (1, "path"),
    "importlib.machinery.SourcelessFileLoader": (1, "path"),
    "importlib.machinery.ExtensionFileLoader": (1, "path"),
    "imp.load_source": (1, "pathname"),
    "imp.load_compiled": (1, "pathname"),
    "imp.load_dynamic": (1, "pathname"),
    "imp.load_module": (2, "pathname"),
    "zipimport.zipimporter": (0, "path"),
    "runpy.run_path": (0, "path_name"),
    "_imp.create_dynamic": (1, "file"),
}
"""Each loader with the argument that says which file."""

ARCHIVES = frozenset({"zipimport.zipimporter"})
"""Loaders of whole archives, into which nobody looks from here."""

AT_ONCE = frozenset({"runpy.run_path", "imp.load_source"})
"""Loaders that execute the file themselves."""

SHOWN = 120
"""Code points of a path that a site keeps: its end says which file it is."""


@model(*PATH)
def _load(machine: Machine, act: Activation, call: Call, name: str) -> None:
    place, keyword = PATH[name]
    _site(machine, act, call, name, call.arg(place, keyword))
    if name in AT_ONCE:
        payload.run_written(machine, act, call)
    call.cell.add(ANY if name == "runpy.run_path" else (Ext(f"{name}()"),))


@model(
    "cffi.FFI.dlopen",
    "ctypes.CDLL",
    "ctypes.PyDLL",
    "ctypes.WinDLL",
    "ctypes.OleDLL",
    "ctypes.cdll.LoadLibrary",
    "ctypes.pydll.LoadLibrary",
    "ctypes.windll.LoadLibrary",
    "ctypes.oledll.LoadLibrary",
)
def _library(machine: Machine, act: Activation, call: Call, name: str) -> None:
    """A loaded library: its symbols are those of the C API, whichever way it was loaded."""
    path = call.arg(0, "name")
    if not _is_of_the_system(path):
        _site(machine, act, call, _api(name), path)
    call.cell.add((Ext("ctypes.pythonapi"),))


def _api(name: str) -> str:
    """The name under which the catalogue has it."""
    return name if call_api(name) is not None else "ctypes.CDLL"


def _is_of_the_system(path: Value) -> bool:
    """The running program itself, or a library that the system is asked for by its bare name."""
    return bool(path) and all(_is_bare(atom) for atom in path)


def _is_bare(atom: object) -> bool:
    if isinstance(atom, Const):
        return atom.value is None or (
            isinstance(atom.value, str) and "/" not in atom.value and "\\" not in atom.value
        )
    return isinstance(atom, Ext) and canonical(atom.name) == "ctypes.util.find_library"


def _site(machine: Machine, act: Activation, call: Call, name: str, path: Value) -> None:
    """The site, and a way to the file where the end of its path is known."""
    ends = paths.ends(path)
    machine.record.site(
        act,
        call.node,
        Kind.LOADER,
        name,
        api=call_api(name),
        confidence=Confidence.HIGH if ends else Confidence.MEDIUM,
        detail=ends[0][-SHOWN:] if ends else "",
    )
    for end in ends if name not in ARCHIVES else ():
        machine.record.edge(act, call.node, EdgeKind.LOAD, Ref(name=end[-SHOWN:]))
