"""Where the files of ``data/`` are: inside the installed package, else in the checkout."""

from __future__ import annotations

from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from wheelwatch.errors import DataError


def data_path(name: str) -> Traversable:
    """The data file of this name.

    Raises:
        DataError: neither the package nor a checkout around it holds the file.
    """
    shipped = files("wheelwatch") / "data" / name
    if shipped.is_file():
        return shipped
    root = Path(__file__).resolve().parents[3]
    checkout = root / "data" / name
    # A stray data/ folder above an installation is not ours: it must stand beside this project's own file.
    if (
        (root / "src" / "wheelwatch").is_dir()
        and (root / "pyproject.toml").is_file()
        and checkout.is_file()
    ):
        return checkout
    raise DataError(f"data/{name}", "is missing from this installation", "reinstall wheelwatch")
