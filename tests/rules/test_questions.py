"""Programs that only tell about the machine are low at import, and nothing else passes for one of them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.incidents.scanned import scanned
from tests.support.factories import Files

RUN = "import os, subprocess\n"
HERE = "os.path.dirname(__file__)"
STEP = "def start(command):\n    subprocess.Popen(command)\n"
OPTIONS = "import json\noptions = json.load(open('x'))\n"


def _body(text: str, **more: str) -> Files:
    return {"demo/__init__.py": RUN + text, **{f"demo/{name}.py": code for name, code in more.items()}}


QUESTIONS: dict[str, Files] = {
    "words": _body("subprocess.run(['ps', '-ef'])\n"),
    "by its place": _body("subprocess.check_output(['/usr/bin/uname', '-a'])\n"),
    "a checkout": _body(f"subprocess.Popen(['git', 'log', '--oneline', '-1'], cwd={HERE})\n"),
    "through a shell": _body("subprocess.run('git describe --tags', shell=True)\n"),
    "the same environment": _body("subprocess.run(['ps'], env=os.environ)\n"),
    "held in a variable": _body(
        "def count():\n    command = ['lsdev', '-Cc', 'processor']\n    subprocess.Popen(command)\n"
        "    return f'{command!r}'\ncount()\n"
    ),
    "a word that nobody knows": _body("subprocess.run(['ps', '-p', str(os.getpid())])\n"),
}

ASIDE = _body(
    "",
    inner="from subprocess import getstatusoutput\n"
    "def ask(command):\n    return getstatusoutput(command)\n"
    "def all_of(**named):\n    return [ask(named[key]) for key in named]\n"
    "all_of(arch='arch', machine='uname -m')\n",
)
"""As numpy.distutils asks."""

OTHERS: dict[str, Files] = {
    "another program by keyword": _body("subprocess.Popen(['ps'], executable='/x/evil')\n"),
    "another program by place": _body("subprocess.Popen(['ps'], -1, '/x/evil')\n"),
    "another program in a dict": _body(
        "options = {'executable': '/x/evil'}\nsubprocess.Popen(['ps'], **options)\n"
    ),
    "options that nobody knows": _body(OPTIONS + "subprocess.Popen(['ps'], **options)\n"),
    "arguments that nobody knows": _body(OPTIONS + "subprocess.Popen(['ps'], *options)\n"),
    "code before the program": _body(
        OPTIONS + "subprocess.Popen(['ps'], preexec_fn=lambda: exec(options['x']))\n"
    ),
    "a path of its own": _body(f"subprocess.Popen(['ps'], env={{'PATH': {HERE}}})\n"),
    "a library put before": _body(f"subprocess.Popen(['ps'], env={{'LD_PRELOAD': {HERE} + '/x.so'}})\n"),
    "a path for all": _body(
        f"os.environ['PATH'] = {HERE} + ':' + os.environ['PATH']\nsubprocess.run(['ps'])\n"
    ),
    "a path for all, by a call": _body(f"os.putenv('PATH', {HERE})\nsubprocess.run(['ps'])\n"),
    "a path for all, as bytes": _body("os.environb[b'PATH'] = b'/x'\nsubprocess.run(['ps'])\n"),
    "a path for all, elsewhere": _body(
        "from demo import places\nsubprocess.run(['ps'])\n",
        places=f"import os\nos.environ.update(PATH={HERE})\n",
    ),
    "a library for all": _body("os.environ['LD_PRELOAD'] = '/x'\nsubprocess.run(['ps'])\n"),
    "a program for git": _body("os.environ['GIT_EXTERNAL_DIFF'] = '/x'\nsubprocess.run(['git', 'log'])\n"),
    "a list that another file changes": _body(
        "from demo import other\ncommand = ['ps']\nother.change(command)\nsubprocess.run(command)\n",
        other="def change(command):\n    command[0] = 'evil'\n",
    ),
    "a list of a function that another file changes": _body(
        "from demo import other\ndef go():\n    command = ['ps']\n    other.change(command)\n"
        "    subprocess.run(command)\ngo()\n",
        other="def change(command):\n    command[0] = 'evil'\n",
    ),
    "a name that another file binds": _body(
        "from demo import near, far\n",
        near="import subprocess\nCOMMAND = ['ps']\ndef go():\n    subprocess.run(COMMAND)\n",
        far="from demo import near\nnear.COMMAND = ['evil']\nnear.go()\n",
    ),
    "a program that another file binds": _body(
        "from demo import near, far\n",
        near="import subprocess\nNAME = 'ps'\ndef go():\n    subprocess.run([NAME])\n",
        far="from demo import near\nnear.NAME = 'evil'\nnear.go()\n",
    ),
    "a script of that name": {**_body("subprocess.run(['ps'])\n"), "{prefix}/bin/ps": "#!/bin/sh\ntrue\n"},
    "a command of that name": {
        **_body("subprocess.run(['lscpu'])\n", other="def main():\n    pass\n"),
        "demo-1.0.dist-info/entry_points.txt": "[console_scripts]\nlscpu = demo.other:main\n",
    },
    "a checkout that it ships": {
        **_body(f"subprocess.run(['git', 'log'], cwd={HERE})\n"),
        "demo/.git/config": "[core]\nfsmonitor = evil\n",
    },
    "a bare checkout that it ships": {
        **_body(f"subprocess.run(['git', 'log'], cwd={HERE} + '/data')\n"),
        "demo/data/HEAD": "ref: refs/heads/main\n",
        "demo/data/config": "[gpg]\nprogram = evil\n",
    },
    "variables for git": _body("subprocess.run(['git', 'log'], env={'GIT_EXTERNAL_DIFF': 'evil'})\n"),
    "a setting for git": _body("subprocess.run(['git', '-c', 'core.pager=evil', 'log'])\n"),
    "git starts a program": _body("subprocess.run(['git', 'log', '-p', '--ext-diff'])\n"),
    "git writes a file": _body("subprocess.run(['git', 'log', '--output=/x/.bashrc'])\n"),
    "behind many words": _body(
        "subprocess.run(['git', 'log', *'a b c d e f g h i j k l'.split(), '--output=/x'])\n"
    ),
    "a shell's next line": _body("os.system('ps\\nsh /x/evil')\n"),
    "a shell's next command": _body("os.system('ps; sh /x/evil')\n"),
    "one of two": _body("import random\nname = random.choice(['ps', 'evil'])\nsubprocess.run([name])\n"),
    "one of two, by a test": _body(
        "import random\nname = 'ps' if random.random() < 0.5 else 'evil'\nsubprocess.run([name])\n"
    ),
    "a program that starts one": _body("subprocess.run(['arch', '-arm64', '/x/evil'])\n"),
    "a file of the folder": _body("os.posix_spawn('ps', ['ps'], {})\n"),
    "the name of another": _body("os.spawnl(os.P_WAIT, 'ps', 'sh', '-c', 'evil')\n"),
    "another call of the function": _body(STEP + "start(['ps'])\nstart(['sh', '/x/evil'])\n"),
    "another call, unknown": _body(STEP + "start(['ps'])\nstart(open('x').read())\n"),
    "another call in another file": _body(
        "from demo import far\n",
        near=RUN + STEP + "start(['ps'])\n",
        far="from demo.near import start\nstart(['sh', '/x/evil'])\n",
    ),
    "many calls before": _body(
        STEP
        + "".join(f"start(['ps', '-p', '{'1' * 40}{place}'])\n" for place in range(30))
        + "start(['evil'])\n"
    ),
}


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    return scanned(tmp_path_factory.mktemp("questions"), {**QUESTIONS, **OTHERS, "aside": ASIDE})


def _severities(package: dict[str, Any]) -> list[str]:
    return [finding["severity"] for finding in package["findings"] if finding["rule"] == "payload-process"]


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_question_is_low(name: str, found: dict[str, dict[str, Any]]) -> None:
    assert _severities(found[name]) == ["low"]


def test_a_question_of_an_inner_module_may_be_handed_on(found: dict[str, dict[str, Any]]) -> None:
    assert _severities(found["aside"]) == ["low"]


@pytest.mark.parametrize("name", OTHERS)
def test_what_is_more_than_a_question_is_high(name: str, found: dict[str, dict[str, Any]]) -> None:
    assert "high" in _severities(found[name]), _severities(found[name])
