"""What the command line says of itself: docs/usage.md, the man page, completion for bash, zsh and fish.

``python -m tools.manual`` writes them; a test holds that they are up to date.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import typer

from wheelwatch.cli.main import app

ROOT = Path(__file__).resolve().parent.parent
GENERATED = "Made by `make docs` from the command line's own help. Edit that."
TOP_FLAGS = ("--version", "--help")
HELP = "Show the help of the command."
SUMMARY = "what runs before your Python code, and what can watch it"
CODES = (
    (0, "nothing at or over the threshold"),
    (1, "something is: a verdict, and nothing else"),
    (2, "the job could not be done in full"),
    (3, "nothing that could be judged"),
    (130, "interrupted"),
)


class Flag(NamedTuple):
    """One option of a command."""

    names: tuple[str, ...]
    value: str
    """What follows it: a word, or the choices; empty for a switch."""
    choices: tuple[str, ...]
    text: str
    variable: str
    default: str
    is_file: bool


class Verb(NamedTuple):
    """One command, a command of a command as ``cache clear``."""

    name: str
    usage: str
    text: tuple[str, ...]
    """Paragraphs; the first is its summary."""
    arguments: tuple[tuple[str, str], ...]
    flags: tuple[Flag, ...]


def verbs() -> tuple[Verb, ...]:
    """Every command, in the order of the help."""
    waiting: list[tuple[str, Any]] = [("", typer.main.get_command(app))]
    found = []
    while waiting:
        name, command = waiting.pop(0)
        inner = getattr(command, "commands", {})
        waiting[:0] = [(f"{name} {key}".strip(), value) for key, value in inner.items()]
        if name and not inner:
            found.append(_verb(name, command))
    return tuple(found)


def pages() -> dict[str, str]:
    """Every generated file by its path below the repository."""
    known = verbs()
    return {
        "docs/usage.md": _text(_usage(known)),
        "docs/wheelwatch.1": _text(_man(known)),
        "docs/completion/wheelwatch.bash": _text(_bash(known)),
        "docs/completion/_wheelwatch": _text(_zsh(known)),
        "docs/completion/wheelwatch.fish": _text(_fish(known)),
    }


def main() -> int:
    """Write the files."""
    for name, text in pages().items():
        path = ROOT / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return 0


def _verb(name: str, command: Any) -> Verb:
    options = [param for param in command.params if param.param_type_name == "option"]
    arguments = [param for param in command.params if param.param_type_name == "argument"]
    words = [_placed(param) for param in arguments]
    paragraphs = [" ".join(part.split()) for part in (command.help or "").split("\n\n")]
    return Verb(
        name=name,
        usage=" ".join(["wheelwatch", name, "[OPTION]...", *words]),
        text=tuple(paragraphs),
        arguments=tuple(
            (word, " ".join((param.help or "").split()))
            for word, param in zip(words, arguments, strict=True)
        ),
        flags=(*map(_flag, options), Flag(("--help", "-h"), "", (), HELP, "", "", is_file=False)),
    )


def _placed(param: Any) -> str:
    word = str(param.metavar or param.name.upper())
    return word if param.required or word.startswith("[") else f"[{word}]"


def _flag(param: Any) -> Flag:
    choices = tuple(str(choice) for choice in getattr(param.type, "choices", ()))
    value = "" if param.is_flag else param.metavar or "|".join(choices) or "TEXT"
    shown = param.show_default and param.default not in (None, False, "", ())
    default = getattr(param.default, "value", param.default)
    return Flag(
        names=tuple(param.opts),
        value=value,
        choices=choices,
        text=" ".join((param.help or "").split()),
        variable=param.envvar or "",
        default=str(default) if shown else "",
        is_file=value in ("FILE", "FORMAT=PATH", "PLACE"),
    )


def _text(lines: Iterator[str]) -> str:
    return "\n".join(lines) + "\n"


# Markdown


def _usage(known: tuple[Verb, ...]) -> Iterator[str]:
    yield from (f"<!-- {GENERATED} -->", "", "# Usage", "")
    yield "Results go to stdout; progress, errors and the summary to stderr. A variable sets its option."
    yield "[exit-codes.md](exit-codes.md) tells the exit codes, [ci.md](ci.md) the use in CI."
    yield ""
    for verb in known:
        yield f"- [`wheelwatch {verb.name}`](#wheelwatch-{verb.name.replace(' ', '-')}): {verb.text[0]}"
    for verb in known:
        yield from (
            "",
            f"## wheelwatch {verb.name}",
            "",
            "```",
            verb.usage,
            "```",
            "",
            "\n\n".join(verb.text),
        )
        if verb.arguments:
            yield from ("", "| argument | |", "|---|---|")
            yield from (f"| `{_cell(name)}` | {_cell(text)} |" for name, text in verb.arguments)
        yield from ("", "| option | | variable |", "|---|---|---|")
        for flag in verb.flags:
            names = ", ".join(f"`{name}`" for name in flag.names)
            value = f" `{_cell(flag.value)}`" if flag.value else ""
            default = f" Default: `{flag.default}`." if flag.default else ""
            variable = f"`{flag.variable}`" if flag.variable else ""
            yield f"| {names}{value} | {_cell(flag.text)}{default} | {variable} |"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("*", "\\*")


# Man page


def _man(known: tuple[Verb, ...]) -> Iterator[str]:
    yield f'.\\" {GENERATED}'
    yield '.TH WHEELWATCH 1 "" "wheelwatch" "User Commands"'
    yield from (".SH NAME", f"wheelwatch \\- {SUMMARY}", ".SH SYNOPSIS")
    for verb in known:
        yield from (_roff(verb.usage), ".br")
    yield from (
        ".SH DESCRIPTION",
        "Reads wheels, folders, environments and requirements without running or",
    )
    yield "importing anything of them, and tells what runs at interpreter start and what hooks it."
    for verb in known:
        yield from (f".SH COMMAND {verb.name.upper()}", _roff(verb.usage))
        for paragraph in verb.text:
            yield from (".PP", _roff(paragraph))
        for name, text in verb.arguments:
            yield from (".TP", f"\\fI{_roff(name)}\\fR", _roff(text))
        for flag in verb.flags:
            names = ", ".join(f"\\fB{_roff(name)}\\fR" for name in flag.names)
            value = f" \\fI{_roff(flag.value)}\\fR" if flag.value else ""
            default = f" Default: {_roff(flag.default)}." if flag.default else ""
            variable = f" [{flag.variable}]" if flag.variable else ""
            yield from (".TP", f"{names}{value}", f"{_roff(flag.text)}{default}{variable}")
    yield ".SH EXIT STATUS"
    for number, text in CODES:
        yield from (".TP", str(number), text)
    yield from (".SH FILES", ".TP", "pyproject.toml")
    yield "The policy of the current directory, in the table tool.wheelwatch."
    yield from (".TP", "wheelwatch\\-baseline.toml", "What wheelwatch approve has approved.")


def _roff(text: str) -> str:
    """Text that troff shows as it is."""
    plain = text.replace("\\", "\\e").replace("-", "\\-")
    return f"\\&{plain}" if plain.startswith((".", "'")) else plain


# Completion


def _bash(known: tuple[Verb, ...]) -> Iterator[str]:
    yield from (f"# {GENERATED}", "_wheelwatch() {")
    yield from (
        "    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]}",
        "    local verb=${COMP_WORDS[1]}",
    )
    yield "    if ((COMP_CWORD == 1)); then"
    yield f'        COMPREPLY=($(compgen -W "{" ".join((*_tops(known), *TOP_FLAGS))}" -- "$cur"))'
    yield from ("        return", "    fi")
    for top, inner in _groups(known):
        yield f"    if [[ $verb == {top} ]] && ((COMP_CWORD == 2)) && [[ $cur != -* ]]; then"
        yield f'        COMPREPLY=($(compgen -W "{" ".join(inner)}" -- "$cur"))'
        yield from ("        return", "    fi")
    yield '    case "$verb $prev" in'
    for verb in known:
        for flag in verb.flags:
            if flag.choices:
                patterns = "|".join(f'"{verb.name.split()[0]} {name}"' for name in flag.names)
                words = " ".join(flag.choices)
                yield f'        {patterns}) COMPREPLY=($(compgen -W "{words}" -- "$cur")); return ;;'
    yield from ("    esac", '    case "$verb" in')
    for top in _tops(known):
        names = " ".join(
            dict.fromkeys(name for verb in known if verb.name.split()[0] == top for name in _names(verb))
        )
        yield f'        {top}) [[ $cur == -* ]] && COMPREPLY=($(compgen -W "{names}" -- "$cur")) ;;'
    yield from ("    esac", "}", "complete -o default -F _wheelwatch wheelwatch")


def _zsh(known: tuple[Verb, ...]) -> Iterator[str]:
    yield from ("#compdef wheelwatch", f"# {GENERATED}", "_wheelwatch() {", "  local -a verbs=(")
    yield from (f"    {_quote(f'{top}:{_first(known, top)}')}" for top in _tops(known))
    yield from ("  )", "  if ((CURRENT == 2)); then", "    if [[ $PREFIX == -* ]]; then")
    yield f"      compadd -- {' '.join(TOP_FLAGS)}"
    yield from ("    else", "      _describe command verbs", "    fi", "    return", "  fi")
    yield '  case "${words[2]}" in'
    for top in _tops(known):
        yield f"    {top})"
        yield "      _arguments \\"
        flags = {
            flag.names[0]: flag for verb in known if verb.name.split()[0] == top for flag in verb.flags
        }
        for flag in flags.values():
            yield from (f"        {_quote(_spec(name, flag))} \\" for name in flag.names)
        inner = dict(_groups(known)).get(top)
        # _arguments counts the verb as the first word.
        yield f"        '2:command:({' '.join(inner)})'" if inner else "        '*:target:_files'"
        yield "      ;;"
    yield from ("  esac", "}", '_wheelwatch "$@"')


def _spec(name: str, flag: Flag) -> str:
    """One option as _arguments reads it."""
    text = re.sub(r"[\[\]\\]", r"\\\g<0>", flag.text)
    if not flag.value:
        return f"{name}[{text}]"
    action = f"({' '.join(flag.choices)})" if flag.choices else "_files" if flag.is_file else ""
    return f"*{name}[{text}]:{re.sub(':', ' ', flag.value)}:{action}"


def _fish(known: tuple[Verb, ...]) -> Iterator[str]:
    yield f"# {GENERATED}"
    for top in _tops(known):
        text = _quote(_first(known, top))
        yield f"complete -c wheelwatch -f -n __fish_use_subcommand -a {top} -d {text}"
    for name in TOP_FLAGS:
        yield f"complete -c wheelwatch -n __fish_use_subcommand -l {name.removeprefix('--')}"
    for top, inner in _groups(known):
        where = f"'__fish_seen_subcommand_from {top}'"
        yield f"complete -c wheelwatch -f -n {where} -a {_quote(' '.join(inner))}"
    for verb in known:
        top = verb.name.split()[0]
        for flag in verb.flags:
            words = [f"-l {name[2:]}" if name.startswith("--") else f"-s {name[1:]}" for name in flag.names]
            if flag.choices:
                words.append(f"-x -a {_quote(' '.join(flag.choices))}")
            elif flag.value:
                words.append("-r")
            where = f"'__fish_seen_subcommand_from {top}'"
            yield f"complete -c wheelwatch -n {where} {' '.join(words)} -d {_quote(flag.text)}"


def _tops(known: tuple[Verb, ...]) -> list[str]:
    return list(dict.fromkeys(verb.name.split()[0] for verb in known))


def _groups(known: tuple[Verb, ...]) -> Iterator[tuple[str, list[str]]]:
    """Commands that have commands of their own, with these."""
    for top in _tops(known):
        inner = [verb.name.split()[1] for verb in known if verb.name.startswith(f"{top} ")]
        if inner:
            yield top, inner


def _first(known: tuple[Verb, ...], top: str) -> str:
    return next(verb.text[0] for verb in known if verb.name.split()[0] == top)


def _names(verb: Verb) -> Iterator[str]:
    for flag in verb.flags:
        yield from flag.names


def _quote(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'"


if __name__ == "__main__":
    sys.exit(main())
