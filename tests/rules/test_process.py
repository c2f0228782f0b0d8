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


@pytest.mark.parametrize(
    "snippet",
    ["subprocess.run(['gcc', '-v'])", 'check_output(["uname", "-a"], text=True)', "run(('cc',))"],
)
def test_a_question_in_an_inner_module_is_low(snippet: str) -> None:
    assert severities(snippet) == ["low"]


@pytest.mark.parametrize(
    "snippet",
    [
        "subprocess.Popen(['helper'])",
        "subprocess.run(command)",
        "subprocess.run(['gcc', flag])",
        "subprocess.run(['gcc'] + rest)",
        "subprocess.run(['gcc', '-wrapper', 'x;y'])",
        "subprocess.run(['gcc', '-wrapper', './x'])",
        "subprocess.run(['gcc', '-fplugin=./x.so', 'x.c'])",
        "subprocess.run(['gcc', '-B./x', 'x.c'])",
        "subprocess.run(['xcrun', './x'])",
        "subprocess.run(['gccx'])",
        "subprocess.call('a | b', shell=1)",
        "os.system('id')",
        "os.popen('id')",
    ],
)
def test_anything_else_in_an_inner_module_is_high(snippet: str) -> None:
    assert severities(snippet) == ["high"]


@pytest.mark.parametrize("path", ["p/tests/util.py", "p/test/x.py", "p/a/test_x.py", "p/conftest.py"])
def test_a_plain_one_in_a_test_that_the_package_does_not_import_is_low(path: str) -> None:
    assert severities("subprocess.run(command)", path=path) == ["low"]
    assert severities("subprocess.run(command)", path=path, is_aside=False) == ["high"]
    assert severities("subprocess.run('curl x')", path=path) == ["medium"]
    assert severities("subprocess.run('curl x')", path=path, is_aside=False) == ["high"]


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
    assert severities("subprocess.run(x)", trigger=Trigger.STARTUP, detail="ps -p ?; x") == ["critical"]
    assert severities("subprocess.run(x)", trigger=Trigger.STARTUP, detail="ps\nhelper") == ["critical"]


@pytest.mark.parametrize("command", ["ps -ww -p ? -o command=", "/usr/bin/uname -a", "lscpu"])
def test_a_question_to_the_system_at_startup_is_a_step_less(command: str) -> None:
    assert severities("spawn(command)", trigger=Trigger.STARTUP, detail=command) == ["high"]


def test_what_only_the_import_of_a_test_calls_is_low() -> None:
    start = reached(kind=Kind.PROCESS, api="subprocess.run", path="p/context.py")
    steps = tuple(
        msgspec.structs.replace(start.chain[0], path=path)
        for path in ("p/tests/test_x.py", "p/a.py", "p/context.py")
    )
    for chain, expected in ((steps, "low"), (steps[1:], "high")):
        site = msgspec.structs.replace(start.site, snippet="subprocess.run('powershell x')")
        case = msgspec.structs.replace(start, site=site, chain=chain, is_aside=True)
        (finding,) = judge(package(case))
        assert finding.severity.label == expected


def test_a_command_in_a_variable_is_judged_by_what_it_holds() -> None:
    def severity(commands: str, api: str = "run") -> str:
        start = reached(kind=Kind.PROCESS, api="subprocess.run", detail=commands)
        site = msgspec.structs.replace(start.site, snippet=f"subprocess.{api}(cmd, text=True)")
        (finding,) = judge(package(msgspec.structs.replace(start, site=site, is_aside=True)))
        return finding.severity.label

    assert severity("lscpu") == "low"
    assert severity("uname -m\nsysctl hw\nisainfo -b") == "low"
    assert severity("uname -m\nhelper") == "high"
    assert severity("uname -m; helper") == "high"
    assert severity("uname -m\n?") == "high", "one way to it gives a command that nobody knows"
    assert severity("") == "high"
    assert severity("gcc -v", "Popen") == "high"


@pytest.mark.parametrize(
    ("guard", "trigger", "is_endless"),
    [
        (None, Trigger.STARTUP, True),
        ("env:DEMO", Trigger.STARTUP, False),
        (None, Trigger.IMPORT, False),
    ],
)
def test_python_that_starts_python_at_startup_never_ends(
    guard: str | None, trigger: Trigger, is_endless: bool
) -> None:
    start = reached(trigger, kind=Kind.PROCESS, api="subprocess.Popen", detail="sys.executable -c pass")
    (finding,) = judge(package(msgspec.structs.replace(start, guard=guard)))
    assert ("processes without end" in finding.message) == is_endless


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("git log --pretty=format:%ct --quiet -1 HEAD", "low"),
        ("git describe --tags", "low"),
        ("git -c core.pager=x log", "high"),
        ("git log; x", "high"),
        ("git log ?", "high"),
        ("git push", "high"),
        ("fc-list --help", "low"),
        ("fc-list --format=%{file}\\n", "low"),
        ("fc-list ?", "high"),
        ("fc-list; x", "high"),
        ("system_profiler -xml SPFontsDataType", "low"),
        ("system_profiler ?", "high"),
    ],
)
def test_a_question_to_a_checkout_at_import_is_low(command: str, expected: str) -> None:
    call = "subprocess.run(command, shell=True)"
    assert severities(call, is_aside=False, detail=command) == [expected]
