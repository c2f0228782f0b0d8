"""A set that was judged before is not judged again, and whatever changes in it is seen."""

from __future__ import annotations

import hashlib
import io
import os
import sqlite3
import sys
import time
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.factories import site_dir, tree, wheel
from wheelwatch import archive
from wheelwatch.catalogue.incidents import Incident
from wheelwatch.engine import court, judgement
from wheelwatch.engine.advance import Advance
from wheelwatch.engine.boot import startup
from wheelwatch.engine.cache import Kind, Store
from wheelwatch.engine.cache.mark import mark, whole_mark
from wheelwatch.engine.options import Options, Unobserved
from wheelwatch.engine.run import scan
from wheelwatch.engine.runner import InProcess
from wheelwatch.engine.task import Answer, Item, Work
from wheelwatch.engine.witness import Witness
from wheelwatch.engine.worker import examine
from wheelwatch.limits import DEFAULT, Limits
from wheelwatch.model import ContainerKind, FileRef, Nested, Report
from wheelwatch.report import json
from wheelwatch.rules import trace

HOOK = "import sys\n\n\ndef spy(*_):\n    return None\n\n\ndef install():\n    sys.settrace(spy)\n"
CALM = HOOK.replace("settrace", "intern##")
PYC = (3495).to_bytes(2, "little") + b"\r\n" + b"\1\0\0\0" + b"\0" * 8 + b"\xe3code"

LAW = settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def egg() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        file.writestr(zipfile.ZipInfo("inner/__init__.py"), HOOK + "install()\n")
    return buffer.getvalue()


def site(folder: Path) -> Path:
    """A site directory with something of every kind that judging reads."""
    files: dict[str, str | bytes] = {
        "demo/__init__.py": "from demo.hooks import install\nfrom demo import data, native\n",
        "demo/hooks.py": HOOK,
        "demo/late.py": "from demo import hooks\n\nhooks.install()\n",
        "demo/broken.py": "def (:\n",
        "demo/native.cpython-311-x86_64-linux-gnu.so": b"\x7fELF PyEval_SetTrace",
        "demo/__pycache__/late.cpython-311.pyc": PYC,
        "demo.pth": "import demo.late\n",
        "demo.start": "demo.late:hooks\n",
        "demo-1.0.dist-info/entry_points.txt": "[pytest11]\ndemo = demo.hooks\n",
    }
    loose: dict[str, str | bytes] = {
        "loose.py": CALM + "install()\n",
        "other.py": "import loose\n",
        "sitecustomize.py": "import other\n",
        "inner.pth": "inner.egg\nimport inner, other\n",
        "inner.egg": egg(),
        "alone.pyc": PYC,
        "script": "#!/usr/bin/python\nimport demo\n",
    }
    return site_dir(folder, {"demo-1.0": files}, loose)


class Counting(InProcess):
    """Remembers how much was asked of it."""

    def __init__(self, limits: Limits = DEFAULT) -> None:
        super().__init__(limits)
        self.asked = 0

    def run(self, work: Work, items: Sequence[tuple[Item, int]], *rest: Any) -> Mapping[Item, Answer]:
        self.asked += len(items)
        return super().run(work, items, *rest)


@contextmanager
def store(folder: Path) -> Iterator[Store]:
    with closing(Store(lambda: folder / "cache" / "facts-1-x.sqlite3")) as cache:
        yield cache
        assert cache.trouble == ""


def settle() -> None:
    """Lets the last change become older than a run that begins now can take for one of its own time."""
    time.sleep(0.1)


def warm(target: Path, folder: Path, **told: Any) -> tuple[Report, int]:
    """The report with the cache, and how much was examined for it."""
    runner = Counting(told.get("limits", DEFAULT))
    with store(folder) as cache:
        return scan(
            [str(target)], options=Options(recall=True, cache=cache, **told), runner=runner
        ), runner.asked


def cold(target: Path, **told: Any) -> Report:
    runner = InProcess(told.get("limits", DEFAULT))
    return scan([str(target)], options=Options(**told), runner=runner)


def kept(folder: Path) -> int:
    with store(folder) as cache:
        return cache.counts()[Kind.VERDICT]


@pytest.mark.parametrize("kind", ["site", "wheel", "folder"])
def test_an_unchanged_set_is_not_judged_again(
    tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if kind == "wheel":
        target = wheel(tmp_path, {"demo/hooks.py": HOOK, "demo.pth": "import demo.hooks\n"})
    elif kind == "site":
        target = site(tmp_path / "site-packages")
    else:
        target = tree(tmp_path / "folder", {"one.py": HOOK, "two.pth": "import one; one.install()\n"})
    settle()
    first, asked = warm(target, tmp_path)
    assert asked
    assert first == cold(target)
    assert kept(tmp_path) == 1

    def judge(*_: object) -> None:
        raise AssertionError("judged again")

    monkeypatch.setattr(court, "judge", judge)
    again, asked = warm(target, tmp_path)
    assert asked == 0
    assert again == first
    assert json.render(again) == json.render(first)
    assert any(finding.rule == "hook-trace" for package in again.packages for finding in package.findings)


def test_what_is_read_besides_the_set_is_read_again(tmp_path: Path) -> None:
    """Nothing but the content tells: neither size, nor name, nor RECORD, nor the time of the change."""
    target = site(tmp_path / "site-packages")
    settle()
    calm, _ = warm(target, tmp_path)
    file = target / "loose.py"
    about = file.stat()
    file.write_text(HOOK + "install()\n")
    os.utime(file, ns=(about.st_atime_ns, about.st_mtime_ns))
    assert file.stat().st_size == about.st_size
    found, _ = warm(target, tmp_path)
    assert found == cold(target)
    assert ("loose.py", "hook-trace") in {(f.path, f.rule) for p in found.packages for f in p.findings}
    assert ("loose.py", "hook-trace") not in {(f.path, f.rule) for p in calm.packages for f in p.findings}


def mutations(path: Path) -> Iterator[Callable[[], object]]:
    """Each changes, replaces, moves or copies one file."""
    data = path.read_bytes()

    def flipped(place: int) -> None:
        path.write_bytes(data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :])

    def piped() -> None:
        path.unlink()
        os.mkfifo(path)

    def linked() -> None:
        path.unlink()
        path.symlink_to(path.parent)

    yield from (partial(flipped, place) for place in (4, len(data) // 2) if place < len(data))
    yield partial(path.write_bytes, b"")
    yield partial(path.write_bytes, data + b"\n")
    yield path.unlink
    yield partial(path.rename, path.with_name("renamed" + path.suffix))
    yield piped
    yield linked
    yield partial(path.with_name("new" + path.suffix).write_bytes, data)


def test_every_change_of_every_file_is_seen(tmp_path: Path) -> None:
    target = site(tmp_path / "site-packages")
    settle()
    unchanged, _ = warm(target, tmp_path)
    files = [path for path in sorted(target.rglob("*")) if path.is_file()]
    assert len(files) > 15
    for path in files:
        data = path.read_bytes()
        before = set(target.rglob("*"))
        for change in list(mutations(path)):
            change()
            found, _ = warm(target, tmp_path)
            assert found == cold(target), path
            for other in set(target.rglob("*")) - before:
                other.unlink()
            path.unlink(missing_ok=True)
            path.write_bytes(data)
    again, asked = warm(target, tmp_path)
    assert again == unchanged
    assert asked == 0


@LAW
@given(data=st.data())
def test_any_byte_of_any_file_counts(tmp_path: Path, data: st.DataObject) -> None:
    target = tmp_path / "site-packages"
    if not target.exists():
        site(target)
        settle()
        warm(target, tmp_path)
    files = [path for path in sorted(target.rglob("*")) if path.is_file() and path.stat().st_size]
    path = data.draw(st.sampled_from(files))
    content = path.read_bytes()
    place = data.draw(st.integers(0, len(content) - 1))
    byte = data.draw(st.integers(0, 255))
    path.write_bytes(content[:place] + bytes([byte]) + content[place + 1 :])
    try:
        found, _ = warm(target, tmp_path)
        assert found == cold(target)
    finally:
        path.write_bytes(content)


def test_judging_looks_at_nothing_that_is_not_remembered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever judging asks the system about the set is asked for a source, whose content is compared."""
    target = site(tmp_path / "site-packages")
    (target / "gone.py").symlink_to("nowhere")
    settle()
    judge = judgement.judge
    opened: set[str] = set()
    seen: list[str] = []

    def watched(*arguments: Any) -> Any:
        with monkeypatch.context() as patch:
            for name in ("open", "stat", "lstat", "listdir", "scandir", "readlink", "access"):
                patch.setattr(os, name, noting(name, getattr(os, name)))
            return judge(*arguments)

    def noting(name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(path: Any, *rest: Any, **options: Any) -> Any:
            if isinstance(path, (str, os.PathLike)) and str(path).startswith(str(target)):
                (opened.add if name == "open" else seen.append)(str(path))
            return real(path, *rest, **options)

        return call

    remembered: set[str] = set()
    readings = Witness.readings

    def telling(self: Witness, known: Mapping[Any, bytes]) -> Iterator[Any]:
        remembered.update(f"{source.container}/{source.key}" for source in known)
        for row in readings(self, known):
            source = row.source.outer if isinstance(row.source, Nested) else row.source
            assert isinstance(source, FileRef)
            is_folder = source.kind is ContainerKind.FOLDER
            remembered.add(f"{source.container}/{source.key}" if is_folder else source.container)
            yield row

    monkeypatch.setattr(court, "judge", watched)
    monkeypatch.setattr(Witness, "readings", telling)
    warm(target, tmp_path)
    assert len(opened) > 10
    assert opened <= remembered
    assert seen == []


def test_a_file_that_cannot_be_read_is_remembered_as_such(tmp_path: Path) -> None:
    target = site(tmp_path / "site-packages")
    large = Limits(member_bytes=4096)
    (target / "large.py").write_text("x = 1\n" * 1000)
    settle()
    first, _ = warm(target, tmp_path, limits=large)
    again, asked = warm(target, tmp_path, limits=large)
    assert asked == 0
    assert again == first == cold(target, limits=large)
    assert "too-large" in {row.reason.value for package in again.packages for row in package.not_analysed}
    (target / "large.py").write_text("x = 1\n")
    assert warm(target, tmp_path, limits=large)[0] == cold(target, limits=large) != first


def test_what_the_run_was_told_counts(tmp_path: Path) -> None:
    target = site(tmp_path / "site-packages")
    known = Incident(id="X-1", name="x", sha256=(hashlib.sha256(HOOK.encode()).hexdigest(),))
    ways: list[dict[str, Any]] = [
        {},
        {"triage": False},
        {"pythons": ("3.12",)},
        {"incidents": (known,)},
        {"limits": Limits(startup_lines=1)},
        {"as_": "folder"},
    ]
    settle()
    for told in ways:
        assert warm(target, tmp_path, **told)[0] == cold(target, **told)
    for told in ways:
        report, asked = warm(target, tmp_path, **told)
        assert report == cold(target, **told)
        assert asked == 0
    assert len({json.render(cold(target, **told)) for told in ways}) >= 4


def test_a_relative_target_is_one_of_its_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, text in (("one", HOOK), ("two", CALM)):
        tree(tmp_path / name / "target", {"a.py": text, "a.pth": "import a; a.install()\n"})
    settle()
    for name in ("one", "two", "one"):
        monkeypatch.chdir(tmp_path / name)
        assert warm(Path("target"), tmp_path)[0] == cold(Path("target"))


def test_startup_is_kept_apart_from_scan(tmp_path: Path) -> None:
    target = str(site(tmp_path / "site-packages"))
    settle()
    warm(Path(target), tmp_path)
    alone = startup([target], runner=InProcess(DEFAULT))
    for asks in (True, False):
        runner = Counting()
        with store(tmp_path) as cache:
            assert startup([target], options=Options(recall=True, cache=cache), runner=runner) == alone
        assert bool(runner.asked) is asks
    assert kept(tmp_path) == 2


# what is not kept


def failing(error: Exception) -> InProcess:
    def examiner(work: Work, item: Item, tokens: tuple[str, ...], limits: Limits) -> Answer:
        if getattr(item.source, "key", "") == "loose.py":
            raise error
        return examine(work, item, tokens, limits)

    return InProcess(DEFAULT, examiner)


@pytest.mark.parametrize("error", [MemoryError(), ValueError("luck")])
def test_bad_luck_is_not_kept(tmp_path: Path, error: Exception) -> None:
    target = site(tmp_path / "site-packages")
    settle()
    with store(tmp_path) as cache:
        unlucky = scan([str(target)], options=Options(recall=True, cache=cache), runner=failing(error))
    assert kept(tmp_path) == 0
    found, _ = warm(target, tmp_path)
    assert found == cold(target) != unlucky


def test_a_set_that_changes_while_it_is_judged_is_not_kept(tmp_path: Path) -> None:
    """Also when every file holds again what it held before."""
    target = site(tmp_path / "site-packages")
    settle()

    class Swapping(InProcess):
        def run(self, work: Work, items: Sequence[tuple[Item, int]], *rest: Any) -> Mapping[Item, Answer]:
            file = target / "loose.py"
            calm = file.read_text()
            file.write_text(HOOK)
            try:
                return super().run(work, items, *rest)
            finally:
                file.write_text(calm)

    with store(tmp_path) as cache:
        scan([str(target)], options=Options(recall=True, cache=cache), runner=Swapping(DEFAULT))
    assert kept(tmp_path) == 0
    assert warm(target, tmp_path)[0] == cold(target)


def test_a_failed_rule_is_not_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = site(tmp_path / "site-packages")
    settle()

    def broken(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr(trace, "find", broken)
    failed, _ = warm(target, tmp_path)
    assert "analysis-rule-failed" in {f.rule for p in failed.packages for f in p.findings}
    assert kept(tmp_path) == 0


def test_names_that_no_text_holds_are_judged_anew(tmp_path: Path) -> None:
    target = site(tmp_path / "site-packages")
    (target / os.fsdecode(b"caf\xe9.py")).write_text(HOOK)
    settle()
    for _ in range(2):
        assert warm(target, tmp_path)[0] == cold(target)
    assert kept(tmp_path) == 0


def test_damage_is_a_miss(tmp_path: Path) -> None:
    target = site(tmp_path / "site-packages")
    settle()
    warm(target, tmp_path)
    path = tmp_path / "cache" / "facts-1-x.sqlite3"
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        ((value,),) = database.execute("SELECT value FROM verdict")
        database.execute("UPDATE verdict SET value = ?", (value[:-9] + bytes(9),))
    assert warm(target, tmp_path)[0] == cold(target)


def test_no_cache_uses_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = site(tmp_path / "site-packages")
    settle()
    first, _ = warm(target, tmp_path)
    monkeypatch.setattr(court, "Verdicts", None)
    assert cold(target) == first


def test_the_observer_is_told_that_all_is_done(tmp_path: Path) -> None:
    target = site(tmp_path / "site-packages")
    settle()
    warm(target, tmp_path)

    class Watching(Unobserved):
        told: list[Advance] = []  # noqa: RUF012 - of one test

        def examined(self, label: str, advance: Advance) -> None:
            assert label == str(target)
            self.told.append(advance)

    with store(tmp_path) as cache:
        scan(
            [str(target)], options=Options(recall=True, cache=cache), observer=Watching(), runner=Counting()
        )
    (advance,) = Watching.told
    assert advance.files == advance.of_files > 4
    assert advance.packages == advance.of_packages == 2


def test_all_of_our_code_and_data_is_in_the_mark(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    module = import_module("wheelwatch.engine.cache.mark")
    read: set[str] = set()

    def noted(path: Path) -> str:
        read.add(str(path))
        return ""

    monkeypatch.setattr(module, "_content", noted)
    whole_mark.cache_clear()
    whole_mark()
    whole_mark.cache_clear()
    root = Path(archive.__file__).parents[1]
    assert {str(path) for path in root.rglob("*.py")} <= read
    assert {"severity.toml", "incidents.toml", "hooks.toml"} <= {Path(path).name for path in read}
    assert mark(DEFAULT) != whole_mark()
    assert str(sys.hexversion) in whole_mark()
    whole_mark.cache_clear()
