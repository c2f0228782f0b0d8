"""What path lines and editable installs add to a set."""

import io
import json
import zipfile
from pathlib import Path

from tests.support.factories import site_dir, tree, wheel
from wheelwatch.archive import read
from wheelwatch.limits import DEFAULT
from wheelwatch.model import Distribution, PackageKind, TargetSet
from wheelwatch.sources import find


def packed(files: dict[str, str]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


ZIP = packed({"sitecustomize.py": "x = 1\n"})


def one(*targets: Path) -> TargetSet:
    found = find([str(target) for target in targets], as_=None, limits=DEFAULT)
    assert not found.failures
    return found.sets[0]


def paths(found: Distribution) -> set[str]:
    return {m.path for m in found.members if ".dist-info/" not in m.path}


def test_a_zip_behind_a_path_line_is_opened_also_in_another_wheel(tmp_path: Path) -> None:
    first = wheel(tmp_path, {"z.pth": "# c\n./data.bin\n"}, name="aa")
    second = wheel(tmp_path, {"data.bin": ZIP, "other.bin": ZIP}, name="bb")
    found = one(first, second).distributions[1]
    assert paths(found) == {"data.bin", "other.bin", "data.bin/sitecustomize.py"}
    inner = next(m for m in found.members if m.path.endswith("sitecustomize.py"))
    assert read(inner.source, DEFAULT) == b"x = 1\n"


def test_a_zip_in_the_prefix_is_opened_when_a_line_leads_there(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "z.pth": "../../../share/x.dat\n",
        "demo-1.0.data/data/share/x.dat": ZIP,
    }
    assert "{prefix}/share/x.dat/sitecustomize.py" in paths(one(wheel(tmp_path, files)).distributions[0])


def test_the_zip_of_the_standard_library_is_opened_without_a_line(tmp_path: Path) -> None:
    found = one(wheel(tmp_path, {"demo-1.0.data/data/lib/python312.zip": ZIP})).distributions[0]
    assert "{prefix}/lib/python312.zip/sitecustomize.py" in paths(found)


def test_a_wheel_cannot_make_us_read_this_system(tmp_path: Path) -> None:
    outside = tree(tmp_path / "outside", {"secret.py": ""})
    found = one(wheel(tmp_path, {"z.pth": f"{outside}\n"}))
    assert found.roots == ("",)
    assert len(found.distributions) == 1


def installed(tmp_path: Path, files: dict[str, str], loose: dict[str, str] | None = None) -> TargetSet:
    root = tmp_path / "env/lib/python3.12/site-packages"
    return one(site_dir(root, {"demo-1.0": files}, loose))


def test_a_folder_outside_is_followed_and_belongs_to_who_leads_there(tmp_path: Path) -> None:
    project = tree(tmp_path / "project/src", {"demo/a.py": "x = 1\n", "node-modules/b.py": ""})
    found = installed(tmp_path, {"_demo.pth": f"{project}\n"})
    assert found.roots == (str(tmp_path / "env/lib/python3.12/site-packages"), str(project))
    last = found.distributions[-1]
    assert (last.name, last.kind, last.root, paths(last)) == (
        "demo",
        PackageKind.FOLDER,
        str(project),
        {"demo/a.py"},
    )
    assert found.site_roots == found.roots[:1]


def test_a_zip_outside_is_a_root_of_its_own(tmp_path: Path) -> None:
    tree(tmp_path / "eggs", {"x.egg": ZIP})
    found = installed(tmp_path, {"demo.pth": f"{tmp_path}/eggs/x.egg\n"})
    assert paths(found.distributions[-1]) == {"sitecustomize.py"}
    assert found.roots[-1] == f"{tmp_path}/eggs/x.egg"


def test_lines_that_lead_around_the_set_are_not_followed(tmp_path: Path) -> None:
    found = installed(tmp_path, {"demo.pth": "/\n..\n../../..\n/nowhere/at/all\nx\0y\n"})
    assert len(found.roots) == 1


def test_an_editable_install_with_a_finder_brings_its_project(tmp_path: Path) -> None:
    project = tree(tmp_path / "my project", {"pyproject.toml": "", "src/demo/a.py": "", "setup.py": ""})
    url = json.dumps({"url": project.as_uri(), "dir_info": {"editable": True}})
    files = {"__editable___demo_finder.py": "", "demo-1.0.dist-info/direct_url.json": url}
    found = installed(tmp_path, files)
    last = found.distributions[-1]
    assert (last.name, last.version, last.kind) == ("demo", "1.0", PackageKind.FOLDER)
    assert paths(last) == {"demo/a.py"}
    assert found.roots[-1] == str(project)


def test_what_direct_url_says_wrongly_is_ignored(tmp_path: Path) -> None:
    for index, text in enumerate(("[", "[]", '{"url": 1}', '{"url": "file:///"}', "[" * 100_000)):
        files = {"demo-1.0.dist-info/direct_url.json": text, "demo.py": ""}
        assert len(installed(tmp_path / str(index), files).roots) == 1
