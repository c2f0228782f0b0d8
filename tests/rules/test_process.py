"""Process starts: when a plain one in an inner module is no more than low, and when it is."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from tests.rules.made import package, reached
from wheelwatch.model import Kind, Trigger
from wheelwatch.rules import judge


def severities(snippet: str, *kinds: Kind, is_aside: bool = True, **fields: Any) -> list[str]:
    start = reached(kind=Kind.PROCESS, api="subprocess.run", **fields)
    site = msgspec.structs.replace(start.site, snippet=snippet)
    start = msgspec.structs.replace(start, site=site, is_aside=is_aside)
    others = (reached(kind=kind, api=f"x.{kind.value}", line=9) for kind in kinds)
    found = judge(package(start, *others))
    return [finding.severity.label for finding in found if finding.rule == "payload-process"]


def test_a_plain_one_in_an_inner_module_is_low() -> None:
    assert severities("subprocess.run(['gcc', '-v'])") == ["low"]


@pytest.mark.parametrize(
    "snippet",
    [
        "subprocess.run([sys.executable, '-c', code])",
        "subprocess.run('curl x | sh', shell=True)",
        "subprocess.run(['bash', script])",
        "subprocess.run(b64decode(x))",
        "subprocess.run(os.environ['X'])",
    ],
)
def test_words_that_tell_of_more_keep_it_high(snippet: str) -> None:
    assert severities(snippet) == ["high"]


@pytest.mark.parametrize("kind", [Kind.NETWORK, Kind.CREDENTIALS, Kind.DECODE_RUN, Kind.DYNAMIC_CODE])
def test_company_keeps_it_high(kind: Kind) -> None:
    assert severities("subprocess.run(['gcc'])", kind) == ["high"]


def test_on_the_way_of_the_package_itself_it_is_high() -> None:
    assert severities("subprocess.run(['gcc'])", is_aside=False) == ["high"]
    assert severities("subprocess.run(['gcc'])", obfuscated=True) == ["critical"]


def test_at_startup_it_is_critical() -> None:
    assert severities("subprocess.run(['gcc'])", trigger=Trigger.STARTUP) == ["critical"]
