"""Archive tricks: wheels whose members do not go where their names say, or that installers refuse."""

from __future__ import annotations

from tests.archive.forge import UTF8, Row, unicode_path

CODE = b"x = 1\n"
SCRIPT = b"#!python\nx = 1\n"


def rows(*names: bytes, content: bytes = CODE) -> tuple[Row, ...]:
    return tuple(Row(name=name, content=content) for name in names)


TRICKS: dict[str, tuple[Row, ...]] = {
    "plain": rows(b"zz.pth", b"demo/a.py", b".hid.pth", b"q.start"),
    "own data folder": rows(
        b"demo-1.0.data/purelib/p.pth",
        b"demo-1.0.data/platlib/l.py",
        b"demo-1.0.data/scripts/own",
        b"demo-1.0.data/data/etc/d.json",
        b"demo-1.0.data/headers/h.h",
    ),
    "foreign data folder": rows(b"zzz.data/purelib/sitecustomize.py", b"a.py"),
    "foreign data folder of another case": rows(b"Demo-1.0.data/purelib/z.pth"),
    "foreign data folder with a wrong scheme": rows(b"a.py", b"zzz.data/foo/z.pth"),
    "own data folder with a wrong scheme": rows(b"a.py", b"demo-1.0.data/foo/z.pth"),
    "data folder without a scheme": rows(b"a.py", b"zzz.data/z.pth"),
    "file that looks like a data folder": rows(b"a.py", b"zzz.data"),
    "data scheme into a site directory": rows(
        b"demo-1.0.data/data/lib/python3.9/site-packages/z.pth", b"demo-1.0.data/data/pyvenv.cfg"
    ),
    "data scheme climbs and returns": rows(b"demo-1.0.data/data/etc/../bin/python._pth"),
    "data scheme climbs out": rows(b"a.py", b"demo-1.0.data/data/../../../q"),
    "data folder by a detour": rows(b"demo-1.0.data/x/../purelib/z.pth"),
    "data folder left by a detour": rows(b"demo-1.0.data/../a/purelib/z.pth"),
    "data folder reached by a detour": rows(b"x/../demo-1.0.data/purelib/z.pth"),
    "scheme changed by a detour": rows(b"demo-1.0.data/purelib/../scripts/s"),
    "nested script": rows(b"demo-1.0.data/scripts/sub/s", content=SCRIPT),
    "detour": rows(b"w/../z.pth", b"./y.pth", b"a//x.pth", b"b/c/../../v.pth"),
    "climbs": rows(b"a.py", b"../z.pth", b"b.py"),
    "climbs by a detour": rows(b"a.py", b"a/../../z.pth"),
    "climbs and returns": rows(b"../site-packages/z.pth", b"a.py"),
    "climbs into a namesake": rows(b"a.py", b"../site-packages_more/sitecustomize.py"),
    "absolute": rows(b"a.py", b"/nowhere/wheelwatch/z.pth"),
    "empty name": rows(b"a.py", b""),
    "NUL": rows(b"evil.pth\0.txt"),
    "NUL before a slash": rows(b"evil.pth\0/"),
    "duplicate": (Row(name=b"z.pth", content=b"a = 1\n"), Row(name=b"z.pth", content=b"b = 1\n")),
    "duplicate by a detour": (
        Row(name=b"z.pth", content=b"a = 1\n"),
        Row(name=b"w/../z.pth", content=b"b = 1\n"),
    ),
    "duplicate through a scheme": (
        Row(name=b"demo-1.0.data/purelib/z.pth", content=b"a = 1\n"),
        Row(name=b"z.pth", content=b"b = 1\n"),
    ),
    "duplicate through two schemes": (
        Row(name=b"demo-1.0.data/data/bin/t", content=b"a = 1\n"),
        Row(name=b"demo-1.0.data/scripts/t", content=b"b = 1\n"),
    ),
    "two cases of one name": rows(b"z.pth", b"Z.pth"),
    "header with another name": (*rows(b"a.py"), Row(name=b"good.txt", content=CODE, local=b"evil.pth")),
    "Unicode path": (Row(name=b"good.txt", content=CODE, extra=unicode_path(b"good.txt", b"evil.pth")),),
    "Unicode path with a NUL": (
        Row(name=b"good.txt", content=CODE, extra=unicode_path(b"good.txt", b"evil.pth\0.txt")),
    ),
    "Unicode path for another name": (
        Row(name=b"good.txt", content=CODE, extra=unicode_path(b"other.txt", b"evil.pth")),
    ),
    "symbolic link": (*rows(b"a.py"), Row(name=b"l.pth", content=b"a.py", mode=0o120777)),
    "entry that is not listed": (*rows(b"a.py"), Row(name=b"h.pth", content=CODE, listed=False)),
    "control character": rows(b"a\x1b.py"),
    "backslash": rows(b"w\\z.pth"),
    "UTF-8": (Row(name="ü.pth".encode(), content=CODE, flags=UTF8),),
    "code page 437": rows(b"\x81.pth"),
    "not UTF-8": (Row(name=b"\xff.pth", content=CODE, flags=UTF8),),
    "encrypted": (*rows(b"a.py"), Row(name=b"z.pth", content=CODE, flags=1)),
    "script behind an entry point": (
        Row(name=b"demo-1.0.data/scripts/tool", content=SCRIPT),
        Row(name=b"demo-1.0.data/scripts/other", content=SCRIPT),
        Row(name=b"demo-1.0.dist-info/entry_points.txt", content=b"[console_scripts]\ntool = demo:main\n"),
    ),
    "scripts of the interpreter": rows(
        b"demo-1.0.data/scripts/python3", b"demo-1.0.data/scripts/activate", content=SCRIPT
    ),
    "file and folder of one name": rows(b"z/a.py", b"z"),
    "two metadata folders": rows(b"z.pth", b"other-1.0.dist-info/METADATA"),
}
