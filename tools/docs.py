"""The pages of ``docs/rules/``: one for each rule, made from its docstring and the catalogue.

``python -m tools.docs`` writes them; ``--check`` compares instead and ends 1 when something differs.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from wheelwatch.catalogue import Entry
from wheelwatch.model import SUPPORTED_PYTHONS, Severity, Trigger
from wheelwatch.rules import Explanation, catalogue

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs" / "rules"
INDEX = "README.md"
HOW = {"call": "called", "assign": "assigned to", "mutate": "changed in place"}
GENERATED = "<!-- Made by `make docs` from the rule's docstring and data/. Edit those. -->"
WHEN = {
    Trigger.STARTUP: "any start of the interpreter",
    Trigger.INSTALL: "building or installing",
    Trigger.AUTOLOAD: "loaded by a host tool by itself",
    Trigger.IMPORT: "the package is imported",
    Trigger.CALL: "only when called",
    Trigger.DORMANT: "not as installed",
}


def pages() -> dict[str, str]:
    """Every page by its file name."""
    rules = catalogue()
    return {f"{rule.id}.md": _text(_page(rule)) for rule in rules} | {INDEX: _text(_index(rules))}


def main(arguments: list[str]) -> int:
    """Write the pages, or with ``--check`` compare; 1 when something differs."""
    made = pages()
    present = {path.name for path in FOLDER.glob("*.md")}
    stale = sorted(present - made.keys())
    if "--check" in arguments:
        wrong = stale + [name for name, text in made.items() if _present(name) != text]
        for name in wrong:
            print(f"docs/rules/{name} is out of date: make docs", file=sys.stderr)
        return 1 if wrong else 0
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name in stale:
        (FOLDER / name).unlink()
    for name, text in made.items():
        (FOLDER / name).write_text(text, encoding="utf-8")
    return 0


def _present(name: str) -> str | None:
    path = FOLDER / name
    return path.read_text(encoding="utf-8") if path.is_file() else None


def _text(lines: Iterator[str]) -> str:
    return "\n".join(lines) + "\n"


def _page(rule: Explanation) -> Iterator[str]:
    yield from (GENERATED, "", f"# {rule.id}", "", rule.title)
    yield from ("", "## Why it matters", "", _sentence(rule.why))
    yield from ("", "## When it is fine", "", _sentence(rule.fine))
    yield from ("", "## Instead", "", _sentence(rule.instead))
    yield from ("", "## Severity", "")
    if rule.severities:
        yield "Before adjustments for guards, own names, hidden access and confidence:"
        yield from ("", *_severities(rule.severities))
    else:
        yield "By what was found and where it leads; the table is `data/severity.toml`."
    if rule.entries:
        yield from ("", "## What it reports")
    for entry in rule.entries:
        yield from _entry(entry)


def _sentence(text: str) -> str:
    """The text as a paragraph of its own; a name that it begins with keeps its letters."""
    first = text.split(maxsplit=1)[0].rstrip(",:;")
    begun = text[:1].upper() + text[1:] if first.isalpha() else text
    return begun.replace("``", "`")


def _severities(severities: tuple[tuple[Trigger, Severity], ...]) -> Iterator[str]:
    yield from ("| when it runs | severity |", "|---|---|")
    for trigger, severity in severities:
        yield f"| {trigger.value}: {WHEN[trigger]} | {severity.label} |"


def _entry(entry: Entry) -> Iterator[str]:
    """One row of the catalogue: its example, its names, what is known of it."""
    yield from ("", f'<a id="{entry.row}"></a>', "", f"### {entry.title}", "")
    yield from ("```python", entry.example, "```", "")
    yield f"- **Observes or alters:** {entry.observes}"
    yield f"- **Pythons:** {_pythons(entry.pythons)}"
    yield f"- **Audit event:** {f'`{entry.event}`' if entry.event else 'none'}"
    for how, names in entry.names:
        yield f"- **Names, {HOW[how]}:** {', '.join(f'`{name}`' for name in names)}"
    yield f"- **Instead:** {entry.instead}"
    if entry.users:
        yield f"- **Used for good reasons by:** {', '.join(entry.users)}"
    yield f"- **Reference:** <{entry.reference}>"


def _pythons(pythons: tuple[str, ...]) -> str:
    """``all``, or the first and last of the versions."""
    if pythons == SUPPORTED_PYTHONS:
        return "all"
    first, last = pythons[0], pythons[-1]
    return f"{first} and later" if last == SUPPORTED_PYTHONS[-1] else f"{first} to {last}"


def _index(rules: tuple[Explanation, ...]) -> Iterator[str]:
    yield from (GENERATED, "", "# Rules", "")
    yield "Each rule with what it finds; `wheelwatch explain RULE` says the same offline."
    yield from ("", "| rule | finds |", "|---|---|")
    for rule in rules:
        yield f"| [{rule.id}]({rule.id}.md) | {rule.title} |"
    yield from ("", "## Hooks and capabilities", "")
    yield from ("| what | Pythons | audit event | rule |", "|---|---|---|---|")
    for rule in rules:
        for entry in rule.entries:
            event = f"`{entry.event}`" if entry.event else "none"
            link = f"[{entry.title}]({rule.id}.md#{entry.row})"
            yield f"| {link} | {_pythons(entry.pythons)} | {event} | {rule.id} |"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
