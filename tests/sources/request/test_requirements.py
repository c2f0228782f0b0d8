"""Requirements files: every line is a requirement, an option, a note or an error."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec import structs

from tests.support.factories import tree
from wheelwatch.limits import DEFAULT
from wheelwatch.sources.plan import DirectKind, Plan
from wheelwatch.sources.request.requirements import read_requirements


def read(folder: Path, text: str | bytes, **others: str) -> Plan:
    tree(folder, {"requirements.txt": text, **{f"{name}.txt": content for name, content in others.items()}})
    return read_requirements(str(folder / "requirements.txt"), DEFAULT)


def lines(plan: Plan) -> list[tuple[str, int]]:
    return [(row.line, row.asked.line) for row in plan.requirements]


def test_requirements_with_extras_markers_and_hashes(tmp_path: Path) -> None:
    plan = read(
        tmp_path,
        "# what we need\n\nFlask[async, dotenv] >= 3, <4  # the web\n"
        'colorama==0.4 ; sys_platform == "win32"\n'
        "six==1.16.0 \\\n    --hash=sha256:aa \\\n    --hash=sha256:bb\n"
        "plain\n",
    )
    assert lines(plan) == [
        ("flask[async,dotenv]<4,>=3", 3),
        ('colorama==0.4 ; sys_platform == "win32"', 4),
        ("six==1.16.0", 5),
        ("plain", 8),
    ]
    assert plan.requirements[2].hashes == ("sha256:aa", "sha256:bb")
    assert (plan.failures, plan.notes) == ((), ())


def test_nested_files_count_from_their_own_folder_and_cycles_end(tmp_path: Path) -> None:
    tree(
        tmp_path / "sub",
        {"more.txt": "-r ../requirements.txt\nlib==2\n-c limits.txt\n", "limits.txt": "dep<3\n"},
    )
    plan = read(tmp_path, "app\n-r sub/more.txt\nlast\n")
    assert [row.name for row in plan.requirements] == ["app", "lib", "last"]
    assert [(row.line, Path(row.asked.file).name) for row in plan.constraints] == [("dep<3", "limits.txt")]
    assert plan.failures == ()


def test_index_options_are_kept_in_order_and_others_are_named(tmp_path: Path) -> None:
    (tmp_path / "files").mkdir()
    plan = read(
        tmp_path,
        "--index-url https://u:p@one.example/simple\n--extra-index-url=https://two.example/simple\n"
        "-f files\n--no-index\n--pre\n--only-binary :all:\n--trusted-host one.example\n--require-hashes\n"
        "--prefer-binary\n--no-binary six\n--use-feature fast-deps\n",
    )
    assert [(row.name, row.value) for row in plan.options] == [
        ("index-url", "https://u:p@one.example/simple"),
        ("extra-index-url", "https://two.example/simple"),
        ("find-links", str(tmp_path / "files")),
        ("no-index", ""),
        ("pre", ""),
        ("only-binary", ":all:"),
        ("trusted-host", "one.example"),
        ("require-hashes", ""),
        ("prefer-binary", ""),
        ("no-binary", "six"),
    ]
    assert "u:p" not in plan.options[0].asked.text
    (note,) = plan.notes
    assert "requirements.txt:11: ignored here: --use-feature" in note


def test_variables_are_replaced_but_never_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOKEN", "s3cret")
    monkeypatch.delenv("UNSET", raising=False)
    plan = read(tmp_path, "--index-url https://${TOKEN}@one.example/simple\nsix ; ${UNSET}\n")
    assert plan.options[0].value == "https://s3cret@one.example/simple"
    assert "s3cret" not in repr(plan.options[0].asked)
    assert plan.failures[0].where == f"{tmp_path}/requirements.txt:2: six ; ${{UNSET}}"


@pytest.mark.parametrize(
    ("line", "kind", "name", "extras"),
    [
        ("-e .", DirectKind.FOLDER, "", ()),
        ("--editable ./sub[web]", DirectKind.ARCHIVE, "", ("web",)),
        ("./demo-1.0-py3-none-any.whl", DirectKind.ARCHIVE, "", ()),
        ("demo @ https://x.example/demo-1.0-py3-none-any.whl", DirectKind.ARCHIVE, "demo", ()),
        ("demo[a] @ https://x.example/demo-1.0.tar.gz", DirectKind.ARCHIVE, "demo", ("a",)),
        ("https://x.example/demo-1.0-py3-none-any.whl", DirectKind.ARCHIVE, "", ()),
        ("git+https://x.example/demo.git@v1#egg=demo[a]", DirectKind.VCS, "demo", ("a",)),
        ("demo @ git+ssh://git@x.example/demo.git", DirectKind.VCS, "demo", ()),
        ("-e git+https://x.example/demo.git#egg=demo", DirectKind.VCS, "demo", ()),
        ("svn+http://x.example/demo", DirectKind.VCS, "", ()),
        ("file:///nowhere/demo-1.0.tar.gz", DirectKind.ARCHIVE, "", ()),
    ],
)
def test_direct_requirements(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    line: str,
    kind: DirectKind,
    name: str,
    extras: tuple[str, ...],
) -> None:
    monkeypatch.chdir(tmp_path)
    plan = read(tmp_path, line + "\n")
    (found,) = plan.directs
    assert (found.kind, found.name, found.extras) == (kind, name, extras)
    assert (plan.requirements, plan.failures) == ((), ())


def test_hashes_behind_an_address_count(tmp_path: Path) -> None:
    plan = read(tmp_path, "d @ https://x.example/d-1.0-py3-none-any.whl#sha256=AB12\n")
    assert plan.directs[0].hashes == ("sha256:ab12",)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("six=1.0", "'==' is"),
        ("six >=", "no requirement"),
        ("--no-such-option", "cannot be read"),
        ("-r missing.txt", "cannot be read"),
        ("-r https://x.example/more.txt", "is an address"),
        ("-c https://u:s3cret@x.example/more.txt", "is an address"),
        ("six --index-url https://x.example", "cannot stand on the line"),
        ("six ; python_version > ", "no requirement"),
        ("-e git+https://x.example/d.git --hash=sha256:aa", "cannot stand on the line"),
        ("-h", "cannot be read"),
        ("./demo.whl ; nonsense ==", "marker"),
    ],
)
def test_what_is_wrong_is_told_with_file_and_line(tmp_path: Path, line: str, words: str) -> None:
    plan = read(tmp_path, f"first\n{line}\nlast\n")
    (failure,) = plan.failures
    assert failure.where.startswith(f"{tmp_path}/requirements.txt:2")
    assert words in failure.what
    assert "s3cret" not in repr(failure)
    assert [row.name for row in plan.requirements] == ["first", "last"]


@pytest.mark.parametrize(
    "data",
    ["ä-1 @ x".encode("utf-16"), b"\xef\xbb\xbfsix\n", "# coding: latin-1\nsix # \xe4\n".encode("latin-1")],
)
def test_encodings_that_pip_knows(tmp_path: Path, data: bytes) -> None:
    plan = read(tmp_path, data)
    assert plan.requirements or "cannot be decoded" not in plan.failures[0].what


@pytest.mark.parametrize(
    "data", [b"six\n\xff\xfe\xfd", b"# coding: nonsense\nsix\n", b"# coding: hex\nsix\n"]
)
def test_bytes_that_are_no_text_are_one_error(tmp_path: Path, data: bytes) -> None:
    plan = read(tmp_path, data)
    assert plan.requirements == ()
    assert "cannot be decoded" in plan.failures[0].what


def test_a_file_that_is_too_long_is_refused(tmp_path: Path) -> None:
    assert "lines" in read(tmp_path, "six\n" * 100_002).failures[0].what


def test_a_constraint_that_is_no_name_is_refused(tmp_path: Path) -> None:
    plan = read(tmp_path, "-c limits.txt\napp\n", limits="-e ./evil\ngit+https://x.example/d.git\nok<2\n")
    assert [row.name for row in plan.constraints] == ["ok"]
    assert [failure.where.rpartition("limits.txt")[2].split(":")[1] for failure in plan.failures] == [
        "1",
        "2",
    ]
    assert plan.directs == ()


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (f"app; {'(' * 5000}python_version > '3'{')' * 5000}", "nested too deeply"),
        (f"app; {'(' * 20000}", "nested too deeply"),
        (f"./app ; {'(' * 20000}", "nested too deeply"),
        (f"app {'x' * 70_000}", "characters in one line"),
        ("app \\\n" * 20_000, "characters in one line"),
        (f"app{' ' * 60_000}x", "no requirement"),
        ("app\u3000" + "\u3000" * 60_000 + "x", "no requirement"),
        ("app[" * 15_000, "no requirement"),
        (f"{'-' * 60_000}", "cannot be read"),
        ("app --hash=foo", "no hash"),
        ("app --hash=md5:" + "0" * 32, "no hash"),
        ("app --hash=sha256:zz", "no hash"),
    ],
)
def test_lines_that_are_made_to_break_it(tmp_path: Path, line: str, words: str) -> None:
    plan = read(tmp_path, f"{line}\n")
    (failure,) = plan.failures
    assert words in failure.what
    assert len(failure.what) + len(failure.where) < 2500
    assert plan.requirements == ()


def test_two_hundred_hashes_are_no_long_line(tmp_path: Path) -> None:
    hashes = [f"sha256:{number:064x}" for number in range(400)]
    plan = read(tmp_path, "app==1.0 \\\n" + " \\\n".join(f"    --hash={one}" for one in hashes) + "\n")
    assert plan.failures == ()
    assert plan.requirements[0].hashes == tuple(hashes)


def test_what_comes_by_a_pipe_is_bounded_too(tmp_path: Path) -> None:
    limits = structs.replace(DEFAULT, metadata_bytes=100)
    plan = read_requirements("<stdin>", limits, data=b"#" * 100 + b"\nspy\n")
    assert (plan.requirements, len(plan.failures)) == ((), 1)
    assert "more than 100 bytes" in plan.failures[0].what


@pytest.mark.parametrize("algorithm", ["md5", "sha1", "sha224", "sha256", "sha384", "sha512"])
def test_hashes_behind_an_address_count_as_for_pip(tmp_path: Path, algorithm: str) -> None:
    plan = read(tmp_path, f"app @ https://x.example/app-1.0-py3-none-any.whl#{algorithm}=0AB\n")
    assert plan.directs[0].hashes == (f"{algorithm}:0ab",)
