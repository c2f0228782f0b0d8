"""Single lines and files: how they begin and end, where they are cut, how they are encoded."""

from __future__ import annotations

from collections.abc import Iterator

from tests.truth.startup.parts import MODULE, SEPARATORS, Files, mark

LEADS = (
    *("", " ", "    ", "\t", "\xa0", "\u1680", "\u2003", "\u205f", "\u3000", "\u200b", "\u180e"),
    *("\ufeff", "\ufeff\ufeff", "\ufeff ", " \ufeff", "\x1f", "\x01", "\x0c", "#", "# ", "\\", ";", '"'),
)
IMPORTS = (
    *("import {}", "import\t{}", "import  {}", "import \t {}", "import\x0c{}", "import \x0c{}"),
    *(
        "import\xa0{}",
        "import \xa0{}",
        "IMPORT {}",
        "Import {}",
        "import\x0b{}",
        "from {} import mark;import {}",
    ),
)


def shapes() -> Iterator[Files]:
    """How a line may begin, the word, and how it may end."""
    for lead in LEADS:
        for word in IMPORTS:
            line = lead + word.format("ww", "ww") + '; ww.mark("one")'
            yield {"a.pth": f"{line}\n{mark('two')}\n"}
    for end in (
        " ",
        "\t",
        ";",
        " ;",
        "#",
        " # x",
        "\xa0",
        "\u3000",
        "\x1f",
        "\u200b",
        "\\",
        "\x0c",
        "  \x0c ",
        ";;",
    ):
        yield {"a.pth": f"{mark('one')}{end}\n{mark('two')}\n"}
        yield {"a.pth": f"{mark('one')}{end}"}
    yield {"a.pth": f"import sys;{' ' * 300_000}{mark('one')}\n"}
    yield {"a.pth": f"import sys;{' ' * 200_000}{mark('one')}\n"}
    yield {"a.pth": ""}
    yield {"a.pth": " \n\t\n\xa0\n\u3000\n"}


def separators() -> Iterator[Files]:
    """Where the releases cut a text into lines."""
    for cut in SEPARATORS:
        yield {"a.pth": mark("one") + cut + mark("two") + cut + mark("three")}
        yield {"a.pth": "# a comment" + cut + mark("one") + "\n" + mark("two")}
        yield {"a.pth": f'import ww; x = "a{cut}b"; ww.mark("one")\n{mark("two")}\n'}
        yield {"a.pth": f"import ww; ww.mark('''one'''){cut}; {mark('two')}\n{mark('three')}\n"}
        yield {"a.pth": f"import sys;{cut}{mark('one')}\n{mark('two')}\n"}
        yield {"a.pth": f"import {cut}ww; ww.mark('one')\n{mark('two')}\n"}
        yield {"a.pth": f"hidden{cut}{mark('one')}\n", "hidden/x.py": ""}
        yield {
            "a.pth": f"hidden{cut}other\n",
            "hidden/x.py": "",
            "other/x.py": "",
            f"hidden{cut}other/x.py": "",
        }
        yield {"a.pth": cut + mark("one") + cut + cut}
        yield {"a.start": f"m:go{cut}m:C.d{cut}# m:go{cut}", "m.py": MODULE.format("m")}


def encodings() -> Iterator[Files]:
    """What is not plain UTF-8."""
    line, bom = mark("one").encode(), b"\xef\xbb\xbf"
    for content in (
        *(bom + line, bom + b"\n" + line, bom, bom + b"hidden\n" + line, bom + b"# x\n" + line),
        *(bom + bom + line, line + b"\n" + bom + line.replace(b"one", b"two")),
        *(mark("one").encode(codec) for codec in ("utf-16", "utf-16-le", "utf-32", "utf-7", "utf-8-sig")),
        *(line + b"\n# caf\xe9\n" + mark("two").encode(), b"# caf\xe9\n" + line, line + b" # \xff"),
        *(line + b"\n\xc3", line + b"\n" + mark("two").encode() + b"\n\xe2\x80", b"\xc3" + line),
        *(line + b"\n\xed\xa0\x80\n", line + b"\n\xc0\xae\n", line + b"\n\xf4\x90\x80\x80\n"),
        *(b"import ww; ww.mark('caf\xc3\xa9')\n", "import ww; é = 1; ww.mark('one')\n".encode()),
        *(b"\x80hidden\n" + line, line + b"\n\x00\n" + mark("two").encode(), b"\x1a" + line),
    ):
        yield {"a.pth": content, "hidden/x.py": ""}
        yield {"0.pth": mark("before"), "a.pth": content, "b.pth": mark("after"), "hidden/x.py": ""}
        yield {"a.start": content + b"\nm:go\n", "m.py": MODULE.format("m")}


def chunks() -> Iterator[Files]:
    """Bad bytes before and behind the 8 KiB that a stream decodes at once."""
    for size in (10, 8100, 8192, 9000, 17_000):
        for bad in (b"\xff", b"\xc3", b"# \xe9"):
            for first in (
                mark("one"),
                "import (",
                "import no_such_module",
                mark("one") + "; raise ValueError",
            ):
                pad = b"\n" + b"#" * size + b"\n"
                yield {
                    "a.pth": first.encode()
                    + pad
                    + mark("two").encode()
                    + b"\n"
                    + bad
                    + b"\n"
                    + mark("three").encode()
                }
            yield {"a.pth": mark("one").encode() + b"\n" + b"#" * size + bad, "b.pth": mark("two")}
