"""Installed distributions with a plugin of pytest that sets a trace function, and near misses."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

Files = Mapping[str, str]


class Plugin(NamedTuple):
    """Distributions by name, each with its files; the first one has the entry point."""

    value: str
    distributions: Mapping[str, Files]
    group: str = "pytest11"


HOOKS = "import sys\n\n\ndef install():\n    value = 1\n    sys.settrace(None if value else print)\n"
TRACE = "    sys.settrace(None)\n"


def one(value: str, **files: str) -> Plugin:
    """A plugin of one distribution; ``a__b`` stands for ``a/b.py``."""
    return Plugin(value, {"demo": {f"{name.replace('__', '/')}.py": text for name, text in files.items()}})


PLUGINS: dict[str, Plugin] = {
    "body of the plugin": one("plug", plug="import hooks\n\nhooks.install()\n", hooks=HOOKS),
    "a hook function": one("plug", plug="import sys\n\n\ndef pytest_configure(config):\n" + TRACE),
    "a hook with options, in two steps": one(
        "plug",
        plug="import pytest\nimport hooks\n\n\n@pytest.hookimpl(tryfirst=True)\n"
        "def pytest_load_initial_conftests(early_config):\n    hooks.install()\n",
        hooks=HOOKS,
    ),
    "hooks of another module": one(
        "plug",
        plug="from inner import pytest_sessionstart\n",
        inner="import sys\n\n\ndef pytest_sessionstart(session):\n" + TRACE,
    ),
    "hooks by a star": one(
        "plug",
        plug="from inner import *\n",
        inner="import sys\n\n\ndef pytest_collection_modifyitems(items):\n" + TRACE,
    ),
    "an import inside a hook": one(
        "plug",
        plug="def pytest_sessionstart(session):\n    import hooks\n\n    hooks.install()\n",
        hooks=HOOKS,
    ),
    "an object as plugin": one(
        "plug:plugin",
        plug="import sys\n\n\nclass Base:\n    def pytest_configure(self, config):\n        self.go()\n\n"
        "    def go(self):\n    " + TRACE + "\n\nclass Plugin(Base):\n    pass\n\n\nplugin = Plugin()\n",
    ),
    "an object that a hook registers": one(
        "plug",
        plug="from inner import Watcher\n\n\ndef pytest_configure(config):\n"
        '    config.pluginmanager.register(Watcher(), "watcher")\n',
        inner="import sys\n\n\nclass Watcher:\n    def pytest_sessionstart(self, session):\n    " + TRACE,
    ),
    "a fixture that every test uses": one(
        "plug",
        plug="import pytest, sys\n\n\n@pytest.fixture(autouse=True)\ndef always():\n" + TRACE,
    ),
    "a hook around each test": one("plug", plug="import sys\n\n\ndef pytest_runtest_call(item):\n" + TRACE),
    "a module of a package": one(
        "demo.plugin",
        demo____init__="",
        demo__plugin="from .hooks import install\n\n\ndef pytest_unconfigure(config):\n    install()\n",
        demo__hooks=HOOKS,
    ),
    "another distribution": Plugin(
        "plug",
        {
            "demo": {"plug.py": "import other\n\n\ndef pytest_configure(config):\n    other.start()\n"},
            "other": {
                "other/__init__.py": "from .inner import start\n",
                "other/inner.py": "import sys\n\n\ndef start():\n" + TRACE,
            },
        },
    ),
    "the plugin in another distribution": Plugin(
        "other.plug",
        {
            "demo": {},
            "other": {
                "other/__init__.py": "",
                "other/plug.py": "import sys\n\n\ndef pytest_configure(config):\n" + TRACE,
            },
        },
    ),
}

SET = "    sys.settrace(lambda *_: None)\n"
QUIETLY: dict[str, Plugin] = {
    "a mark on a function of another name": one(
        "plug",
        plug='import pytest, sys\n\n\n@pytest.hookimpl(specname="pytest_configure")\n'
        "def configured(config):\n" + SET,
    ),
    "a function that is no hook": one("plug", plug="import sys\n\n\ndef configure(config):\n" + SET),
    "a fixture that no test uses": one(
        "plug", plug="import pytest, sys\n\n\n@pytest.fixture\ndef seldom():\n" + SET
    ),
    "a fixture beside one that is always used": one(
        "plug",
        plug="import pytest, sys\n\n\n@pytest.fixture(autouse=True)\ndef always():\n    pass\n\n\n"
        "@pytest.fixture()\ndef seldom():\n" + SET,
    ),
    "a class that nobody makes": one(
        "plug",
        plug="import sys\n\n\nclass Plugin:\n    def pytest_configure(self, config):\n    " + SET,
    ),
    "a plugin as a script": one(
        "plug", plug="import sys\n\n\ndef go():\n" + SET + '\n\nif __name__ == "__main__":\n    go()\n'
    ),
    "another group": one("plug", plug="import sys\n\n\ndef pytest_configure(config):\n" + SET)._replace(
        group="pytest12"
    ),
    "a hook of a module that the plugin does not take": one(
        "plug",
        plug="import inner\n",
        inner="import sys\n\n\ndef pytest_configure(config):\n" + SET,
    ),
    "a method of the plugin that is no hook": one(
        "plug:plugin",
        plug="import sys\n\n\nclass Plugin:\n    def pytest_configure(self, config):\n        pass\n\n"
        "    def go(self):\n    " + SET + "\n\nplugin = Plugin()\n",
    ),
    "a hook as a name inside a function": one(
        "plug",
        plug="import sys\n\n\ndef make():\n    def pytest_configure(config):\n    "
        + SET
        + "    return None\n\n\nmake()\n",
    ),
    "another distribution, without the call": Plugin(
        "plug",
        {
            "demo": {"plug.py": "import other\n\n\ndef pytest_configure(config):\n    other.start\n"},
            "other": {"other/__init__.py": "import sys\n\n\ndef start():\n" + SET},
        },
    ),
    "a hook of another class": one(
        "plug:plugin",
        plug="import sys\n\n\nclass Plugin:\n    pass\n\n\nclass Other:\n"
        "    def pytest_configure(self, config):\n    " + SET + "\n\nplugin = Plugin()\n",
    ),
    "a hook under a name that is none": one(
        "plug",
        plug="import sys\n\n\ndef configured(config):\n" + SET + "\n\nhook = configured\n",
    ),
}
