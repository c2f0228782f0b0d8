"""Usage, man page and completion are what the command line says of itself, and their readers take them."""

from __future__ import annotations

import re
import shutil
import subprocess

import pytest

from tools import manual

pytestmark = pytest.mark.processes

PAGES = manual.pages()


@pytest.mark.parametrize("name", PAGES)
def test_the_files_are_up_to_date(name: str) -> None:
    assert (manual.ROOT / name).read_text(encoding="utf-8") == PAGES[name], "make docs"


@pytest.mark.parametrize("name", PAGES)
def test_every_option_of_every_command_is_in_it(name: str) -> None:
    text = PAGES[name].replace("\\-", "-")
    for verb in manual.verbs():
        assert verb.name.split()[-1] in text
        for flag in verb.flags:
            shown = flag.names[0].removeprefix("--") if name.endswith(".fish") else flag.names[0]
            assert shown in text, f"{verb.name} {flag.names[0]}"


def test_links_between_the_pages_lead_somewhere() -> None:
    for page in (manual.ROOT / "docs").glob("*.md"):
        for target in re.findall(r"\]\(([^)#]+\.(?:md|toml|yml|yaml|1))", page.read_text()):
            assert (page.parent / target).exists(), f"{page.name}: {target}"


@pytest.mark.skipif(shutil.which("groff") is None, reason="no groff to read the man page")
def test_groff_reads_the_man_page_without_a_warning() -> None:
    page = manual.ROOT / "docs" / "wheelwatch.1"
    command = ["groff", "-man", "-Tutf8", "-wall", str(page)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stderr == ""
    assert "EXIT STATUS" in re.sub(".\x08", "", done.stdout)
