"""``.start`` files: their lines, and what they switch off."""

from __future__ import annotations

from collections.abc import Iterator

from tests.truth.startup.parts import CUSTOMIZE, MODULE, Files, mark

GRAMMAR = (
    *("m:go", "m:C.d", "m:C", "m:none", "m:go.none", "p:go", "p.q:go", "p.none:go", "m.none:go", "none:go"),
    *(
        "m",
        "m:",
        ":go",
        "m:go:",
        "m::go",
        "m:go:go",
        "m: go",
        "m :go",
        "m : go",
        " m:go",
        "m:go ",
        "\tm:go\t",
    ),
    *(
        "n = m:go",
        "m:go [x]",
        "m:go[x]",
        "m:go()",
        "m:go;",
        "m:go # x",
        "# m:go",
        "#m:go",
        "m.:go",
        ".m:go",
    ),
    *(
        "..m:go",
        "m..n:go",
        "m:.go",
        "m:go.",
        "1m:go",
        "m:1go",
        "class:go",
        "²m:go",
        "m:²go",
        "ｍ:go",
        "m:ｇｏ",
    ),
    *(
        "é:go",
        "e\u0301:go",
        "m-n:go",
        "m/n:go",
        "m.py:go",
        "import m",
        "import ww; ww.mark('x')",
        "m,go",
        "M:go",
    ),
    *(
        "__main__:go",
        "m:__doc__",
        "m:go\x00",
        "\x00m:go",
        "m\x1f:go",
        "\u3000m:go\u3000",
        "\xa0m:go",
        "\u200bm:go",
    ),
    *(
        "\ufeffm:go",
        "_:go",
        "m:_",
        "m:C.e.f",
        "p:q",
        "p.q:C.d",
        "٣m:go",
        "m٣:go",
        "m:go\x1c",
        "m\u0b71:go",
        "ww:mark",
    ),
)


def grammar() -> Iterator[Files]:
    """Lines of ``.start`` files."""
    modules: Files = {
        place: MODULE.format(name)
        for place, name in (
            *(("m.py", "m"), ("p/__init__.py", "p"), ("p/q.py", "p.q"), ("class.py", "class")),
            *(("²m.py", "²m"), ("é.py", "é"), ("_.py", "_"), ("m٣.py", "m٣")),
        )
    }
    for line in GRAMMAR:
        yield {"a.start": f"{line}\nm:C.d\n", **modules}
    for line in GRAMMAR[:12]:
        yield {"a.start": f"\ufeff{line}\n{line}\r\n{line}", "b.start": line, **modules}
    yield {
        "a.start": "ex:go\nm:go\n",
        "ex.py": CUSTOMIZE.format("body:ex") + "raise SystemExit\n",
        **modules,
    }
    yield {
        "a.start": "bad:go\nm:go\n",
        "bad.py": CUSTOMIZE.format("body:bad") + "raise ValueError\n",
        **modules,
    }


def silencing() -> Iterator[Files]:
    """``.start`` files beside ``.pth`` files."""
    module = MODULE.format("m")
    pth = f"{mark('one')}\nhidden\n{mark('two')}\n"
    for content in (
        "",
        "\n",
        "# x\n",
        "m:go\n",
        "not valid\n",
        "\ufeff",
        b"\xff",
        b"m:go\n\xff",
        "none:go\n",
    ):
        for name in ("a.start", ".a.start", "A.start", "a.pth.start", "a .start", "a.START", "b.start"):
            yield {"a.pth": pth, name: content, "m.py": module, "hidden/x.py": ""}
    for name in ("x.y.pth", "é.pth", " .pth", ".pth", ".x.pth", "a.start.pth"):
        start = name.removesuffix(".pth") + ".start"
        yield {name: pth, start: "m:go\n", "m.py": module, "hidden/x.py": ""}
    yield {"a.pth": "import m; m.go()\n", "a.start": "m:go\n", "m.py": module}
    yield {"a.pth": pth, "a.start": "m:go", "b.pth": mark("three"), "hidden/x.py": "", "m.py": module}
    yield {"a.pth": "hidden\n", "a.start": "far:go\n", "hidden/far.py": MODULE.format("far")}
    yield {"b.pth": "hidden\n", "a.start": "far:go\n", "hidden/far.py": MODULE.format("far")}
    yield {
        "z.pth": "hidden\n",
        "a.pth": 'import late_far; import ww; ww.mark("one")',
        "hidden/late_far.py": "",
    }
