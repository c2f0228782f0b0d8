"""Site directories: who owns what, what has changed, and files that must not be opened."""

import itertools
import os
import zipfile
from pathlib import Path

import pytest

from tests.support.factories import site_dir
from tests.support.factories import tree as tree_of
from wheelwatch.archive import Issue, Tree, read, read_tree
from wheelwatch.limits import DEFAULT
from wheelwatch.model import Distribution, EntryPoint, PackageKind, Reason


def tree(root: Path, prefix: str = "") -> dict[str, Distribution]:
    found = read_tree(Tree(root=str(root), location="given", prefix=prefix), DEFAULT)
    return {d.name: d for d in found}


def issues(found: Distribution) -> list[tuple[str, str]]:
    return [(i.issue, i.path) for i in found.issues]


def code(found: Distribution) -> list[str]:
    return [m.path for m in found.members if ".dist-info/" not in m.path]


def test_files_belong_to_who_lists_them_and_the_rest_is_unowned(tmp_path: Path) -> None:
    root = site_dir(
        tmp_path / "lib", {"demo-1.0": {"demo/__init__.py": "x = 1\n"}}, {"zz.pth": "import os\n"}
    )
    found = tree(root)
    assert code(found["demo"]) == ["demo/__init__.py"]
    assert issues(found["demo"]) == []
    assert (found["demo"].kind, found["demo"].version) == (PackageKind.INSTALLED, "1.0")
    assert found["lib"].kind is PackageKind.UNOWNED
    assert (found["lib"].location, code(found["lib"])) == ("given", ["zz.pth"])
    assert read(found["lib"].members[0].source, DEFAULT) == b"import os\n"


def test_changed_missing_and_unlisted_files_are_named(tmp_path: Path) -> None:
    files = {"demo/__init__.py": "x = 1\n", "demo/gone.py": "", "demo/same.py": ""}
    root = site_dir(tmp_path, {"demo-1.0": files}, {"demo/added.py": "", "demo/data.txt": ""})
    (root / "demo/__init__.py").write_text("x = 2\n")
    (root / "demo/gone.py").unlink()
    found = tree(root)
    assert issues(found["demo"]) == [
        (Issue.RECORD_HASH, "demo/__init__.py"),
        (Issue.RECORD_MISSING, "demo/gone.py"),
    ]
    assert issues(found[tmp_path.name]) == [(Issue.RECORD_UNLISTED, "demo/added.py")]


def test_a_file_of_two_belongs_to_the_one_whose_hash_it_has(tmp_path: Path) -> None:
    site_dir(tmp_path, {"aaa-1.0": {"shared/x.py": "a = 1\n"}})
    found = tree(site_dir(tmp_path, {"zzz-1.0": {"shared/x.py": "z = 1\n"}}))
    assert issues(found["aaa"]) == [(Issue.OVERWRITTEN, "shared/x.py")]
    assert (code(found["aaa"]), code(found["zzz"])) == ([], ["shared/x.py"])


def test_compiled_files_belong_to_the_owner_of_their_source(tmp_path: Path) -> None:
    loose = {"demo/__pycache__/a.cpython-311.pyc": b"", "__pycache__/b.cpython-311.pyc": b""}
    root = site_dir(tmp_path, {"demo-1.0": {"demo/a.py": ""}}, loose)
    found = tree(root)
    assert "demo/__pycache__/a.cpython-311.pyc" in code(found["demo"])
    assert code(found[tmp_path.name]) == ["__pycache__/b.cpython-311.pyc"]


def test_scripts_are_members_with_a_place_in_the_prefix(tmp_path: Path) -> None:
    root = tmp_path / "lib/python3.11/site-packages"
    site_dir(root, {"demo-1.0": {"../../../bin/tool": "#!python\n", "demo.py": ""}})
    found = tree(root, str(tmp_path))["demo"]
    assert "{prefix}/bin/tool" in code(found)
    member = next(m for m in found.members if m.path == "{prefix}/bin/tool")
    assert read(member.source, DEFAULT) == b"#!python\n"


def test_a_record_cannot_make_us_read_outside_the_prefix(tmp_path: Path) -> None:
    root = tmp_path / "env/lib/python3.11/site-packages"
    site_dir(root, {"demo-1.0": {"../../../../secret": "s", "demo.py": ""}})
    found = tree(root, str(tmp_path / "env"))["demo"]
    assert code(found) == ["demo.py"]


def test_fifos_and_circles_are_listed_and_never_opened(tmp_path: Path) -> None:
    root = site_dir(tmp_path, {}, {"a/b.py": ""})
    os.mkfifo(root / "x.pth")
    (root / "a/up").symlink_to(root)
    (root / "self").symlink_to("self")
    (root / "dangling.pth").symlink_to("nowhere")
    (root / "linked.pth").symlink_to("a/b.py")
    found = tree(root)[tmp_path.name]
    reasons = {m.path: why.reason for m, why in found.not_analysed}
    assert reasons == {
        "x.pth": Reason.NOT_REGULAR,
        "a/up": Reason.NOT_REGULAR,
        "self": Reason.NOT_REGULAR,
        "dangling.pth": Reason.VANISHED,
    }
    assert {"linked.pth", "a/b.py"} <= set(code(found))


def test_names_that_are_no_utf8_survive(tmp_path: Path) -> None:
    (tmp_path / "x").mkdir()
    Path(os.fsdecode(bytes(tmp_path) + b"/x/\xff\x1b.pth")).write_text("import os\n")
    found = tree(tmp_path / "x")["x"]
    assert code(found) == ["\udcff\x1b.pth"]
    assert read(found.members[0].source, DEFAULT) == b"import os\n"


def test_egg_info_owns_by_its_lists(tmp_path: Path) -> None:
    (tmp_path / "old-1.2.egg-info").mkdir()
    (tmp_path / "old-1.2.egg-info/PKG-INFO").write_text("Name: old\nVersion: 1.2\n")
    (tmp_path / "old-1.2.egg-info/installed-files.txt").write_text(
        "../old/__init__.py\n../old.pth\nPKG-INFO\n"
    )
    (tmp_path / "plain-0.9.egg-info").write_text("Name: plain\nVersion: 0.9\n")
    root = site_dir(tmp_path, {}, {"old/__init__.py": "", "old.pth": "", "plain.py": "", "plain.pth": ""})
    found = tree(root)
    assert code(found["old"]) == ["old-1.2.egg-info/PKG-INFO", "old-1.2.egg-info/installed-files.txt",
                                  "old.pth", "old/__init__.py"]  # fmt: skip
    assert code(found["plain"]) == ["plain-0.9.egg-info", "plain.py"]
    assert code(found[tmp_path.name]) == ["plain.pth"]


def test_eggs_are_distributions_as_folders_and_as_zips(tmp_path: Path) -> None:
    egg = {
        "EGG-INFO/PKG-INFO": "Name: old\nVersion: 1.2\n",
        "old/a.py": "",
        "EGG-INFO/entry_points.txt": "[g]\nn = m:a\n",
    }
    tree_of(tmp_path, {f"old-1.2-py3.8.egg/{name}": text for name, text in egg.items()})
    zipped = {**egg, "EGG-INFO/PKG-INFO": "Name: packed\nVersion: 2.0\n"}
    with zipfile.ZipFile(tmp_path / "packed-2.0-py3.8.egg", "w") as archive:
        for name, text in zipped.items():
            archive.writestr(name, text)
    found = tree(tmp_path)
    assert code(found["old"])[-1] == "old-1.2-py3.8.egg/old/a.py"
    assert (found["packed"].version, code(found["packed"])) == ("2.0", ["packed-2.0-py3.8.egg"])
    assert found["packed"].entry_points == found["old"].entry_points == (EntryPoint("g", "n", "m:a"),)


def test_a_row_without_a_hash_is_named(tmp_path: Path) -> None:
    record = "demo.py,,\nx.pyc,,\ndemo-1.0.dist-info/RECORD,,\n"
    root = site_dir(
        tmp_path, {"demo-1.0": {"demo.py": "", "x.pyc": "", "demo-1.0.dist-info/RECORD": record}}
    )
    assert (Issue.RECORD_INVALID, "demo.py") in issues(tree(root)["demo"])
    assert len([i for i in issues(tree(root)["demo"]) if i[0] == Issue.RECORD_INVALID]) == 1


def test_a_distribution_without_a_record_is_named_and_owns_by_name(tmp_path: Path) -> None:
    tree_of(
        tmp_path,
        {"demo-1.0.dist-info/METADATA": "Name: demo\nVersion: 1.0\n", "demo/a.py": "", "demo.pth": ""},
    )
    found = tree(tmp_path)
    assert issues(found["demo"]) == [(Issue.RECORD_ABSENT, "demo-1.0.dist-info/RECORD")]
    assert code(found["demo"]) == ["demo/a.py"]
    assert code(found[tmp_path.name]) == ["demo.pth"]


def test_what_was_planted_in_an_installed_tree_is_named(tmp_path: Path) -> None:
    root = tmp_path / "env/lib/python3.12/site-packages"
    site_dir(root, {"demo-1.0": {"demo/__init__.py": "x = 1\n", "demo/b.py": ""}})
    tree_of(root, {"zz.pth": "import os\n", "msvcrt.py": "", "demo/c.py": "", "demo/b.py": "changed\n"})
    found = tree(root, str(tmp_path / "env"))
    assert code(found["site-packages"]) == ["demo/c.py", "msvcrt.py", "zz.pth"]
    assert issues(found["site-packages"]) == [(Issue.RECORD_UNLISTED, "demo/c.py")]
    assert issues(found["demo"]) == [(Issue.RECORD_HASH, "demo/b.py")]


@pytest.mark.parametrize("folder", [".git", ".svn", "__pycache__", "/".join("d" * 150)])
def test_no_name_and_no_depth_keeps_a_folder_out(tmp_path: Path, folder: str) -> None:
    files = {"zz.pth": f"{folder}\n", f"{folder}/sitecustomize.py": ""}
    assert f"{folder}/sitecustomize.py" in code(
        tree(site_dir(tmp_path / "lib", {"demo-1.0": files}))["demo"]
    )


def test_links_that_multiply_end_and_are_named(tmp_path: Path) -> None:
    folders = [tmp_path / f"d{number}" for number in range(30)]
    for folder in folders:
        folder.mkdir()
    (tmp_path / "x.py").write_text("")
    for folder, following in itertools.pairwise(folders):
        (folder / "a").symlink_to(following)
        (folder / "b").symlink_to(following)
    (found,) = tree(tmp_path).values()
    assert "x.py" in code(found)
    assert {issue for issue, _ in issues(found)} == {Issue.TOO_MANY}
