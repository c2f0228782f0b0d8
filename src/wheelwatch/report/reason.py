"""Why the interpreter runs what a finding names, a command that shows it, and how to be rid of it."""

from __future__ import annotations

import shlex
from collections.abc import Iterator

from wheelwatch.model import Finding, Package, Trigger

RULES = {
    ".pth": "site executes every line of a .pth file in a site directory that begins with 'import', at each"
    " start of the interpreter; only -S stops it.",
    ".start": "Since 3.15 site imports the module of every line of a .start file and calls what it names,"
    " at each start of the interpreter; only -S stops it.",
    "sitecustomize": "site imports sitecustomize, wherever sys.path has it, at each start of the"
    " interpreter; only -S stops it.",
    "usercustomize": "site imports usercustomize, wherever sys.path has it, at each start with a user site"
    " directory; -s and -I stop it.",
}
"""By how the name of the file ends, or what its module is called: the rule of the interpreter."""

TRIGGERS = {
    Trigger.STARTUP: "It is reached from what the interpreter runs at its start.",
    Trigger.INSTALL: "Installers execute the build code of a source distribution before they install it.",
    Trigger.AUTOLOAD: "The host of the entry point group imports and calls it without being asked for it.",
    Trigger.IMPORT: "A module's body runs when it is first imported, with the bodies of its packages.",
    Trigger.CALL: "Nothing that is known calls it: it runs only when somebody does.",
    Trigger.DORMANT: "No interpreter looks there as installed: it runs once its folder is put on the path.",
}


def reasons(package: Package, finding: Finding) -> Iterator[str]:
    """Lines of plain text with text of the target in them, for whoever escapes it."""
    yield "Why it runs"
    yield f"  {_rule(finding)}"
    yield "See it run"
    yield from (f"  {command}" for command in _commands(finding))
    yield "Be rid of it"
    yield f"  {_removal(package, finding)}"


def _root(finding: Finding) -> str:
    """The file that the way to the finding begins in."""
    return finding.chain[0].path if finding.chain else finding.path


def _rule(finding: Finding) -> str:
    stem = _root(finding).rpartition("/")[2]
    if finding.trigger is Trigger.STARTUP:
        for ending, rule in RULES.items():
            if stem.endswith(ending) or stem.partition(".")[0] == ending:
                return rule
    return TRIGGERS[finding.trigger]


def _commands(finding: Finding) -> Iterator[str]:
    """What to type in an environment that may be lost: these run the code."""
    if finding.trigger is Trigger.STARTUP:
        yield "python -X importtime -c ''      every module that the start imports"
        yield "python -v -c '' 2>&1            each file, and each .pth line that fails"
        yield "python -S -c ''                 the same start without it"
        return
    module = _module(finding.path)
    group = finding.chain[0].what if finding.chain else ""
    if finding.trigger is Trigger.AUTOLOAD and "[pytest11]" in group:
        yield "pytest --trace-config            lists the plugins that pytest has loaded"
    elif finding.trigger is Trigger.INSTALL:
        yield "python -X importtime setup.py --version    where it may do as it likes"
    elif module:
        yield f"python -X importtime -c {shlex.quote('import ' + module)}"
    else:
        yield "read the file: no import runs it"


def _module(path: str) -> str:
    """The module that a file is when its place is a site directory; empty when it is none."""
    if not path.endswith(".py") or path.startswith("{"):
        return ""
    parts = path.removesuffix(".py").removesuffix("/__init__").split("/")
    return ".".join(parts) if all(part.isidentifier() for part in parts) else ""


def _removal(package: Package, finding: Finding) -> str:
    if package.kind.value == "unowned":
        return f"No distribution owns it: remove {_root(finding)} by hand."
    if package.kind.value == "installed":
        owner = finding.chain[0].package if finding.chain else package.name
        return f"pip uninstall {owner or package.name} (a file that its RECORD does not list stays behind)"
    return "Do not install it, or pin a version without it."
