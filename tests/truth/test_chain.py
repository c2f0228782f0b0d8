"""The chains of planted sets are the real stacks at the audit event, on every interpreter there is."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from tests.reach.sources import linked
from tests.support.factories import tree
from tests.support.pythons import interpreters
from wheelwatch.model import Reached, Trigger

pytestmark = pytest.mark.executes

DRIVER = """
import json, os, site, sys
folder = os.path.realpath(sys.argv[1])
stacks = []

def place(frame):
    code = frame.f_code
    if code.co_filename.startswith(folder):
        return [os.path.relpath(code.co_filename, folder), frame.f_lineno, code.co_name]
    back = frame.f_back
    if code.co_filename == "<string>" and back is not None and back.f_code.co_name == "addpackage":
        outer = back.f_locals
        with open(outer["fullname"]) as lines:
            number = [line.strip() for line in lines].index(outer["line"].strip()) + 1
        return [os.path.basename(outer["fullname"]), number, code.co_name]
    return None

def heard(event, args):
    if event == "sys.settrace":
        stack, frame = [], sys._getframe(1)
        while frame is not None:
            stack.append(place(frame))
            frame = frame.f_back
        stacks.append([step for step in stack[::-1] if step])

sys.addaudithook(heard)
site.addsitedir(folder)
site.execsitecustomize()
print(json.dumps(stacks))
"""

HOOKS = """import sys


def spy(frame, event, arg):
    return None


def install():
    value = 1
    sys.settrace(None if value else spy)
"""

CASES: dict[str, dict[str, dict[str, str]]] = {
    "function in a module of a package": {
        "demo": {
            "zz.pth": "import demo._boot\n",
            "demo/__init__.py": "",
            "demo/_boot.py": "from demo._hooks import install\n\ninstall()\n",
            "demo/_hooks.py": HOOKS,
        }
    },
    "relative imports, another name, the second line": {
        "demo": {
            "a.pth": "# first\nimport demo.sub.boot\n",
            "demo/__init__.py": "",
            "demo/sub/__init__.py": "from ..hooks import install as go\n",
            "demo/sub/boot.py": "from . import go\nif True:\n    go()\n",
            "demo/hooks.py": HOOKS,
        }
    },
    "called in the line itself": {
        "demo": {"zz.pth": "import hooks; hooks.install()\n", "hooks.py": HOOKS},
    },
    "star import and re-export": {
        "demo": {
            "zz.pth": "import demo; demo.start()\n",
            "demo/__init__.py": "from .api import *\n",
            "demo/api.py": "from .hooks import install\n\n\ndef start():\n    install()\n",
            "demo/hooks.py": HOOKS,
        }
    },
    "class, base class, method": {
        "demo": {
            "zz.pth": "import demo.run\n",
            "demo/__init__.py": "",
            "demo/base.py": "import sys\n\n\nclass Base:\n    def __init__(self):\n        self.set()\n\n"
            "    def set(self):\n        sys.settrace(None)\n",
            "demo/run.py": "from demo.base import Base\n\nBase()\n",
        }
    },
    "a class whose base stands in another file": {
        "demo": {
            "zz.pth": "import demo.run\n",
            "demo/__init__.py": "",
            "demo/base.py": "import sys\n\n\nclass Base:\n    def __init__(self):\n        self.set()\n\n"
            "    def set(self):\n        sys.settrace(None)\n",
            "demo/run.py": "from demo.base import Base\n\n\nclass Child(Base):\n    pass\n\n\nChild()\n",
        }
    },
    "a special method of a base in another file": {
        "demo": {
            "zz.pth": "import demo.run\n",
            "demo/__init__.py": "",
            "demo/base.py": "import sys\n\n\nclass Base:\n    def __enter__(self):\n"
            "        sys.settrace(None)\n\n"
            "    def __exit__(self, *rest):\n        pass\n",
            "demo/run.py": "from .base import Base\n\n\nclass Child(Base):\n    pass\n\n\n"
            "with Child():\n    pass\n",
        }
    },
    "a metaclass in another file": {
        "demo": {
            "zz.pth": "import demo.run\n",
            "demo/__init__.py": "",
            "demo/base.py": "import sys\n\n\nclass Meta(type):\n    def __init__(cls, *rest):\n"
            "        if rest[0] == 'Child':\n            sys.settrace(None)\n\n\n"
            "class Base(metaclass=Meta):\n    pass\n",
            "demo/run.py": "from .base import Base\n\n\nclass Child(Base):\n    pass\n",
        }
    },
    "body of a class": {
        "demo": {
            "zz.pth": "import demo\n",
            "demo.py": "import sys\n\n\nclass A:\n    x = sys.settrace(None)\n",
        },
    },
    "another distribution": {
        "first": {"zz.pth": "import payload.run\n"},
        "second": {
            "payload/__init__.py": "",
            "payload/run.py": "import payload.deep as d\nd.go()\n",
            "payload/deep.py": "import sys\ndef go():\n    sys.settrace(None)\n",
        },
    },
    "an import inside a function": {
        "demo": {
            "zz.pth": "import demo; demo.main()\n",
            "demo/__init__.py": "def main():\n    from demo import late\n    late.go()\n",
            "demo/late.py": "import sys\ndef go():\n    sys.settrace(None)\n",
        }
    },
    "the hook under another name in another file": {
        "demo": {
            "zz.pth": "import demo\n",
            "demo/__init__.py": "from .names import watch\n\n\ndef go():\n    watch(None)\n\n\ngo()\n",
            "demo/names.py": "import sys\n\nwatch = sys.settrace\n",
        }
    },
    "a package's __init__ on the way": {
        "demo": {
            "zz.pth": "import demo.sub.leaf\n",
            "demo/__init__.py": "",
            "demo/sub/__init__.py": "import sys\nsys.settrace(None)\n",
            "demo/sub/leaf.py": "",
        }
    },
    "sitecustomize in a folder of a path line": {
        "demo": {
            "zz.pth": "hidden\n",
            "hidden/sitecustomize.py": "import tool\n\ntool.install()\n",
            "hidden/tool.py": HOOKS,
        }
    },
}


TRACE = "sys.settrace(lambda *_: None)\n"
INSTALL = f"import sys\n\n\ndef install():\n    {TRACE}"
CLASS = f"import sys\n\n\nclass Base:\n    def {{}}(self, *rest):\n        {TRACE}"

QUIET: dict[str, dict[str, dict[str, str]]] = {
    "imported, never called": {
        "demo": {"zz.pth": "import demo\n", "demo/__init__.py": "from .hooks import install\n"}
        | {"demo/hooks.py": INSTALL}
    },
    "the line names it without a call": {
        "demo": {"zz.pth": "import hooks; hooks.install\n", "hooks.py": INSTALL}
    },
    "under another name that nothing calls": {
        "demo": {"zz.pth": "import boot\n", "boot.py": "from hooks import install as go\n\nstart = go\n"}
        | {"hooks.py": INSTALL}
    },
    "a star brings it": {
        "demo": {"zz.pth": "import boot\n", "boot.py": "from hooks import *\n", "hooks.py": INSTALL}
    },
    "a class without an object": {
        "demo": {
            "zz.pth": "import boot\n",
            "boot.py": "from base import Base\n\n\nclass Child(Base):\n    pass\n",
        }
        | {"base.py": CLASS.format("__init__")}
    },
    "a constructor that a child has of its own": {
        "demo": {
            "zz.pth": "import boot\n",
            "boot.py": "from base import Base\n\n\nclass Child(Base):\n    def __init__(self):\n"
            "        pass\n"
            "\n\nChild()\n",
            "base.py": CLASS.format("__init__"),
        }
    },
    "a special method that nothing asks for": {
        "demo": {"zz.pth": "import boot\n", "boot.py": "from base import Base\n\nBase()\n"}
        | {"base.py": CLASS.format("__enter__")}
    },
    "the same name in another class": {
        "demo": {
            "zz.pth": "import boot\n",
            "boot.py": "from base import Base\n\n\nclass Other:\n    def go(self):\n        pass\n\n\n"
            "Other().go()\n",
            "base.py": CLASS.format("go"),
        }
    },
    "a method in the body of a class": {
        "demo": {"zz.pth": "import base\n", "base.py": CLASS.format("go")},
    },
    "another distribution, without the call": {
        "first": {"zz.pth": "import payload.run\n"},
        "second": {"payload/__init__.py": "", "payload/run.py": "from payload.deep import install\n"}
        | {"payload/deep.py": INSTALL},
    },
    "an import inside a function that nothing calls": {
        "demo": {"zz.pth": "import demo\n", "demo/late.py": INSTALL}
        | {"demo/__init__.py": "def main():\n    from demo import late\n    late.install()\n"},
    },
    "only as a script": {
        "demo": {"zz.pth": "import boot\n", "hooks.py": INSTALL}
        | {"boot.py": 'import hooks\n\nif __name__ == "__main__":\n    hooks.install()\n'},
    },
    "a function of the same name": {
        "demo": {"zz.pth": "import boot\n", "hooks.py": INSTALL}
        | {"boot.py": "import hooks\n\n\ndef install():\n    pass\n\n\ninstall()\n"},
    },
    "a path line to another folder": {
        "demo": {
            "zz.pth": "other\n",
            "other/x.py": "",
            "hidden/sitecustomize.py": f"import sys\n\n{TRACE}",
        },
    },
}


def real(version: str, folder: Path) -> list[tuple[str, int, str]]:
    command = [str(interpreters()[version]), "-I", "-S", "-c", DRIVER, str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=300)
    assert not done.stderr
    stacks = json.loads(done.stdout)
    return [(path, line, name) for path, line, name in stacks[0]] if stacks else []


def chain(reached: Reached) -> list[tuple[str, int, str]]:
    return [(step.path, step.line, step.function) for step in reached.chain]


@pytest.mark.parametrize("version", interpreters())
@pytest.mark.parametrize("case", CASES)
def test_the_chain_is_the_stack(case: str, version: str, tmp_path: Path) -> None:
    for files in CASES[case].values():
        tree(tmp_path, files)
    found = [reached for package in linked(CASES[case]) for reached in package.sites]
    started = [r for r in found if r.trigger is Trigger.STARTUP and r.site.api == "sys.settrace"]
    assert len(started) == 1
    assert chain(started[0]) == real(version, tmp_path)
    assert version in started[0].pythons


@pytest.mark.parametrize("version", interpreters())
@pytest.mark.parametrize("case", QUIET)
def test_a_near_miss_is_not_started(case: str, version: str, tmp_path: Path) -> None:
    for files in QUIET[case].values():
        tree(tmp_path, files)
    assert real(version, tmp_path) == []
    (found,) = [reached for package in linked(QUIET[case]) for reached in package.sites]
    assert found.site.api == "sys.settrace"
    assert found.trigger in (Trigger.CALL, Trigger.DORMANT)
