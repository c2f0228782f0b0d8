"""Runs inside the judged interpreter: every site directory in a fresh state, what ran as JSON lines.

``python -I -S driver.py LIST OUT`` with a fork for each directory; imported and called with
``is_forking=False`` where there is no fork (Pyodide), then modules and path are put back. Python 3.8
and newer, standard library only.
"""

from __future__ import annotations

import importlib
import json
import os
import site
import sys
from types import ModuleType
from typing import Any


def run(listing: str, out: str, is_forking: bool = True) -> None:
    sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
    sys.dont_write_bytecode = True
    ww = importlib.import_module("ww")

    with open(listing, encoding="utf-8") as stream:
        folders = json.load(stream)
    with open(out, "a", encoding="utf-8") as stream:
        for name, folder in folders:
            row = _forked(folder, ww) if is_forking else _restored(folder, ww)
            stream.write(json.dumps([name, row]) + "\n")


def _forked(folder: str, ww: ModuleType) -> dict[str, Any]:
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        try:
            os.close(reading)
            with open(os.devnull, "w") as null:
                sys.stderr = null
                row = _observe(folder, ww)
            os.write(writing, json.dumps(row).encode())
        finally:
            os._exit(0)
    os.close(writing)
    with open(reading, "rb") as stream:
        data = stream.read()
    os.waitpid(child, 0)
    row = json.loads(data.decode())
    return dict(row)


def _restored(folder: str, ww: ModuleType) -> dict[str, Any]:
    path, modules, error = list(sys.path), set(sys.modules), sys.stderr
    with open(os.devnull, "w") as null:
        sys.stderr = null
        try:
            row = _observe(folder, ww)
        finally:
            sys.stderr = error
    sys.path[:] = path
    for name in set(sys.modules) - modules:
        del sys.modules[name]
    sys.path_importer_cache.clear()
    importlib.invalidate_caches()
    return row


def _observe(folder: str, ww: ModuleType) -> dict[str, Any]:
    """What one ``site.addsitedir`` and the customize modules do."""
    ww.MARKS.clear()
    before = list(sys.path)
    fatal = ""
    try:
        site.addsitedir(folder)
        site.execsitecustomize()
        site.execusercustomize()
    except BaseException as error:
        fatal = type(error).__name__
    added = [os.path.relpath(path, folder) for path in sys.path if path not in before]
    inside = sorted(path for path in added if path.split(os.sep)[0] not in (".", ".."))
    return {"marks": list(ww.MARKS), "path": inside, "fatal": fatal}


if __name__ == "__main__":
    run(sys.argv[1], sys.argv[2])
