"""Text is executed as code.

Why it matters: exec, eval and compile run what no scanner and no reviewer has seen. Alone it
separates nothing: many honest packages build functions this way. At startup it is another matter
where the text comes from: from a data file, a docstring or a comment it was never meant to be seen.

When it is fine: for generated functions (namedtuples, dataclasses, templates) whose text the
package itself writes.

Instead: closures, types.new_class, ast.literal_eval for data.
"""

from __future__ import annotations

from collections.abc import Iterator

from wheelwatch.model import Kind, LinkedPackage, Reached, RuleId
from wheelwatch.rules.hit import Hit, describe, of_site

ID = RuleId("payload-dynamic-code")
KINDS = (Kind.DYNAMIC_CODE,)


HERE = ("a literal", "folded")
"""What the extractor says of text that it could read, and whose code it has analysed."""


def find(package: LinkedPackage) -> Iterator[Hit]:
    """A hit on every site of these families."""
    for reached in package.of(*KINDS):
        yield of_site(
            reached, describe(reached, "runs code made of text") + _whence(reached), _row(reached)
        )


def _row(reached: Reached) -> str | None:
    return None if reached.site.detail in HERE else "code-elsewhere"


def _whence(reached: Reached) -> str:
    return "" if reached.site.detail in HERE else "; the text stands neither here nor in a module"
