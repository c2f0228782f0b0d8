"""The boot sequence as text: a snapshot of the whole, what is folded, and text that obeys no target."""

import msgspec

from tests.report import listings, samples
from wheelwatch.model import Finding, Order, Outcome, PackageKind, Severity, StartupKind, Turn
from wheelwatch.report import boot

WHOLE = """\
env

Python 3.11 to 3.12: 4 steps

  site: lines of .pth files
   1 known     distutils-precedence.pth:1  setuptools 84.2.1
     | import os; var = 'SETUPTOOLS_USE_DISTUTILS'
     = known good: setuptools-distutils-local
     = runs: _distutils_hack/__init__.py
   2 info      paths.pth:2  demo 1.0
     | ../src
     = adds to the import path: {prefix}/lib/src
   3 high      zz.pth:1  owned by no distribution
     | import demo._boot
     = runs: demo/_boot.py, demo/_hooks.py
     = not there: nobody
     > high: [startup-unowned] zz.pth runs at every start and belongs to no distribution
     > high: reaches sys.settrace  demo/_hooks.py:12  (depends on $DEMO)

  later: when a module of the standard library, or a tool, first asks for it
   4 high      msvcrt.py  demo 1.0
     = note: subprocess asks for it

fail: 4 startup steps; 2 high (fails on high)
"""


def known() -> Turn:
    return listings.turn(
        package="setuptools",
        version="84.2.1",
        path="distutils-precedence.pth",
        text="import os; var = 'SETUPTOOLS_USE_DISTUTILS'",
        severity=Severity.INFO,
        known="setuptools-distutils-local",
        modules=("_distutils_hack/__init__.py",),
        findings=(),
    )


def unowned() -> Finding:
    message = "zz.pth runs at every start and belongs to no distribution"
    return samples.finding(
        rule="startup-unowned", api=None, path="zz.pth", line=1, chain=(), message=message, fingerprint="u"
    )


def test_the_whole() -> None:
    steps = (
        known(),
        listings.turn(
            kind=StartupKind.PTH_PATH,
            path="paths.pth",
            line=2,
            text="../src\n",
            target="{prefix}/lib/src",
            severity=Severity.INFO,
            modules=(),
            findings=(),
        ),
        listings.turn(
            owner=PackageKind.UNOWNED, missing=("nobody",), findings=(unowned(), samples.finding())
        ),
        listings.turn(
            phase="later",
            kind=StartupKind.SQUAT,
            path="msvcrt.py",
            line=0,
            text="",
            detail="subprocess asks for it",
            modules=(),
            findings=(),
        ),
    )
    assert boot.render(listings.listing(*steps)) == WHOLE


def test_each_order_is_shown_and_an_empty_one_says_so() -> None:
    whole = listings.listing(known())
    (start,) = whole.starts
    orders = (*start.orders, Order(pythons=("3.15",), steps=()))
    starts = (msgspec.structs.replace(start, orders=orders),)
    rows = boot.render(msgspec.structs.replace(whole, starts=starts, outcome=Outcome.PASS)).splitlines()
    assert "Python 3.11 to 3.12: 1 step" in rows
    assert "Python 3.15: nothing runs before a program" in rows
    assert rows[-1] == "pass: 1 startup step; no findings (fails on high)"


def test_what_is_folded_is_counted_and_shown_on_demand() -> None:
    many = tuple(samples.finding(line=number, fingerprint=str(number)) for number in range(1, 9))
    modules = tuple(f"demo/m{number}.py" for number in range(9))
    whole = listings.listing(listings.turn(findings=many, modules=modules, text="import " + "x" * 300))
    folded = boot.render(whole)
    assert "and 4 more" in folded
    assert "+ 3 more, shown by --verbose" in folded
    assert max(map(len, folded.splitlines())) <= 100
    shown = boot.render(whole, verbose=True)
    assert "demo/m8.py" in shown
    assert "demo/_hooks.py:8" in shown
    assert "x" * 300 in shown


def test_roots_are_named_when_there_are_several() -> None:
    whole = listings.listing(listings.turn(root="a"), listings.turn(root="b"))
    assert "= in: a\n" in boot.render(whole)
    assert "= in: b\n" in boot.render(whole)


def test_findings_without_a_step_are_told() -> None:
    whole = listings.listing()
    (start,) = whole.starts
    loose = samples.finding(rule="analysis-not-analysed", path="zz.pth", line=0, message="not analysed (x)")
    starts = (msgspec.structs.replace(start, findings=(loose,)),)
    told = boot.render(msgspec.structs.replace(whole, starts=starts))
    assert "high[analysis-not-analysed]: zz.pth: not analysed (x)" in told


def test_no_text_of_a_target_is_obeyed() -> None:
    text = boot.render(listings.hostile(), verbose=True) + boot.summary(listings.hostile())
    assert all(character == "\n" or character.isprintable() for character in text)
    assert not any(row.startswith("::") for row in text.splitlines())
    assert "\x1b[" in boot.render(listings.hostile(), color=True)


def test_a_name_cannot_fill_the_screen() -> None:
    words = "x" * 100_000
    found = samples.finding(path=words, message=words)
    turn = listings.turn(
        package=words, version=words, path=words, text=words, target=words, findings=(found,)
    )
    assert len(boot.render(listings.listing(turn))) < 5_000
