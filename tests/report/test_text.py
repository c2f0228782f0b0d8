"""The text report: snapshots of the whole output, and text that no target can turn into commands."""

import re

import msgspec
import pytest

from tests.report import samples
from wheelwatch.model import Effort, Level, Outcome, Report, Severity, Trigger
from wheelwatch.report import text

WHOLE = """\
demo 1.0  wheel  high  score 67  demo-1.0-py3-none-any.whl
  67 = 60 analysis-not-analysed at startup + 7 hook-trace at startup

high[hook-trace]: installs a trace function with sys.settrace
  --> demo/_hooks.py:12:5
   |
12 | sys.settrace(spy)
   | ^^^^^^^^^^^^^^^^^
   = chain:    zz.pth:1                  import demo._boot
            -> demo/_boot.py:3           install()  (depends on $DEMO)
            -> other: demo/_hooks.py:12  sys.settrace
   = instead: start the debugger or coverage from outside (python -m pdb, coverage run), or use
              sys.monitoring with a tool id of its own on Python 3.12 and later.

info[startup-line]: runs a line
 --> zz.pth:1:1
  |
1 | import demo._boot
  | ^^^^^^^^^^^^^^^^^
  = on: Python 3.8, 3.15
  = known good: demo-line

high[analysis-not-analysed]: zz.start: too-deep: nested 200,000 deep
  + 1 unread file, shown by --verbose
  + 1 info finding, shown by --verbose

2 packages have no finding above info (1 info finding, shown by --verbose)

fail: 3 packages scanned; 2 high; 2 files not analysed; 1 error (fails on high)
"""


def whole() -> Report:
    line = samples.finding(
        rule="startup-line",
        severity=Severity.INFO,
        api=None,
        message="runs a line",
        path="zz.pth",
        line=1,
        column=1,
        snippet="import demo._boot",
        chain=(),
        pythons=("3.8", "3.15"),
        known="demo-line",
        fingerprint="1",
    )
    unread = samples.finding(
        rule="analysis-not-analysed", api=None, path="zz.start", chain=(), fingerprint="2"
    )
    quiet = samples.finding(severity=Severity.INFO, trigger=Trigger.CALL, rule="hook-exit", fingerprint="3")
    demo = samples.package(
        samples.finding(api="demo.unknown"),
        line,
        unread,
        quiet,
        not_analysed=(
            samples.unread(path="zz.start", trigger=Trigger.STARTUP, fingerprint="2"),
            samples.unread(),
        ),
        score=67,
    )
    clean = {"score": 0, "level": Level.NONE}
    return samples.report(
        samples.package(name="six", **clean),
        samples.package(quiet, name="click", **clean),
        demo,
        errors=(samples.failure(),),
    )


def test_the_whole_report() -> None:
    assert text.render(whole()) == WHOLE


def test_verbose_shows_what_is_folded() -> None:
    shown = text.render(whole(), verbose=True)
    assert "info[hook-exit]" in shown
    assert "demo/x.py: too-deep" in shown
    assert "six 1.0" in shown
    assert "--verbose" not in shown


def test_verbose_says_how_far_the_search_went() -> None:
    (first, *rest) = whole().packages
    effort = Effort(asked=12, cut=1, failed=2)
    report = msgspec.structs.replace(
        whole(), packages=(msgspec.structs.replace(first, effort=effort), *rest)
    )
    line = "reach: looked into 12 files, 1 way cut off by limits, 2 groups of files not read together"
    assert line in text.render(report, verbose=True)
    assert "reach:" not in text.render(report)
    assert "reach:" not in text.render(whole(), verbose=True)


def test_what_to_use_instead_is_said_once() -> None:
    shown = text.render(samples.report(samples.package(samples.finding(), samples.finding(line=14))))
    assert shown.count("instead:") == 1


def test_what_is_only_callable_is_one_line_per_place() -> None:
    low = [
        samples.finding(
            severity=Severity.LOW, trigger=Trigger.CALL, line=line, chain=(), fingerprint=str(line)
        )
        for line in range(1, 8)
    ]
    report = samples.report(samples.package(*low, level=Level.LOW, score=1))
    shown = text.render(report)
    assert shown.count("low[hook-trace]") == 1
    assert shown.count("  --> demo/_hooks.py:") == 5
    assert "+ 2 more, shown by --verbose" in shown
    assert text.render(report, verbose=True).count("low[hook-trace]") == 7


def test_errors_are_told_with_their_hint() -> None:
    assert text.errors(whole().errors) == "error: gone.whl: no such file\n  hint: check the path\n"


def test_a_finding_on_versions_that_do_not_count_is_folded() -> None:
    report = samples.report(
        samples.package(samples.finding(applies=False), score=0, level=Level.NONE), outcome=Outcome.PASS
    )
    assert "hook-trace" not in text.render(report)
    assert "none of which counts here" in text.render(report, verbose=True)


def test_rows_fit_the_width() -> None:
    long = samples.finding(message="word " * 60, snippet="x" * 200)
    for width in (80, 120):
        rows = text.render(samples.report(samples.package(long)), width=width).splitlines()
        assert max(map(len, rows)) <= width


def test_what_is_about_a_whole_package_has_no_empty_place() -> None:
    low = samples.finding(severity=Severity.LOW, path="", line=0, column=0, snippet="", chain=())
    assert "-->" not in text.render(samples.report(samples.package(low, level=Level.LOW, score=1)))


@pytest.mark.parametrize(("length", "rows"), [(30, 30), (31, 20), (5_000, 20)])
def test_a_long_chain_shows_both_ends(length: int, rows: int) -> None:
    first = samples.finding().chain[0]
    chain = tuple(msgspec.structs.replace(first, what=f"f{number}()") for number in range(length))
    shown = text.render(samples.report(samples.package(samples.finding(chain=chain))))
    assert sum("f" in row and "()" in row and "zz.pth" in row for row in shown.splitlines()) == rows
    assert "f0()" in shown
    assert f"f{length - 1}()" in shown
    assert (f"... {length - 20:,} more steps" in shown) is (rows < length)


def test_a_name_cannot_fill_the_screen() -> None:
    words = "demo/" + "x" * 100_000 + "/end.py"
    found = samples.finding(path=words, message=words, snippet=words)
    package = samples.package(
        found, name=words, version=words, location=words, not_analysed=(samples.unread(path=words),)
    )
    shown = text.render(samples.report(package), verbose=True)
    assert len(shown) < 5_000
    assert "/end.py:12" in shown
    assert "more characters" in shown


def hostile() -> Report:
    words = samples.HOSTILE
    found = samples.finding(
        message=words, path=words, snippet=words, api=words, known=words, chain=samples.finding().chain
    )
    return samples.report(
        samples.package(
            found, name=words, version=words, location=words, not_analysed=(samples.unread(path=words),)
        ),
        errors=(samples.failure(where=words, what=words, hint=words),),
    )


def test_a_target_cannot_write_to_the_terminal() -> None:
    shown = text.render(hostile(), verbose=True) + text.errors(hostile().errors)
    assert re.search("[^\n -~]", shown) is None
    assert "[bold red]" in shown


def test_colours_are_ours_alone() -> None:
    shown = text.render(hostile(), color=True, verbose=True)
    assert "\x1b[" in shown
    plain = re.sub("\x1b\\[[0-9;]*m", "", shown)
    assert [row.rstrip() for row in plain.splitlines()] == text.render(hostile(), verbose=True).splitlines()


@pytest.mark.parametrize("words", samples.INJECTIONS)
def test_no_line_of_a_target_is_a_command_of_a_ci_service(words: str) -> None:
    written = text.render(samples.injected(words), verbose=True)
    assert not any(line.strip().startswith("::") for line in written.splitlines())
    assert "##[" not in written
