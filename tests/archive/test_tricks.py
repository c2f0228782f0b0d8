"""Archives that lie: each trick is named, and what it hides is found at its real place."""

from pathlib import Path

import pytest

from tests.archive.forge import Row, forged_wheel, unicode_path
from tests.support.factories import wheel
from wheelwatch.archive import Issue, read, read_wheel
from wheelwatch.limits import DEFAULT
from wheelwatch.model import Distribution, Reason


def forged(folder: Path, *rows: Row, front: bytes = b"", back: bytes = b"") -> Distribution:
    return read_wheel(forged_wheel(folder, rows, front=front, back=back), DEFAULT)


def row(name: bytes, content: bytes = b"x = 1\n", **fields: object) -> Row:
    return Row(name=name, content=content, **fields)  # type: ignore[arg-type]  # fields of Row


def kinds(found: Distribution) -> set[str]:
    """The issues but for those about RECORD, which a forged name makes as well."""
    return {i.issue for i in found.issues if not i.issue.startswith("record-")}


def places(found: Distribution) -> list[str | None]:
    return [m.place for m in found.members if ".dist-info/" not in m.stored]


@pytest.mark.parametrize(
    ("name", "place", "kind"),
    [
        (b"zz.pth", "zz.pth", None),
        (b"w/../z.pth", "z.pth", Issue.NORMALISED),
        (b"./z.pth", "z.pth", Issue.NORMALISED),
        (b"../z.pth", None, Issue.CLIMBING),
        (b"/z.pth", None, Issue.CLIMBING),
        (b"../site-packages/z.pth", "z.pth", Issue.CLIMBING),
        (b"../../python3.12/site-packages/z.pth", "z.pth", Issue.CLIMBING),
        (b"/usr/local/lib/python3.12/site-packages/z.pth", "z.pth", Issue.CLIMBING),
        (b"../dist-packages_x/sitecustomize.py", "../dist-packages_x/sitecustomize.py", Issue.CLIMBING),
        (b"evil.pth\0.txt", "evil.pth", Issue.NUL_NAME),
        (b"zzz.data/purelib/z.pth", "z.pth", Issue.FOREIGN_DATA),
        (b"demo-1.0.data/purelib/z.pth", "z.pth", None),
        (b"demo-1.0.data/scripts/python", "{prefix}/bin/python", None),
        (b"demo-1.0.data/data/pip.conf", "{prefix}/pip.conf", None),
        (
            b"demo-1.0.data/data/lib/python3.9/site-packages/z.pth",
            "{prefix}/lib/python3.9/site-packages/z.pth",
            None,
        ),
        (b"demo-1.0.data/what/z.pth", None, Issue.BAD_SCHEME),
        (b"a\x1b[2J.py", "a\x1b[2J.py", Issue.BAD_NAME),
        (b"a\\b.py", "a\\b.py", Issue.BAD_NAME),
    ],
)
def test_names_and_their_places(tmp_path: Path, name: bytes, place: str | None, kind: Issue | None) -> None:
    found = forged(tmp_path, row(name))
    assert places(found) == [place]
    assert kinds(found) == ({kind} if kind else set())
    assert read(found.members[0].source, DEFAULT) == b"x = 1\n"


def test_where_uv_differs_from_pip(tmp_path: Path) -> None:
    names = (
        b"zzz.data/purelib/z.pth",
        b"demo-1.0.data/../a/purelib/y.pth",
        b"x/../demo-1.0.data/purelib/w.pth",
    )
    found = forged(
        tmp_path, *(row(name) for name in names), row(b"../site-packages/v.pth"), row(b"u.pth\0")
    )
    assert [(m.place, m.uv_place) for m in found.members[:5]] == [
        ("z.pth", "zzz.data/purelib/z.pth"),
        ("y.pth", "a/purelib/y.pth"),
        ("demo-1.0.data/purelib/w.pth", "w.pth"),
        ("v.pth", None),
        ("u.pth", None),
    ]


def test_of_duplicates_the_last_is_installed(tmp_path: Path) -> None:
    found = forged(tmp_path, row(b"z.pth", b"first"), row(b"z.pth", b"last"))
    assert places(found) == [None, "z.pth"]
    assert [read(m.source, DEFAULT) for m in found.members[:2]] == [b"first", b"last"]
    assert kinds(found) == {Issue.DUPLICATE}


def test_a_file_and_a_folder_of_one_name_are_named(tmp_path: Path) -> None:
    assert kinds(forged(tmp_path, row(b"z/a.py"), row(b"z"))) == {Issue.DUPLICATE}


def test_a_renamed_member_is_judged_under_both_names(tmp_path: Path) -> None:
    found = forged(tmp_path, row(b"good.txt", extra=unicode_path(b"good.txt", b"evil.pth")))
    assert places(found) == ["good.txt", "evil.pth"]
    assert kinds(found) == {Issue.UNICODE_PATH}


@pytest.mark.parametrize(
    "extra", [unicode_path(b"no", b"evil.pth"), b"\x75\x70\xff", b"\x75\x70\x01\x00\x01"]
)
def test_a_unicode_path_that_does_not_count_is_ignored(tmp_path: Path, extra: bytes) -> None:
    found = forged(tmp_path, row(b"good.txt", extra=extra))
    assert (places(found), kinds(found)) == (["good.txt"], set())


def test_a_header_with_another_name_is_named(tmp_path: Path) -> None:
    assert kinds(forged(tmp_path, row(b"good.txt", local=b"evil.pth"))) == {Issue.HEADER_MISMATCH}


def test_an_entry_that_is_not_listed_is_named(tmp_path: Path) -> None:
    found = forged(tmp_path, row(b"a.py"), row(b"h.pth", listed=False), row(b"b.py"))
    assert (places(found), kinds(found)) == (["a.py", "b.py"], {Issue.HIDDEN_ENTRY})


def test_bytes_in_front_and_behind_are_named(tmp_path: Path) -> None:
    assert kinds(forged(tmp_path / "a", row(b"a.py"), front=b"#!/bin/sh\n")) == {Issue.PREFIXED}
    assert kinds(forged(tmp_path / "b", row(b"a.py"), back=b"more")) == {Issue.TRAILING}
    other = forged_wheel(tmp_path / "c", [row(b"evil.pth")]).read_bytes()
    first = forged(tmp_path / "d", row(b"a.py"), front=other)
    assert (places(first), kinds(first)) == (["a.py"], {Issue.CONCATENATED})


def test_symlinks_and_encryption_are_named(tmp_path: Path) -> None:
    found = forged(tmp_path, row(b"l.pth", b"/etc/passwd", mode=0o120777), row(b"s.py", flags=1))
    assert kinds(found) == {Issue.SYMLINK, Issue.ENCRYPTED}
    assert [w.reason for _, w in found.not_analysed] == [Reason.ENCRYPTED]
    assert read(found.members[0].source, DEFAULT) == b"/etc/passwd"


def test_who_it_says_it_is(tmp_path: Path) -> None:
    other = wheel(tmp_path, {"a.py": ""}, name="other", filename="demo-1.0-py3-none-any.whl")
    assert kinds(read_wheel(other, DEFAULT)) == {Issue.NAME_MISMATCH}
    odd = wheel(tmp_path, {"a.py": ""}, filename="demo.whl")
    assert kinds(read_wheel(odd, DEFAULT)) == {Issue.BAD_FILENAME}
    same = wheel(
        tmp_path, {"a.py": ""}, name="De.mo", version="1.0.0", filename="de_mo-1.0-py3-none-any.whl"
    )
    assert kinds(read_wheel(same, DEFAULT)) == set()
    two = wheel(tmp_path, {"other-1.0.dist-info/METADATA": ""})
    assert Issue.METADATA_SEVERAL in kinds(read_wheel(two, DEFAULT))


def test_an_archive_without_metadata_is_named_and_read(tmp_path: Path) -> None:
    path = wheel(tmp_path, {"zz.pth": "import os\n"})
    path.write_bytes(path.read_bytes().replace(b"dist-info", b"dist-infx"))
    found = read_wheel(path, DEFAULT)
    assert Issue.METADATA_ABSENT in kinds(found)
    assert found.members[0].place == "zz.pth"
    assert (found.name, found.version) == ("demo", "1.0")


def test_scripts_that_entry_points_replace_are_not_installed(tmp_path: Path) -> None:
    entry_points = b"[console_scripts]\ntool = demo:main\n[x\n"
    found = forged(
        tmp_path,
        row(b"demo-1.0.data/scripts/tool"),
        row(b"demo-1.0.data/scripts/other"),
        row(b"demo-1.0.dist-info/entry_points.txt", entry_points),
    )
    assert places(found) == [None, "{prefix}/bin/other"]
    assert [e.name for e in found.entry_points] == ["tool"]
