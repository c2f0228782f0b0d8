"""The JSON form of the boot sequence matches its closed schema, whatever the target called itself."""

import json
from importlib.resources import files
from typing import Any

import jsonschema  # type: ignore[import-untyped]  # ships no types
import pytest

from tests.report import listings, samples
from tests.report.test_json import SCHEMA as REPORT
from tests.report.test_json import every_object
from wheelwatch import model
from wheelwatch.report import boot, sequence

SCHEMA = json.loads((files("wheelwatch.report") / "startup.json").read_text(encoding="utf-8"))


def check(text: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(text)
    jsonschema.Draft202012Validator(SCHEMA).validate(document)
    return document


def test_a_listing_validates_and_says_what_it_holds() -> None:
    document = check(sequence.render(listings.listing(listings.turn(known="demo-line"))))
    assert document["schema"] == "wheelwatch-startup-1.1"
    (start,) = document["starts"]
    (order,) = start["orders"]
    (step,) = order["steps"]
    assert order["pythons"] == ["3.11", "3.12"]
    assert (step["path"], step["line"], step["text"]) == ("zz.pth", 1, "import demo._boot\n")
    assert (step["severity"], step["known"], step["silences"]) == ("high", "demo-line", None)
    assert step["modules"] == ["demo/_boot.py", "demo/_hooks.py"]
    assert step["findings"][0]["api"] == "sys.settrace"


def test_never_is_a_threshold() -> None:
    assert check(sequence.render(listings.listing(fail_on=None)))["fail_on"] == "never"


def test_hostile_text_stays_readable_for_strict_parsers() -> None:
    text = sequence.render(listings.hostile())
    assert text.isascii()
    step = check(text)["starts"][0]["orders"][0]["steps"][0]
    assert step["path"] == samples.HOSTILE.replace("\udcff", "\\udcff")
    assert "\udcff" not in json.dumps(check(text), ensure_ascii=False)


def test_the_schema_is_closed() -> None:
    objects = list(every_object(SCHEMA))
    assert len(objects) == 10
    for node in objects:
        assert node["additionalProperties"] is False
        assert sorted(node["required"]) == sorted(node["properties"])


@pytest.mark.parametrize("name", ["finding", "step", "not_analysed", "error", "python", "trigger", "rule"])
def test_what_both_forms_hold_has_one_form(name: str) -> None:
    assert SCHEMA["$defs"][name] == REPORT["$defs"][name]


def test_the_schema_spells_out_every_word_of_the_model() -> None:
    turn = SCHEMA["$defs"]["turn"]["properties"]
    assert turn["kind"]["enum"] == list(model.StartupKind)
    assert turn["owner"]["enum"] == list(model.PackageKind)
    assert turn["phase"]["enum"] == list(boot.STAGES)
    assert SCHEMA["$defs"]["severity"]["enum"] == [grade.label for grade in model.Severity]
    assert SCHEMA["properties"]["outcome"]["enum"] == list(model.Outcome)
