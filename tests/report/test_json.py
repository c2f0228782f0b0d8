"""The JSON report matches its closed schema, whatever the target called itself."""

import json
from collections.abc import Iterator
from importlib.resources import files
from typing import Any

import jsonschema  # type: ignore[import-untyped]  # ships no types
import msgspec
import pytest

from tests.report import samples
from wheelwatch import model
from wheelwatch.report import json as form

SCHEMA = json.loads((files("wheelwatch.report") / "schema.json").read_text(encoding="utf-8"))


def check(text: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(text)
    jsonschema.Draft202012Validator(SCHEMA).validate(document)
    return document


def test_a_report_validates_and_says_what_it_holds() -> None:
    report = samples.report(
        samples.package(samples.finding(), not_analysed=(samples.unread(),)), errors=(samples.failure(),)
    )
    document = check(form.render(report))
    (package,) = document["packages"]
    (finding,) = package["findings"]
    assert finding["severity"] == "high"
    assert finding["chain"][1] == {
        "package": "demo",
        "path": "demo/_boot.py",
        "line": 3,
        "what": "install()",
        "guard": "env:DEMO; other",
    }
    assert package["not_analysed"][0]["reason"] == "too-deep"
    assert document["errors"] == [{"where": "gone.whl", "what": "no such file", "hint": "check the path"}]
    assert document["outcome"] == "fail"


def test_never_is_a_threshold() -> None:
    assert check(form.render(samples.report(fail_on=None)))["fail_on"] == "never"


def test_hostile_text_stays_readable_for_strict_parsers() -> None:
    hostile = samples.HOSTILE
    report = samples.report(
        samples.package(
            samples.finding(message=hostile, path=hostile, snippet=hostile, api=hostile),
            name=hostile,
            not_analysed=(samples.unread(path=hostile, detail=hostile),),
        ),
        targets=(hostile,),
        errors=(samples.failure(where=hostile),),
    )
    text = form.render(report)
    assert text.isascii()
    finding = check(text)["packages"][0]["findings"][0]
    assert finding["path"] == hostile.replace("\udcff", "\\udcff")
    assert "\udcff" not in json.dumps(check(text), ensure_ascii=False)


def test_an_origin_is_told_in_full() -> None:
    origin = model.Origin(
        requirement="flask>=3",
        file="requirements.txt",
        line=2,
        path=("flask", "jinja2"),
        url="https://index.example/jinja2.whl",
        uploaded="2026-03-01T10:00:00Z",
        cached=False,
    )
    package = msgspec.structs.replace(samples.package(), origin=origin)
    document = check(form.render(samples.report(package)))
    assert document["packages"][0]["origin"] == msgspec.to_builtins(origin) | {"path": ["flask", "jinja2"]}
    assert check(form.render(samples.report(samples.package())))["packages"][0]["origin"] is None


def every_object(schema: Any) -> Iterator[dict[str, Any]]:
    """All object schemas, found without recursion."""
    waiting = [schema]
    while waiting:
        node = waiting.pop()
        if isinstance(node, dict):
            waiting.extend(node.values())
            if "properties" in node:
                yield node
        elif isinstance(node, list):
            waiting.extend(node)


def test_the_schema_is_closed() -> None:
    objects = list(every_object(SCHEMA))
    assert len(objects) == 11
    for node in objects:
        assert node["additionalProperties"] is False
        assert sorted(node["required"]) == sorted(node["properties"])


@pytest.mark.parametrize(
    ("place", "words"),
    [
        (("$defs", "finding", "properties", "severity"), [grade.label for grade in model.Severity]),
        (("$defs", "package", "properties", "level"), [level.label for level in model.Level]),
        (("$defs", "package", "properties", "kind"), list(model.PackageKind)),
        (("$defs", "trigger"), list(model.Trigger)),
        (("$defs", "python"), list(model.SUPPORTED_PYTHONS)),
        (("$defs", "not_analysed", "properties", "reason"), list(model.Reason)),
        (("properties", "outcome"), list(model.Outcome)),
    ],
)
def test_the_schema_spells_out_every_word_of_the_model(place: tuple[str, ...], words: list[str]) -> None:
    node = SCHEMA
    for key in place:
        node = node[key]
    assert node["enum"] == words
