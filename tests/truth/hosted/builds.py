"""Source trees whose build sets a trace function, and near misses."""

from __future__ import annotations

from collections.abc import Mapping

Files = Mapping[str, str]

HOOKS = "import sys\n\n\ndef install():\n    value = 1\n    sys.settrace(None if value else print)\n"
QUIET = "import sys\n\n\ndef install():\n    pass\n\n\ndef unused():\n    sys.settrace(lambda *_: None)\n"
PACKAGE = {"demo/__init__.py": ""}
OLD = '[build-system]\nrequires = ["setuptools"]\nbuild-backend = "setuptools.build_meta:__legacy__"\n'
PROJECT = '[project]\nname = "demo"\nversion = "1.0"\n'
TREE = '[build-system]\nrequires = ["setuptools"]\nbuild-backend = "{}"\nbackend-path = ["{}"]\n' + PROJECT
TREE += '[tool.setuptools]\npackages = ["demo"]\n'
HATCH = '[build-system]\nrequires = ["hatchling"]\nbuild-backend = "hatchling.build"\n' + PROJECT
SETUP = 'from setuptools import setup\n\nsetup(name="demo", version="1.0", packages=["demo"]{})\n'
COMMAND = (
    "from setuptools.command.build_py import build_py\n\nfrom hooks import install\n\n\n"
    "class Build(build_py):\n    def run(self):\n        install()\n        super().run()\n"
)
INTERFACE = "from hatchling.builders.hooks.plugin.interface import BuildHookInterface\n"
METADATA = "from hatchling.metadata.plugin.interface import MetadataHookInterface\n"
TRACE = "        sys.settrace(None)\n"

BUILDS: dict[str, Files] = {
    "setup.py and a module beside it": {
        "pyproject.toml": OLD,
        "setup.py": "import hooks\n\nhooks.install()\n" + SETUP.format(""),
        "hooks.py": HOOKS,
    },
    "setup.py, only as a script": {
        "pyproject.toml": OLD,
        "setup.py": "from hooks import install\n"
        + SETUP.format("")
        + 'if __name__ == "__main__":\n    install()\n',
        "hooks.py": HOOKS,
    },
    "a command of setup.py": {
        "pyproject.toml": OLD,
        "setup.py": COMMAND + SETUP.format(', cmdclass={"build_py": Build}'),
        "hooks.py": HOOKS,
    },
    "a command of another file, in a table": {
        "pyproject.toml": OLD,
        "setup.py": "from commands import Build\n\nTABLE = {}\nTABLE['build_py'] = Build\n"
        + SETUP.format(", cmdclass=TABLE"),
        "commands.py": COMMAND,
        "hooks.py": HOOKS,
    },
    "a command that inherits its method": {
        "pyproject.toml": OLD,
        "setup.py": "import commands\n\n\nclass Child(commands.Build):\n    pass\n\n\n"
        + SETUP.format(", cmdclass=dict(build_py=Child)"),
        "commands.py": COMMAND,
        "hooks.py": HOOKS,
    },
    "options of a command": {
        "pyproject.toml": OLD,
        "setup.py": "import sys\nfrom setuptools.command.build_py import build_py\n\n\n"
        "class Build(build_py):\n"
        "    def finalize_options(self):\n        super().finalize_options()\n"
        + TRACE
        + SETUP.format(', cmdclass={"build_py": Build}'),
    },
    "a backend of the tree": {
        "pyproject.toml": TREE.format("own", "backend"),
        "backend/own.py": "from setuptools.build_meta import *\nfrom setuptools import build_meta\n"
        "import helper\n\n\ndef build_wheel(*args, **options):\n    helper.install()\n"
        "    return build_meta.build_wheel(*args, **options)\n",
        "backend/helper.py": HOOKS,
    },
    "the body of a backend": {
        "pyproject.toml": TREE.format("own", "backend"),
        "backend/own.py": "from setuptools.build_meta import *\nimport helper\n\nhelper.install()\n",
        "backend/helper.py": HOOKS,
    },
    "a backend in a package": {
        "pyproject.toml": TREE.format("own.inner", "backend"),
        "backend/own/__init__.py": "from .helper import install\n",
        "backend/own/inner.py": "from setuptools.build_meta import *\nfrom setuptools import build_meta\n"
        "from . import install\n\n\n"
        "def build_wheel(*args, **options):\n    install()\n"
        "    return build_meta.build_wheel(*args, **options)\n",
        "backend/own/helper.py": HOOKS,
    },
    "an object as backend": {
        "pyproject.toml": TREE.format("own:backend", "backend"),
        "backend/own.py": "from setuptools.build_meta import _BuildMetaBackend\nimport helper\n\n\n"
        "class Backend(_BuildMetaBackend):\n    def build_wheel(self, *args, **options):\n"
        "        helper.install()\n        return super().build_wheel(*args, **options)\n\n\n"
        "backend = Backend()\n",
        "backend/helper.py": HOOKS,
    },
    "a backend at the top": {
        "pyproject.toml": TREE.format("_own", "."),
        "_own.py": "from setuptools.build_meta import *\nfrom setuptools import build_meta\nimport sys\n"
        "def prepare_metadata_for_build_wheel(*args, **options):\n    sys.settrace(None)\n"
        "    return build_meta.prepare_metadata_for_build_wheel(*args, **options)\n",
    },
    "a hook of hatch": {
        "pyproject.toml": HATCH + "[tool.hatch.build.hooks.custom]\n",
        "hatch_build.py": INTERFACE
        + "import sys\n\n\nclass Hook(BuildHookInterface):\n    def initialize(self, version, data):\n"
        + TRACE,
    },
    "a hook of hatch at another place, after the build": {
        "pyproject.toml": HATCH + '[tool.hatch.build.targets.wheel.hooks.custom]\npath = "tools/hook.py"\n',
        "tools/hook.py": INTERFACE
        + "import sys\n\n\nclass Base(BuildHookInterface):\n    def finalize(self, version, data, path):\n"
        "        self.watch()\n\n    def watch(self):\n"
        + TRACE
        + "\n\nclass Hook(Base):\n    pass\n\n\ndel Base\n",
    },
    "a hook of hatch that a function picks": {
        "pyproject.toml": HATCH + "[tool.hatch.build.hooks.custom]\n",
        "hatch_build.py": INTERFACE
        + "import sys\n\n\nclass Hook(BuildHookInterface):\n    pass\n\n\ndef get_build_hook():\n"
        "    sys.settrace(None)\n    return Hook\n",
    },
    "metadata by hatch": {
        "pyproject.toml": HATCH.replace('version = "1.0"', 'dynamic = ["version"]')
        + "[tool.hatch.metadata.hooks.custom]\n",
        "hatch_build.py": METADATA
        + "import sys\n\n\nclass Hook(MetadataHookInterface):\n    def update(self, metadata):\n"
        "        metadata['version'] = '1.0'\n" + TRACE,
    },
    "a version that hatch runs": {
        "pyproject.toml": HATCH.replace('version = "1.0"', 'dynamic = ["version"]')
        + '[tool.hatch.version]\nsource = "code"\npath = "about.txt.py"\n',
        "about.txt.py": "import sys\n\n__version__ = '1.0'\nsys.settrace(None)\n",
    },
    "hatch.toml": {
        "pyproject.toml": HATCH,
        "hatch.toml": '[build.hooks.custom]\npath = "own.py"\n',
        "own.py": INTERFACE
        + "import sys\n\n\nclass Hook(BuildHookInterface):\n    def __init__(self, *args, **options):\n"
        "        super().__init__(*args, **options)\n" + TRACE,
    },
    "a command that setup.cfg names": {
        "pyproject.toml": OLD,
        "setup.cfg": "[metadata]\nname = demo\nversion = 1.0\n[options]\npackages = demo\n"
        "cmdclass =\n    build_py = tools.commands.Build\n",
        "tools/commands.py": COMMAND,
        "hooks.py": HOOKS,
    },
}

QUIETLY: dict[str, Files] = {
    "a command of setup.cfg that no build runs": {
        "pyproject.toml": OLD,
        "setup.cfg": "[metadata]\nname = demo\nversion = 1.0\n[options]\npackages = demo\n"
        "cmdclass =\n    upload = commands.Build\n",
        "commands.py": COMMAND.replace("build_py import build_py", "sdist import sdist").replace(
            "(build_py)", "(sdist)"
        ),
        "hooks.py": HOOKS,
    },
    "a command that no build runs": {
        "pyproject.toml": OLD,
        "setup.py": COMMAND.replace("build_py import build_py", "sdist import sdist").replace(
            "(build_py)", "(sdist)"
        )
        + SETUP.format(', cmdclass={"upload": Build}'),
        "hooks.py": HOOKS,
    },
    "a command that setup is not told of": {
        "pyproject.toml": OLD,
        "setup.py": COMMAND + SETUP.format(""),
        "hooks.py": HOOKS,
    },
    "a function of setup.py that nothing calls": {
        "pyproject.toml": OLD,
        "setup.py": "import hooks\n\nhooks.install()\n" + SETUP.format(""),
        "hooks.py": QUIET,
    },
    "a backend of the tree that is not asked for": {
        "pyproject.toml": HATCH,
        "backend/own.py": "import sys\n\n\ndef build_wheel(*args):\n    sys.settrace(lambda *_: None)\n",
    },
    "a function of a backend that is no hook": {
        "pyproject.toml": TREE.format("own", "backend"),
        "backend/own.py": "from setuptools.build_meta import *\nimport sys\n\n\n"
        "def build_wheels(*args):\n    sys.settrace(lambda *_: None)\n",
    },
    "the same name in another class of a backend": {
        "pyproject.toml": TREE.format("own", "backend"),
        "backend/own.py": "from setuptools.build_meta import *\nimport sys\n\n\nclass Other:\n"
        "    def build_wheel(self, *args):\n        sys.settrace(lambda *_: None)\n",
    },
    "a backend as a script": {
        "pyproject.toml": TREE.format("own", "backend"),
        "backend/own.py": "from setuptools.build_meta import *\nimport sys\n\n\n"
        'if __name__ == "__main__":\n    sys.settrace(lambda *_: None)\n',
    },
    "a hook of hatch that nobody asks for": {
        "pyproject.toml": HATCH,
        "hatch_build.py": INTERFACE
        + "import sys\n\n\nclass Hook(BuildHookInterface):\n    def initialize(self, version, data):\n"
        "        sys.settrace(lambda *_: None)\n",
    },
    "a method of a hook that hatch does not know": {
        "pyproject.toml": HATCH + "[tool.hatch.build.hooks.custom]\n",
        "hatch_build.py": INTERFACE
        + "import sys\n\n\nclass Hook(BuildHookInterface):\n    def initialise(self, version, data):\n"
        "        sys.settrace(lambda *_: None)\n",
    },
    "a class of a hook's file that is no hook": {
        "pyproject.toml": HATCH + "[tool.hatch.build.hooks.custom]\n",
        "hatch_build.py": INTERFACE
        + "import sys\n\n\nclass Hook(BuildHookInterface):\n    pass\n\n\nclass Other:\n"
        "    def initialize(self, version, data):\n        sys.settrace(lambda *_: None)\n",
    },
    "a command's method that no build calls": {
        "pyproject.toml": OLD,
        "setup.py": COMMAND.replace("def run", "def ran").replace("().run", "().ran")
        + SETUP.format(', cmdclass={"build_py": Build}'),
        "hooks.py": HOOKS,
    },
    "a command that a table held before": {
        "pyproject.toml": OLD,
        "setup.py": COMMAND + "TABLE = {'docs': Build}\n" + SETUP.format(", cmdclass=TABLE"),
        "hooks.py": HOOKS,
    },
    "a test command": {
        "pyproject.toml": OLD,
        "setup.py": COMMAND + SETUP.format(', cmdclass={"test": Build, "lint": Build}'),
        "hooks.py": HOOKS,
    },
    "a module beside setup.py that nothing imports": {
        "pyproject.toml": OLD,
        "setup.py": SETUP.format(""),
        "hooks.py": HOOKS.replace("def install", "def uninstall"),
    },
    "a backend's class that is not the object": {
        "pyproject.toml": TREE.format("own:backend", "backend"),
        "backend/own.py": "from setuptools.build_meta import _BuildMetaBackend\nimport sys\n\n\n"
        "class Other(_BuildMetaBackend):\n    def build_wheel(self, *args, **options):\n"
        "        sys.settrace(lambda *_: None)\n\n\nbackend = _BuildMetaBackend()\n",
    },
    "a metadata hook that nobody asks for": {
        "pyproject.toml": HATCH + "[tool.hatch.build.hooks.custom]\n",
        "hatch_build.py": INTERFACE
        + METADATA
        + "import sys\n\n\nclass Hook(BuildHookInterface):\n    pass\n\n\n"
        "class Metadata(MetadataHookInterface):\n"
        "    def update(self, metadata):\n        sys.settrace(lambda *_: None)\n",
    },
    "a version that hatch reads": {
        "pyproject.toml": HATCH.replace('version = "1.0"', 'dynamic = ["version"]')
        + '[tool.hatch.version]\npath = "demo/about.py"\n',
        "demo/about.py": "import sys\n\n__version__ = '1.0'\n\n\ndef go():\n"
        "    sys.settrace(lambda *_: None)\n",
    },
}
