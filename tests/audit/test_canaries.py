"""Nothing of the target or of the current directory runs, whatever is planted there."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.audit.place import audit, package
from tests.support.factories import tree
from tests.support.index import serve

pytestmark = pytest.mark.network


def marker(place: Path) -> str:
    """Source that leaves a mark when it runs; written so that any directory will do."""
    return f"import os\nos.makedirs({str(place)!r}, exist_ok=True)\n"


def planted(folder: Path, mark: Path) -> Path:
    """A current directory full of what somebody might run, import or be configured by."""
    bad = marker(mark)
    names = ("pip", "typing", "sitecustomize", "usercustomize", "httpx", "pip_api", "uv", "keyring", "json")
    files = {f"{name}.py": bad for name in names}
    files |= {f"{name}/__init__.py": bad for name in ("packaging", "pip_requirements_parser")}
    files |= {"pip/__main__.py": bad, "pip/__init__.py": bad, "setup.py": bad}
    files["uv.toml"] = 'python-preference = "only-managed"\nindex-url = "http://127.0.0.1:9/none"\n'
    files["pip.conf"] = "[global]\nindex-url = http://127.0.0.1:9/none\n"
    files[".python-version"] = "3.8\n"
    files["pyproject.toml"] = (
        '[project]\nname = "target"\nversion = "1"\ndynamic = ["dependencies"]\n'
        '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n'
        '[tool.uv]\npython-preference = "only-managed"\nindex-url = "http://127.0.0.1:9/none"\n'
    )
    files["backend.py"] = bad
    tree(folder, files)
    venv = folder / ".venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", "--symlinks", str(venv)], check=True)
    (site,) = venv.glob("lib/python3*/site-packages")
    (site / "armed.pth").write_text(f"import os; os.makedirs({str(mark)!r}, exist_ok=True)\n")
    for name in ("uv", "keyring", "pip", "git"):
        tool = venv / "bin" / name
        tool.unlink(missing_ok=True)
        tool.write_text(f"#!/bin/sh\nmkdir -p {mark}\n")
        tool.chmod(0o755)
    return folder


def test_the_planted_things_would_run(tmp_path: Path) -> None:
    """The proof that the marks work: the same interpreter and files, started as one should not."""
    mark = tmp_path / "mark"
    target = planted(tmp_path / "target", mark)
    environment = {
        key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "GUARD"))
    }
    subprocess.run([target / ".venv/bin/python", "-c", ""], cwd=tmp_path, env=environment, check=True)
    assert mark.exists()
    mark.rmdir()
    subprocess.run(
        [sys.executable, "-m", "pip"], cwd=target, env=environment, check=False, capture_output=True
    )
    assert mark.exists()


@pytest.mark.parametrize("is_active", [False, True])
def test_a_planted_directory_stays_silent(tmp_path: Path, is_active: bool) -> None:
    mark = tmp_path / "mark"
    target = planted(tmp_path / "target", mark)
    variables = {"PYTHONSAFEPATH": "", "PIPAPI_PYTHON_LOCATION": str(target / ".venv/bin/python")}
    if is_active:
        variables |= {"VIRTUAL_ENV": str(target / ".venv"), "UV_PROJECT_ENVIRONMENT": str(target / ".venv")}
        variables["PATH"] = f".:{target / '.venv/bin'}:{os.environ['PATH']}"
    with serve() as index:
        path = package(index, tmp_path / "wheels", "app")
        sha256 = index.files["app"][0].sha256
        (target / "requirements.txt").write_text(f"app==1.0 --hash=sha256:{sha256}\n")
        done = audit(tmp_path, "-r", "requirements.txt", "-i", index.url, cwd=target, env=variables)
        assert done.code == 0, done.err
        assert "1 package scanned" in done.out
        audit(tmp_path, "-r", "pyproject.toml", "-i", index.url, cwd=target, env=variables)
        audit(tmp_path, ".", "-i", index.url, "--sdist", cwd=target, env=variables)
    assert path.exists()
    assert not mark.exists()


@pytest.mark.parametrize(
    "lines",
    [
        {"requirements.txt": "-e ./evil\napp\n"},
        {"requirements.txt": "-r more.txt\napp\n", "more.txt": "--editable ./evil\n"},
        {"requirements.txt": "-c limits.txt\napp\n", "limits.txt": "-e ./evil\n"},
        {"requirements.txt": "./evil\napp\n"},
        {"requirements.txt": "evil @ file:./evil\napp\n"},
        {"requirements.txt": "evil @ git+file:./evil\napp\n"},
    ],
    ids=["editable", "nested", "constraint", "path", "file", "repository"],
)
def test_a_setup_that_leaves_a_mark_is_never_run(tmp_path: Path, lines: dict[str, str]) -> None:
    mark = tmp_path / "mark"
    work = tree(tmp_path / "work", lines)
    tree(work / "evil", {"setup.py": marker(mark) + "from setuptools import setup\nsetup(name='evil')\n"})
    with serve() as index:
        package(index, tmp_path / "wheels", "app")
        done = audit(tmp_path, "-r", "requirements.txt", "-i", index.url, cwd=work)
    assert not mark.exists()
    assert done.code in (1, 2)
    assert "evil" in done.out + done.err


def test_a_source_of_the_index_is_never_built(tmp_path: Path) -> None:
    from tests.support.factories import sdist

    mark = tmp_path / "mark"
    with serve() as index:
        files = {"setup.py": marker(mark), "evil/__init__.py": marker(mark)}
        index.add(sdist(tmp_path / "files", files, name="evil", version="2.0"), "evil")
        for arguments in (["evil"], ["evil==2.0"], ["evil", "--sdist"]):
            audit(tmp_path, *arguments, "-i", index.url)
    assert not mark.exists()
    assert any(path.endswith("evil-2.0.tar.gz") for path in index.downloads())
