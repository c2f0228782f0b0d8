"""Source that stands in for parts of the standard library and for hosts, so that groups can run them."""

from __future__ import annotations

from collections.abc import Iterator

from wheelwatch.model import EntryPoint, Group

NAMES = ("importlib.metadata", "importlib_metadata", "pkg_resources", "importlib_metadata._meta")
"""Modules that the stub is."""

POINTS = 200
"""Entry points that are kept apart."""


def source(group: Group) -> str:
    """The stub of one group: its entry points, and what a host calls after the imports."""
    points = [point for point in group.points if _is_plain(point)][:POINTS]
    lines = ["TABLE = {}", "ALL = []"]
    for number, point in enumerate(points):
        lines += _point(number, point)
    lines += _LOOKUPS.splitlines()
    for call in group.calls:
        module, _, attribute = call.partition(":")
        lines += [f"import {module}", f"from {module} import {attribute.partition('.')[0]} as called"]
        rest = attribute.partition(".")[2]
        lines.append(f"called.{rest}()" if rest else "called()")
    return "\n".join(lines) + "\n"


def _is_plain(point: EntryPoint) -> bool:
    """Whether a value is a name that source can be made of."""
    module, _, attribute = point.value.partition("[")[0].strip().partition(":")
    parts = [*module.strip().split("."), *(attribute.strip().split(".") if attribute else ())]
    return all(part.isidentifier() for part in parts)


def _point(number: int, point: EntryPoint) -> Iterator[str]:
    """A class for one entry point, as objects of one class are taken together."""
    module, _, attribute = point.value.partition("[")[0].strip().partition(":")
    module, attribute = module.strip(), attribute.strip()
    first, _, rest = attribute.partition(".")
    yield f"class Point{number}:"
    yield f"    name, group, value = {point.name!r}, {point.group!r}, {point.value!r}"
    yield f"    module, attr = {module!r}, {attribute!r}"
    yield "    def load(self, *args, **options):"
    if first:
        yield f"        from {module} import {first} as found"
        yield f"        return found.{rest}" if rest else "        return found"
    else:
        yield "        import importlib"
        yield f"        return importlib.import_module({module!r})"
    yield "    resolve = load"
    yield f"TABLE[{point.group!r}] = TABLE.get({point.group!r}, []) + [Point{number}()]"
    yield f"ALL.append(Point{number}())"


_LOOKUPS = """
class Points:
    def __getitem__(self, key):
        return TABLE.get(key, [])
    def get(self, key, other=None):
        return TABLE.get(key, [])
    def select(self, group=None, **options):
        return TABLE.get(group, [])
    def values(self):
        return [ALL]
    def __iter__(self):
        return iter(ALL)
def entry_points(group="", **options):
    if group:
        return TABLE.get(group, [])
    return Points()
def iter_entry_points(group, name=None):
    return TABLE.get(group, [])
class Distribution:
    entry_points = ALL
def distribution(name):
    return Distribution()
def distributions(**options):
    return [Distribution()]
"""
