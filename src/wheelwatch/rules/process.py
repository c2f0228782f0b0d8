"""A process is started.

Why it matters: A child process is out of sight of every hook of the interpreter. At startup it
starts with each Python process; if it is Python itself, it starts itself again and again.

When it is fine: inside functions of tools that say so. Builds that call a compiler show it as
install.

Instead: a function that the user calls; for build steps a declared build backend.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from wheelwatch.model import Kind, LinkedPackage, Reached, RuleId, Trigger
from wheelwatch.rules.hit import TESTS, Hit, describe, of_site

ID = RuleId("payload-process")
KINDS = (Kind.PROCESS,)

COMPANY = frozenset(
    {Kind.NETWORK, Kind.CREDENTIALS, Kind.STARTUP_WRITE, Kind.DECODE_RUN, Kind.DYNAMIC_CODE}
)
"""What makes a process start worse when it runs in the same file."""

TELLING = re.compile(
    r"https?:|ftp:|curl|wget|base64|b64|sys\.executable|python|perl|ruby|node|powershell|cmd */c"
    r"|\bsh\b|bash|nohup|\bnc\b|ssh|/dev/|/tmp|\.exe|eval|exec|chr\(|decode|environ|shell *= *True"
    r"|\b(?:xcrun[\"', ]+[^\"', -]|arch[\"', ]+-)|-wrapper|-fplugin|-specs|(?-i:[\"' ]-B)",
    re.IGNORECASE,
)
"""Words of a command line that is more than a question to a compiler or the system."""


QUESTIONS = (
    *("cc", "gcc", "g++", "clang", "uname", "lscpu", "sysctl", "xcrun", "xcode-select", "pkg-config"),
    *("arch", "mach", "machine", "isainfo", "psrinfo", "sysconf", "getconf"),
    "uname_i",  # no program at all, but numpy.distutils asks for it
)
"""Programs that answer questions about the machine or the compiler and change nothing."""

QUESTION = re.compile(
    rf"""[\w.]+\(\s*[\[(]\s*(["'])(?:{"|".join(map(re.escape, QUESTIONS))})\1"""
    r"""(?:\s*,\s*(?:"[\w./=+-]*"|'[\w./=+-]*'))*\s*,?\s*[\])]\s*[,)]"""
)
"""A command that is written as literals only and begins with such a program."""

GIVEN = frozenset({"?given", "?open", "?loose"})
"""Stand for a command that is not known where a function is looked at by itself, or may be another one."""

HELD = re.compile(r"(?:\w+\.)*(?:run|check_output|getoutput|getstatusoutput)\(\s*[a-z]\w*\s*[,)]")
"""A call that waits for the answer to a command which is held in a variable (numpy asks ``lscpu`` so)."""

ASKED = re.compile(rf"(?:{'|'.join(map(re.escape, QUESTIONS))})(?: [\w./=+-]+)*")
"""The same command as the extractor has folded it."""

HARMLESS = re.compile(
    r"(?:/(?:usr/)?bin/)?(?:(?:ps|uname|lscpu|lsdev)(?: (?!\?[^ ])[\w./=+?-]+)*|arch"
    r"|fc-(?:list|match)(?: (?!\?[^ ])[\w./=+?%{}:\\-]+)*|system_profiler(?: (?:-xml|SP\w+))+"
    r"|(?P<git>git) (?:log|describe|rev-parse|show-ref)(?: (?!--(?:ex|te|ou))[\w./=+:%@^-]+)*)"
)
"""The same for programs that do no more whatever they are told; a ``?`` is a word that is not known.

Not so ``arch``, which starts a program on a Mac, nor some options of ``git``.
"""

NAMED = re.compile(r"(?:/(?:usr/)?bin/)?([\w-]+)")
"""The program of such a command."""

STARTS = ("subprocess.", "os.system", "os.popen")
"""APIs whose first argument is the whole command, of which the first word is looked for on the path."""

CHECKOUT = re.compile(r"(?:^|/)(?:\.git(?:/|$)|HEAD$)")
"""Files by which a folder is a checkout: its configuration names programs that git starts."""

SCRIPTS = re.compile(r"\{(?:prefix|scripts)\}/(?:bin/|Scripts/)?([^/]+?)(?:\.exe|\.cmd|\.bat)?")

VARIABLES = "os.environ["
"""How APIs begin by which programs that are started later find other code."""

ASKING = (Trigger.STARTUP, Trigger.AUTOLOAD, Trigger.IMPORT)
"""When such a question has a row of its own."""

OWN = "multiprocessing."
"""APIs that run a function of the program in another process; what it does is found by itself."""


def find(package: LinkedPackage) -> Iterator[Hit]:
    """A hit on every process start."""
    loaded = {
        reached.member.path
        for reached in package.sites
        if reached.site.kind in COMPANY and reached.trigger is not Trigger.CALL
    }
    for reached in package.of(*KINDS):
        row = "payload-aside" if _is_plain(reached) and reached.member.path not in loaded else None
        if row is None and _asks_about(reached) and not _is_prepared(package, reached):
            row = "payload-asks"
        yield of_site(reached, describe(reached, "starts a process") + _again(reached), row)


def _again(reached: Reached) -> str:
    """A clause on Python that starts at every start of Python, with nothing that stops it."""
    site = reached.site
    is_python = "sys.executable" in f"{site.detail} {site.snippet}"
    if reached.trigger is not Trigger.STARTUP or not is_python or reached.guard is not None:
        return ""
    return "; it starts Python, which starts it again: processes without end"


def _asks_about(reached: Reached) -> bool:
    """Whether all that it starts is a program that tells about the machine, this process or a checkout."""
    commands = reached.site.detail.split("\n")
    is_open = "?" in reached.site.detail and "shell" in reached.site.snippet
    is_other = not reached.site.api.startswith(STARTS)
    if reached.site.obfuscated or is_open or is_other or reached.trigger not in ASKING:
        return False
    return all(map(HARMLESS.fullmatch, commands))


def _is_prepared(package: LinkedPackage, reached: Reached) -> bool:
    """Whether the package brings another program of that name, or what the program is told to start."""
    found = [HARMLESS.fullmatch(command) for command in reached.site.detail.split("\n")]
    members = package.distribution.members
    if any(match and match["git"] for match in found) and any(CHECKOUT.search(one.path) for one in members):
        return True
    names = {match[1] for one in found if one and (match := NAMED.match(one[0]))}
    return not names.isdisjoint(_programs(package)) or any(
        one.site.api.startswith(VARIABLES) and one.trigger is not Trigger.CALL for one in package.sites
    )


def _programs(package: LinkedPackage) -> Iterator[str]:
    """Names under which the distribution puts programs on the path."""
    for member in package.distribution.members:
        match = SCRIPTS.fullmatch(member.place or "")
        if match:
            yield match[1]
    for point in package.distribution.entry_points:
        yield point.name


def _is_from_test(reached: Reached) -> bool:
    """Whether the import of a test calls the function that starts it, which stands elsewhere."""
    first, path = reached.chain[0].path, reached.member.path
    return len(reached.chain) > 2 and TESTS.search(first) is not None and not TESTS.search(path)


def _is_plain(reached: Reached) -> bool:
    """Whether only the import of a test or of an inner module starts it, and all that it does is to ask.

    Other programs may import an inner module by its name, a console script among them, so there the
    command itself must be harmless; what a test starts, runs where tests are run.
    """
    site = reached.site
    if not reached.is_aside or reached.trigger is not Trigger.IMPORT or site.obfuscated:
        return False
    if _is_from_test(reached):
        return True
    if TELLING.search(f"{site.snippet} {site.detail}"):
        return False
    if site.api.startswith(OWN) or QUESTION.match(site.snippet) or TESTS.search(reached.member.path):
        return True
    return HELD.match(site.snippet) is not None and _asks(site.detail)


def _asks(commands: str) -> bool:
    """Whether every command that is known to be held there, and there is one, only asks."""
    known = [command for command in commands.split("\n") if command not in GIVEN]
    return bool(known) and all(map(ASKED.fullmatch, known))
