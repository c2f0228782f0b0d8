"""Names of files, path lines, customize modules."""

from __future__ import annotations

from collections.abc import Iterator

from tests.truth.startup.parts import CUSTOMIZE, MODULE, Files, mark

NAMES = (
    *(".x.pth", ".pth", "..pth", ".pth.pth", "a.pth.pth", "x.PTH", "x.Pth", "x.pth.bak", "x.pth~", "xpth"),
    *(
        " x.pth",
        "x .pth",
        "x.pth ",
        "!.pth",
        "~.pth",
        "-x.pth",
        "é.pth",
        "\u3000.pth",
        "X.pth",
        "x.pth.start",
    ),
    *(
        "x.start",
        ".x.start",
        ".start",
        "x.START",
        "x.start.pth",
        "sub/x.pth",
        "pth",
        "start",
        "x.pth\n",
        "\u2028.pth",
    ),
)


def names() -> Iterator[Files]:
    """Which names count, and in which order they are taken."""
    module = MODULE.format("m")
    for name in NAMES:
        yield {name: mark("one") + "\n"}
        yield {name: "hidden\n", "hidden/sitecustomize.py": CUSTOMIZE.format("site")}
        yield {name: "m:go\n", "m.py": module}
    order = (
        "0",
        "A",
        "_z",
        "a-b",
        "a",
        "a_b",
        "b",
        "~",
        "!x",
        " x",
        "é",
        "Z",
        "aa",
        "a.b",
        "\U00010000",
        "\uffff",
    )
    lines: Files = {f"{stem}.pth": mark(f"in {stem}") for stem in order}
    yield lines
    starts: Files = {f"{stem}.start": "m:go\n" for stem in order}
    yield {**starts, "m.py": module}
    several: Files = {f"{stem}.start": f"m{number}:go\n" for number, stem in enumerate(order)}
    yield several | {f"m{number}.py": MODULE.format(f"m{number}") for number in range(len(order))}


PATHS = (
    *("hidden", "./hidden", "hidden/", "hidden//", "hidden/.", "x/../hidden", "../site-packages/hidden"),
    *(
        "@SITE@/hidden",
        "@SITE@//hidden/",
        "hidden ",
        "hidden\t",
        " hidden",
        "\thidden",
        "hidden\u3000",
        "\u3000hidden",
    ),
    *(
        "#hidden",
        "hidden#",
        "hidden # x",
        "'hidden'",
        "~/hidden",
        "$PWD/hidden",
        "nothing",
        "file.txt",
        "hidden\\",
    ),
    *(
        ".",
        "..",
        "./",
        "",
        "/",
        "hidden/inner",
        "hidden/../hidden/inner",
        "héllo",
        "he\u0301llo",
        "hidden\x1f",
    ),
    *(
        "hidden\x00",
        "x" * 300,
        "x/" * 3000,
        "hidden;other",
        "hidden:other",
        "HIDDEN",
        "import",
        "imports",
        "importhidden",
    ),
    *("hidden/sitecustomize.py", "hidden\x0b", "\x0chidden", "hidden\x85", "\x85hidden"),
)


def paths() -> Iterator[Files]:
    """Path lines and what they lead to."""
    there: Files = {
        place: CUSTOMIZE.format(place)
        for place in ("hidden/sitecustomize.py", "hidden/inner/sitecustomize.py", "other/sitecustomize.py")
    }
    there |= {
        "hidden/n.pth": mark("nested"),
        "hidden/n.start": "hm:go",
        "hidden/hm.py": MODULE.format("hm"),
    }
    there |= {"file.txt": "", "héllo/x.py": "", "importhidden/x.py": "", "import/x.py": "", "x/y.py": ""}
    for line in PATHS:
        yield {"a.pth": f"{line}\n{mark('one')}\n", **there}
    for line in PATHS[:16]:
        yield {"a.pth": f"import (\n{line}\n", **there}
        yield {".a.pth": f"{line}\n", "a.pth": "other\n", **there}
        yield {"a.pth": f"other\n{line}\n", "sitecustomize.py": CUSTOMIZE.format("own"), **there}
        yield {"a.pth": f"{line}\n", "a.start": "hm:go\nhm:none\n", **there}
        yield {"a.pth": f"\ufeff{line}\n", **there}


def customize() -> Iterator[Files]:
    """Forms and places of the customize modules."""
    forms = (
        "{}/__init__.py",
        "{}.py",
        "{}.so",
        "{}.abi3.so",
        "{}/__init__.so",
        "{}/x.py",
        "{}",
        "{}.pyd",
        "{}.txt",
    )
    for module in ("sitecustomize", "usercustomize"):
        for one in forms:
            for two in forms:
                first, second = one.format(module), two.format(module)
                if first == second or first.startswith(second + "/") or second.startswith(first + "/"):
                    continue
                if one < two:
                    yield {place: CUSTOMIZE.format(place) for place in (first, second)}
                yield {
                    "a.pth": "hidden\n",
                    first: CUSTOMIZE.format(first),
                    f"hidden/{second}": CUSTOMIZE.format("hidden"),
                }
        for content in ("import (", "raise ValueError", "raise SystemExit", "\0", "import no_such"):
            yield {f"{module}.py": CUSTOMIZE.format("one") + content + "\n", "a.pth": mark("two")}
