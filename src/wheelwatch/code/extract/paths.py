"""Files by their path: startup files that are written, credentials that are read."""

from __future__ import annotations

import re

from wheelwatch.code.extract import payload
from wheelwatch.code.extract.activation import Activation
from wheelwatch.code.extract.fold import texts
from wheelwatch.code.extract.invocation import Call
from wheelwatch.code.extract.machine import Machine
from wheelwatch.code.extract.values import ANY, Const, Ext, Part, Value, taint
from wheelwatch.model import Kind

STARTUP = re.compile(
    r"(?:\.pth|(?<=[\w-])\.start|(?:^|[/\\])(?:site|user)customize\.py|(?:^|[/\\])apport_python_hook\.py"
    r"|(?:^|[/\\])\.(?:bashrc|bash_profile|profile|zshrc|zshenv|zprofile|bash_login|xprofile|pdbrc)"
    r"|(?:^|[/\\])pyvenv\.cfg|\._pth|(?:^|[/\\])python3\d+\.zip|/etc/cron[^ ]*|(?:^|/)crontab"
    r"|/systemd/[^ ]*\.(?:service|timer)|(?:^|/)autostart/[^ ]*\.desktop|/LaunchAgents/[^ ]*\.plist"
    r"|(?:^|[/\\])Startup[/\\][^ ]*|(?:^|/)authorized_keys|/etc/ld\.so\.preload|(?:^|/)\.git/hooks/[\w-]+"
    r"|(?:^|[/\\])pip\.(?:conf|ini)|(?:^|/)\.ipython/[^ ]*startup/[^ ]*)\Z"
)
CREDENTIALS = re.compile(
    r"(?:^|[/\\])(?:\.ssh(?:[/\\](?!known_hosts\b|config\Z)[^ ]*)?"
    r"|\.aws[/\\]credentials|\.netrc|\.pypirc|\.git-credentials|\.npmrc"
    r"|\.kube[/\\]config"
    r"|\.docker[/\\]config\.json|\.config[/\\]gcloud[^ ]*|\.azure[/\\][^ ]*|\.gnupg[^ ]*"
    r"|id_(?:rsa|dsa|ecdsa|ed25519)"
    r"|Login Data|Cookies|logins\.json|key4\.db|wallet\.dat"
    r"|\.bitcoin[^ ]*|\.ethereum[^ ]*|\.vault-token|\.env)\Z"
    r"|\A/etc/shadow\Z"
)
METHODS = frozenset(
    {
        "write_text",
        "write_bytes",
        "read_text",
        "read_bytes",
        "open",
        "symlink_to",
        "touch",
        "hardlink_to",
        "expanduser",
        "joinpath",
        "with_name",
        "with_suffix",
        "home",
    }
)
_WRITES = {"write_text", "write_bytes", "symlink_to", "hardlink_to"}


def ends(value: Value) -> list[str]:
    """What a path is or ends in, as far as that is known."""
    return [text for text, _ in texts(value)] + [atom.tail for atom in value if isinstance(atom, Part)]


def check(machine: Machine, act: Activation, path: Value, call: Call, api: str, *, writes: bool) -> None:
    """A site when the path may be a startup file that is written, or credentials that are read."""
    for name in ends(path):
        if writes and STARTUP.search(name):
            machine.record.site(act, call.node, Kind.STARTUP_WRITE, api, detail=name[-120:])
        elif not writes and CREDENTIALS.search(name):
            machine.record.site(act, call.node, Kind.CREDENTIALS, api, detail=name[-120:])


def is_writing(mode: Value) -> bool:
    """Whether an open mode may write; a mode that is not known may not."""
    return any(set("wax+") & set(text) for text, _ in texts(mode))


def use(machine: Machine, act: Activation, path: Value, name: str, call: Call) -> None:
    """A method of a path that is kept as its text."""
    if name in {"expanduser", "home"}:
        call.cell.add(path)
        return
    if name in {"joinpath", "with_name"}:
        call.cell.add(joined([path, *call.args]))
        return
    if name == "with_suffix":
        suffix = texts(call.arg(0))
        call.cell.add((Part(suffix[0][0]),) if suffix else ANY)
        return
    writes = name in _WRITES or (name == "open" and is_writing(call.arg(0, "mode")))
    if writes and name != "open":
        payload.note_written(machine, "open.write", call.arg(0, "data"))
    check(machine, act, path, call, f"pathlib.Path.{name}", writes=writes)
    call.cell.add((Ext("builtins.open()"),) if name == "open" else ANY)


def joined(parts: list[Value]) -> Value:
    """``os.path.join`` and ``pathlib.Path`` of several parts, as text of which the end is known."""
    made = parts[0] if parts else (Const(""),)
    for part in parts[1:]:
        tails = ends(part)
        if not tails:
            made = taint(made, part)
            continue
        heads = ends(made)
        whole = bool(heads) and all(isinstance(atom, Const) for atom in (*made, *part))
        if whole:
            made = tuple(Const(f"{head}/{tail}") for head in heads[:2] for tail in tails[:4])
        else:
            made = tuple(
                Part(f"{head}/{tail}"[-500:]) for head in (heads or [""])[:2] for tail in tails[:4]
            )
    return made


def opened(machine: Machine, act: Activation, call: Call) -> None:
    """``open(path, mode)``."""
    path = call.arg(0, "file")
    check(machine, act, path, call, "builtins.open", writes=is_writing(call.arg(1, "mode")))
    call.cell.add((Ext("builtins.open()"),))


def moved(machine: Machine, act: Activation, call: Call, api: str) -> None:
    """Copying, moving or linking to a path."""
    check(machine, act, call.arg(1, "dst"), call, api, writes=True)
    check(machine, act, call.arg(0, "src"), call, api, writes=False)
    call.cell.add(ANY)
