"""Text is executed as code.

Why it matters: exec, eval and compile run what no scanner and no reviewer has seen. Alone it
separates nothing: many honest packages build functions this way.

When it is fine: for generated functions (namedtuples, dataclasses, templates) whose text the
package itself writes.

Instead: closures, types.new_class, ast.literal_eval for data.
"""

from __future__ import annotations

from collections.abc import Iterator

from wheelwatch.model import Kind, LinkedPackage, RuleId
from wheelwatch.rules.hit import Hit, of_sites

ID = RuleId("payload-dynamic-code")
KINDS = (Kind.DYNAMIC_CODE,)


def find(package: LinkedPackage) -> Iterator[Hit]:
    """A hit on every site of these families."""
    yield from of_sites(package, "runs code made of text", *KINDS)
