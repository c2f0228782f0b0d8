"""Nested customize modules: dormant unless code puts their folder on the path, as interpreters do it."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.support.factories import site_dir
from tests.support.pythons import interpreters
from wheelwatch.engine.run import scan
from wheelwatch.engine.runner import InProcess
from wheelwatch.limits import DEFAULT
from wheelwatch.model import Finding, Trigger

pytestmark = pytest.mark.executes

VERSIONS = [version for version in ("3.8", "3.11", "3.13") if version in interpreters()]
RAN = "import os, sys\n\nsys.settrace(lambda *_: None)\nopen(os.environ['JOURNAL'], 'a').write(__name__)\n"
CHILD = "import subprocess, sys; subprocess.run([sys.executable, '-c', 'pass'], check=True)"
START = "import site, sys; site.addsitedir(sys.argv[1]); site.execsitecustomize()"
IMPORT = "import sys; sys.path.insert(0, sys.argv[1]); import demo"
HERE = "import os, site, sys\nHERE = os.path.dirname(os.path.abspath(__file__))\n"
CUSTOMIZE = "demo/hidden/sitecustomize.py"


class Case(NamedTuple):
    """Files of one distribution, what a program does with them, and when the nested module runs."""

    files: Mapping[str, str]
    program: str
    trigger: Trigger
    launcher: str = ""

    def all(self) -> dict[str, str]:
        points = {"demo-1.0.dist-info/entry_points.txt": "[console_scripts]\ndemo-run = demo.cli:main\n"}
        return {"demo/__init__.py": "", CUSTOMIZE: RAN, **points, **self.files}


def started(body: str) -> dict[str, str]:
    return {"zz.pth": "import demo.boot\n", "demo/boot.py": HERE + body}


LAUNCHER = HERE + (
    "def main():\n"
    "    folder = os.path.join(HERE, 'hidden')\n"
    "    old = os.environ.get('PYTHONPATH')\n"
    "    os.environ['PYTHONPATH'] = folder if not old else '%s%s%s' % (folder, os.pathsep, old)\n"
    "    import subprocess\n"
    "    subprocess.run([sys.executable, '-c', 'pass'], check=True)\n"
)
GIVING = (
    "import subprocess\n"
    "PLACE, CHILD = os.path.join(HERE, 'hidden'), [sys.executable, '-c', 'pass']\n"
    "GIVEN\n"
)
GIVEN = {
    "a table": "subprocess.run(CHILD, env={**os.environ, 'PYTHONPATH': PLACE}, check=True)",
    "a table of keywords": "subprocess.Popen(CHILD, env=dict(os.environ, PYTHONPATH=PLACE)).wait()",
    "a copy": "env = os.environ.copy(); env['PYTHONPATH'] = PLACE; subprocess.check_call(CHILD, env=env)",
    "another copy": "env = dict(os.environ); env.update(PYTHONPATH=PLACE); subprocess.call(CHILD, env=env)",
    "a spawn": "os.spawnve(os.P_WAIT, CHILD[0], CHILD, {**os.environ, 'PYTHONPATH': PLACE})",
    "a fork": "os.fork() or os.execvpe(CHILD[0], CHILD, {**os.environ, 'PYTHONPATH': PLACE}); os.wait()",
}
LESS = ("update(PYTHONPATH=", "pop('PYTHONPATH', ")
CASES = {
    "a folder put in front at the start": Case(
        started("sys.path.insert(0, os.path.join(HERE, 'hidden'))\n"), START, Trigger.STARTUP
    ),
    "in the startup line itself": Case(
        {"zz.pth": "import os, sys; sys.path.append(os.path.join(sitedir, 'demo', 'hidden'))\n"},
        START,
        Trigger.STARTUP,
    ),
    "in a function that the start calls": Case(
        {
            "zz.pth": "import demo.boot; demo.boot.go()\n",
            "demo/boot.py": HERE + "def go():\n    sys.path[:0] = [os.path.join(HERE, 'hidden')]\n",
        },
        START,
        Trigger.STARTUP,
    ),
    "a site directory of its own": Case(
        started("site.addsitedir(os.path.join(HERE, 'hidden'))\n"), START, Trigger.STARTUP
    ),
    "children of every interpreter": Case(
        started("os.environ['PYTHONPATH'] = os.path.join(HERE, 'hidden')\n"),
        f"{START}; {CHILD}",
        Trigger.STARTUP,
        "demo/boot.py:3",
    ),
    **{
        f"one child: {name}": Case(
            started(GIVING.replace("GIVEN", text)), START, Trigger.STARTUP, "demo/boot.py:5"
        )
        for name, text in GIVEN.items()
    },
    "children of what imports the package": Case(
        {"demo/__init__.py": HERE + "os.environ['PYTHONPATH'] = os.path.join(HERE, 'hidden')\n"},
        f"{IMPORT}; {CHILD}",
        Trigger.STARTUP,
        "demo/__init__.py:3",
    ),
    "children of a launcher": Case(
        {"demo/cli.py": LAUNCHER}, f"{IMPORT}; import demo.cli; demo.cli.main()", Trigger.CALL, "demo-run"
    ),
    "children of a command of a launcher": Case(
        {
            "demo/cli/__init__.py": "COMMANDS = {}\n\n\ndef main():\n    import pkgutil, importlib\n\n"
            "    for row in pkgutil.iter_modules(__path__):\n"
            "        COMMANDS[row.name] = importlib.import_module(__name__ + '.' + row.name).launch\n"
            "    COMMANDS['run']()\n",
            "demo/cli/run.py": LAUNCHER.replace("main", "launch")
            .replace("os.path.dirname(", "os.path.dirname(os.path.dirname(", 1)
            .replace("__file__))", "__file__)))", 1),
        },
        f"{IMPORT}; import demo.cli; demo.cli.main()",
        Trigger.CALL,
        "demo-run",
    ),
    "children of a function": Case(
        {"demo/lib.py": LAUNCHER.replace("main", "launch")},
        f"{IMPORT}; import demo.lib; demo.lib.launch()",
        Trigger.CALL,
        "demo/lib.py:6",
    ),
}
QUIET = {
    "nothing": Case({}, f"{START}; {CHILD}", Trigger.DORMANT),
    "another folder at the start": Case(
        started("sys.path.insert(0, os.path.join(HERE, 'other'))\n"), START, Trigger.DORMANT
    ),
    "its folder when the package is imported": Case(
        {"demo/__init__.py": HERE + "sys.path.insert(0, os.path.join(HERE, 'hidden'))\n"},
        f"{IMPORT}; {CHILD}",
        Trigger.DORMANT,
    ),
    "another folder for children": Case(
        {"demo/__init__.py": HERE + "os.environ['PYTHONPATH'] = os.path.join(HERE, 'other')\n"},
        f"{IMPORT}; {CHILD}",
        Trigger.DORMANT,
    ),
    "another folder of its name at the start": Case(
        started("sys.path.insert(0, os.path.join(HERE, 'more', 'hidden'))\n"), START, Trigger.DORMANT
    ),
    "the folder around it": Case(started("sys.path.insert(0, HERE)\n"), START, Trigger.DORMANT),
    "in a function that nothing calls": Case(
        started("def go():\n    sys.path.insert(0, os.path.join(HERE, 'hidden'))\n"), START, Trigger.DORMANT
    ),
    "another variable for children": Case(
        started("os.environ['DEMO_PATH'] = os.path.join(HERE, 'hidden')\n"),
        f"{START}; {CHILD}",
        Trigger.DORMANT,
    ),
    "its folder taken off the path": Case(
        started("sys.path[:] = [path for path in sys.path if path != HERE + '/hidden']\n"),
        START,
        Trigger.DORMANT,
    ),
    "its folder left out of the path": Case(
        started("sys.path = [path for path in sys.path if not path.endswith('hidden')]\n"),
        START,
        Trigger.DORMANT,
    ),
    "another variable for one child": Case(
        started(GIVING.replace("GIVEN", GIVEN["a table"].replace("PYTHONPATH", "DEMO_PATH"))),
        START,
        Trigger.DORMANT,
    ),
    "without it for one child": Case(
        started(GIVING.replace("GIVEN", GIVEN["another copy"].replace(*LESS))),
        START,
        Trigger.DORMANT,
    ),
    "as a script": Case(
        started("if __name__ == '__main__':\n    sys.path.insert(0, os.path.join(HERE, 'hidden'))\n"),
        START,
        Trigger.DORMANT,
    ),
}


def planted(folder: Path, case: Case) -> Path:
    return site_dir(folder / "site", {"demo-1.0": case.all()})


def has_run(version: str, site: Path, program: str) -> bool:
    journal = site.parent / "journal"
    journal.write_text("")
    environment = {"PATH": os.environ["PATH"], "JOURNAL": str(journal), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [str(interpreters()[version]), "-S", "-c", program, str(site)]
    subprocess.run(command, env=environment, check=True, timeout=300, cwd=site.parent)
    return journal.read_text() == "sitecustomize"


def found(site: Path) -> Finding:
    report = scan([str(site)], runner=InProcess(DEFAULT))
    findings = [finding for package in report.packages for finding in package.findings]
    (finding,) = [finding for finding in findings if finding.rule == "hook-trace"]
    assert finding.path == CUSTOMIZE
    return finding


@pytest.mark.parametrize("case", CASES)
def test_it_runs_and_the_chain_shows_what_puts_its_folder_there(case: str, tmp_path: Path) -> None:
    site = planted(tmp_path, CASES[case])
    assert all(has_run(version, site, CASES[case].program) for version in VERSIONS)
    finding = found(site)
    assert finding.trigger is CASES[case].trigger
    apis = [step.what for step in finding.chain]
    assert set(apis) & {"sys.path", "site.addsitedir", "os.environ[PYTHONPATH]"}
    assert finding.chain[-1].path == CUSTOMIZE
    assert (f"child processes of {CASES[case].launcher}," in finding.message) is bool(CASES[case].launcher)


@pytest.mark.parametrize("case", QUIET)
def test_it_does_not_run_and_is_dormant(case: str, tmp_path: Path) -> None:
    site = planted(tmp_path, QUIET[case])
    assert not any(has_run(version, site, QUIET[case].program) for version in VERSIONS)
    assert found(site).trigger is Trigger.DORMANT


def test_what_puts_the_folder_there_says_what_begins(tmp_path: Path) -> None:
    site = planted(tmp_path, CASES["children of a launcher"])
    report = scan([str(site)], runner=InProcess(DEFAULT))
    (finding,) = [
        finding
        for package in report.packages
        for finding in package.findings
        if finding.rule == "hook-fork"
    ]
    assert finding.message.endswith(f"what starts then begins with {CUSTOMIZE}")
    assert finding.chain[0].what == "[console_scripts] demo-run = demo.cli:main"
