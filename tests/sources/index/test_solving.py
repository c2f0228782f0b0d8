"""uv at its bounds: what an index can make it do."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support import index as served
from tests.support.index import serve
from wheelwatch.limits import DEFAULT, MIB
from wheelwatch.sources.index import courier as couriers
from wheelwatch.sources.index import program
from wheelwatch.sources.index.courier import Courier
from wheelwatch.sources.index.machine import Machine
from wheelwatch.sources.index.settings import Index, Settings
from wheelwatch.sources.index.shelf import Shelf
from wheelwatch.sources.index.solving import Resolver
from wheelwatch.sources.plan import Asked, Plan, Requirement

pytestmark = [pytest.mark.network, pytest.mark.executes]


@pytest.mark.parametrize("kind", ["text/html", served.JSON])
def test_a_page_without_an_end_takes_no_more_than_it_may(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    monkeypatch.setattr(program, "RESIDENT", 150 * MIB)
    monkeypatch.setattr(program, "LOOK", 0.02)
    monkeypatch.setattr(couriers, "PAGE_BYTES", MIB)
    with serve() as index:
        index.fail("/simple/app/", served.endless(kind))
        mine = Index(url=index.url, is_default=True)
        settings = Settings(indexes=(mine,))
        resolver = Resolver(settings=settings, machine=Machine(), cache=str(tmp_path / "uv"))
        solution = resolver.resolve(Plan(requirements=(Requirement(name="app", asked=Asked("app")),)))
        assert solution.failure is not None
        assert "does not stop talking" in solution.failure.what
        assert solution.missing == ("app",)
        shelf = Shelf(str(tmp_path / "shelf"))
        with Courier(settings, shelf, DEFAULT, is_offline=False) as courier:
            (page,) = courier.pages([(mine, "app")])
    assert page.failure is not None
    assert "more than" in page.failure.what


def test_uv_that_does_not_end_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(program, "SECONDS", 0)
    monkeypatch.setattr(program, "LOOK", 0.01)
    answer = program.run_uv(("pip", "compile", "x.in"), {"x.in": "app\n"}, cache=str(tmp_path))
    assert answer.code == program.GIVEN_UP
    assert "did not end" in answer.err


def test_credentials_are_in_no_command_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is on a command line every user of the machine can read."""
    seen: list[tuple[list[str], dict[str, str]]] = []

    def run(command: list[str], _folder: str, environment: dict[str, str]) -> program.Answer:
        seen.append((command, environment))
        return program.Answer(0, "", "")

    monkeypatch.setattr(program, "_run", run)
    mine = Index(url="https://x.example/simple", user="me", password="hidden5:cr@t/", is_default=True)
    link = Index(url="https://y.example/a,b", user="me", password="hidden5:cr@t/")
    settings = Settings(indexes=(mine,), find_links=(link,))
    program.run_uv(("pip", "compile"), {}, settings=settings, cache=str(tmp_path))
    ((command, environment),) = seen
    assert "hidden5" not in " ".join(command)
    assert environment["UV_INDEX_WHEELWATCH0_PASSWORD"] == "hidden5:cr@t/"
    assert environment["UV_FIND_LINKS"] == "https://me:hidden5%3Acr%40t%2F@y.example/a%2Cb"
