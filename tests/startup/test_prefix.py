"""Files outside site-packages that the interpreter or its tools obey."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest

from tests.startup.sets import ALL, archive, distribution, of, read, site, target
from wheelwatch.model import EntryPoint, StartupEntry, StartupKind
from wheelwatch.startup import Surface, surface

OWNED = {"root": "/env/lib/python3.12/site-packages", "kind": "installed"}
UNOWNED = OWNED | {"kind": "unowned"}
WRAPPER = """#!/env/bin/python3.12
# -*- coding: utf-8 -*-
import re
import sys
from pip._internal.cli.main import main
if __name__ == '__main__':
    sys.argv[0] = re.sub(r'(-script\\.pyw|\\.exe)?$', '', sys.argv[0])
    sys.exit(main())
"""
UV_WRAPPER = """#!/env/bin/python3
# -*- coding: utf-8 -*-
import sys
from pip._internal.cli.main import main
if __name__ == "__main__":
    if sys.argv[0].endswith("-script.pyw"):
        sys.argv[0] = sys.argv[0][:-11]
    elif sys.argv[0].endswith(".exe"):
        sys.argv[0] = sys.argv[0][:-4]
    sys.exit(main())
"""
KERNEL: dict[str, Any] = {
    "argv": ["python", "-m", "ipykernel_launcher", "-f", "{connection_file}"],
    "display_name": "x",
}
EXTENSION = {"ServerApp": {"jpserver_extensions": {"lab": True}}}


def mechanisms(found: Surface) -> list[tuple[str, str, tuple[str, ...]]]:
    return [(entry.member.path, entry.target, entry.pythons) for entry in of(found, StartupKind.PREFIX)]


QUIET = [
    ({"{prefix}/bin/demo": "import demo"}, OWNED),
    ({"{prefix}/bin/activate": "", "{prefix}/bin/pip": "", "{prefix}/pyvenv.cfg": "home = /x"}, UNOWNED),
    ({"{prefix}/bin/pip": WRAPPER, "pip/__init__.py": ""}, OWNED),
    ({"{prefix}/bin/pip3.12": UV_WRAPPER, "pip/__init__.py": ""}, OWNED),
    ({"{prefix}/pip.conf": "[global]\ntimeout = 60\n"}, UNOWNED),
    (
        {
            "{prefix}/share/jupyter/kernels/python3/kernel.json": json.dumps(KERNEL),
            "ipykernel_launcher.py": "",
        },
        OWNED,
    ),
    (
        {
            "{prefix}/etc/jupyter/jupyter_server_config.d/lab.json": json.dumps(EXTENSION),
            "lab/__init__.py": "",
        },
        OWNED,
    ),
    ({"{prefix}/lib/python3.12/os.py": "", "{prefix}/lib/python3.12/site-packages/x.py": ""}, UNOWNED),
    ({"{prefix}/lib/python312.zip/json/__init__.py": ""}, UNOWNED),
    ({"{prefix}/share/doc/pip.conf": "", "{prefix}/share/python._pth": ""}, OWNED),
    ({"bin/python._pth": "", "pyvenv.cfg": "", "pip.conf": ""}, OWNED),
]


@pytest.mark.parametrize(("files", "options"), QUIET)
def test_is_nothing_special(files: dict[str, str], options: dict[str, str]) -> None:
    assert mechanisms(site(files, **options)) == []


INSTALLED_KERNEL = KERNEL | {"argv": ["/env/bin/python3", *KERNEL["argv"][1:]]}
QUIET += [
    (
        {
            "{prefix}/share/jupyter/kernels/env/kernel.json": json.dumps(INSTALLED_KERNEL),
            "ipykernel_launcher.py": "",
        },
        UNOWNED,
    ),
    ({"{prefix}/etc/jupyter/nbconfig/notebook.d/widgets.json": '{"load_extensions": {"x": true}}'}, OWNED),
    (
        {
            "{prefix}/bin/easy_install": WRAPPER.replace(
                "pip._internal.cli.main", "setuptools.command.easy_install"
            ),
            "setuptools/__init__.py": "",
        },
        OWNED,
    ),
]
POSIX_PATH_FILES = ("3.11", "3.12", "3.13", "3.14", "3.15")
HITS = [
    ("{prefix}/lib/python312.zip", "", UNOWNED, "library-zip", ("3.12",)),
    ("{prefix}/lib/python312.zip/encodings/__init__.py", "", UNOWNED, "library-zip", ("3.12",)),
    ("{prefix}/lib/python312.zip/sitecustomize.py", "", UNOWNED, "library-zip", ("3.12",)),
    ("{prefix}/python310.zip", "", OWNED, "library-zip", ("3.10",)),
    ("{prefix}/bin/python._pth", ".", UNOWNED, "path-file", POSIX_PATH_FILES),
    ("{prefix}/bin/python3.12._pth", ".", OWNED, "path-file", POSIX_PATH_FILES),
    ("{prefix}/python312._pth", ".", OWNED, "path-file", ALL),
    ("{prefix}/pyvenv.cfg", "home = /tmp", OWNED, "venv-config", ALL),
    ("{prefix}/pip.conf", "[global]\nindex-url = https://x.invalid\n", UNOWNED, "pip-config", ALL),
    ("{prefix}/pip.conf", "", OWNED, "pip-config", ALL),
    ("{prefix}/bin/python3", "#!/bin/sh", UNOWNED, "interpreter", ALL),
    ("{prefix}/Scripts/python.exe", "", OWNED, "interpreter", ALL),
    ("{prefix}/bin/activate", "", OWNED, "activation", ALL),
    ("{prefix}/Scripts/Activate.ps1", "", OWNED, "activation", ALL),
    ("{prefix}/bin/pip", "import evil", OWNED, "installer", ALL),
    ("{prefix}/lib/python3.9/os.py", "", OWNED, "library", ("3.9",)),
    ("{prefix}/lib/python3.13/sitecustomize.py", "", OWNED, "library", ("3.13",)),
    ("{prefix}/etc/ipython/startup/00.py", "", OWNED, "ipython", ALL),
    ("{prefix}/etc/ipython/ipython_config.py", "", OWNED, "ipython", ALL),
    ("{prefix}/etc/jupyter/jupyter_server_config.py", "", OWNED, "jupyter", ALL),
    ("{prefix}/share/jupyter/kernels/x/kernel.json", '{"argv": ["sh", "-c", "x"]}', OWNED, "jupyter", ALL),
    ("{prefix}/etc/jupyter/jupyter_server_config.d/a.json", json.dumps(EXTENSION), OWNED, "jupyter", ALL),
    ("{prefix}/etc/jupyter/jupyter_config.json", "[" * 100_000, OWNED, "jupyter", ALL),
]


@pytest.mark.parametrize(("path", "content", "options", "name", "pythons"), HITS)
def test_is_named(
    path: str, content: str, options: dict[str, str], name: str, pythons: tuple[str, ...]
) -> None:
    assert mechanisms(site({path: content}, **options)) == [(path, name, pythons)]


def test_a_pip_script_that_does_more_than_the_wrapper_is_named() -> None:
    files = {"pip/__init__.py": "", "{prefix}/bin/pip": WRAPPER.replace("import re", "import re; import x")}
    assert [row[1] for row in mechanisms(site(files, **OWNED))] == ["installer"]


def test_commands_of_an_archive_that_take_a_tools_place() -> None:
    plain = distribution(
        {"demo-1.0.dist-info/entry_points.txt": "", "demo/__init__.py": ""}, root="", kind="wheel"
    )
    points = (
        EntryPoint("console_scripts", "python3", "demo:main"),
        EntryPoint("console_scripts", "pip", "demo:main"),
        EntryPoint("console_scripts", "demo", "demo:main"),
        EntryPoint("other", "python", "demo:main"),
    )
    found = surface(target(msgspec.structs.replace(plain, entry_points=points)), read)
    details = [entry.detail for entry in of(found, StartupKind.PREFIX)]
    assert details == [
        "its command python3 takes the place of a tool",
        "its command pip takes the place of a tool",
    ]
    pip = msgspec.structs.replace(
        plain, entry_points=(EntryPoint("console_scripts", "pip3", "pip._internal:main"),)
    )
    assert of(surface(target(pip), read), StartupKind.PREFIX) == []


def squatted(found: Surface) -> list[StartupEntry]:
    return of(found, StartupKind.SQUAT)


@pytest.mark.parametrize("place", ["msvcrt.py", "nt/__init__.py", "_winapi.so", "org/__init__.py"])
def test_squatted_names(place: str) -> None:
    (entry,) = squatted(archive({place: b""}))
    assert entry.member.path == place
    assert "imported with" in entry.detail


@pytest.mark.parametrize("place", ["demo/msvcrt.py", "msvcrt/x.py", "org/demo.py", "ntx.py", "sub/nt.py"])
def test_other_names_are_not_squatted(place: str) -> None:
    assert squatted(archive({place: ""})) == []


def test_squatted_names_in_a_folder_of_a_path_line_and_below_a_namespace() -> None:
    found = squatted(archive({"a.pth": "hidden\n", "hidden/msvcrt.py": ""}))
    assert [entry.member.path for entry in found] == ["hidden/msvcrt.py"]
    assert "a.pth:1" in found[0].detail
    (core,) = squatted(archive({"org/python/core.py": ""}))
    assert core.pythons == ("3.8", "3.9", "3.10", "3.11")
    (wmi,) = squatted(archive({"_wmi.py": ""}))
    assert wmi.pythons == ("3.12", "3.13", "3.14", "3.15")


def test_a_wheel_for_windows_may_ship_a_windows_name() -> None:
    wheel = distribution({"msvcrt.py": ""}, root="", kind="wheel")
    windows = msgspec.structs.replace(wheel, tags=("cp312-cp312-win_amd64",))
    assert squatted(surface(target(windows), read)) == []
    mixed = msgspec.structs.replace(wheel, tags=("py3-none-win32", "py3-none-any"))
    assert len(squatted(surface(target(mixed), read))) == 1


def test_the_prefix_itself_is_a_site_directory_on_windows() -> None:
    (entry,) = of(archive({"{prefix}/a.pth": "import os\n"}), StartupKind.PTH_IMPORT)
    assert (entry.member.path, entry.detail, entry.pythons) == ("{prefix}/a.pth", "on Windows", ALL)
