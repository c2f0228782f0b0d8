"""Syntax-tree nodes that the running Python's ``ast`` may lack, and the shared ones without fields.

Where ``ast`` has a class it is used. Elsewhere a class of the same name and fields stands in, so that a
walk over ``_fields`` and a look at ``type(node).__name__`` see the same on every version.
"""

from __future__ import annotations

import ast
from typing import Final

LOAD: Final = ast.Load()
STORE: Final = ast.Store()
DEL: Final = ast.Del()

BINARY: Final[dict[str, ast.operator]] = {
    "|": ast.BitOr(),
    "^": ast.BitXor(),
    "&": ast.BitAnd(),
    "<<": ast.LShift(),
    ">>": ast.RShift(),
    "+": ast.Add(),
    "-": ast.Sub(),
    "*": ast.Mult(),
    "/": ast.Div(),
    "//": ast.FloorDiv(),
    "%": ast.Mod(),
    "@": ast.MatMult(),
    "**": ast.Pow(),
}
UNARY: Final[dict[str, ast.unaryop]] = {
    "+": ast.UAdd(),
    "-": ast.USub(),
    "~": ast.Invert(),
    "not": ast.Not(),
}
BOOLEAN: Final[dict[str, ast.boolop]] = {"or": ast.Or(), "and": ast.And()}
COMPARING: Final[dict[str, ast.cmpop]] = {
    "==": ast.Eq(),
    "!=": ast.NotEq(),
    "<": ast.Lt(),
    "<=": ast.LtE(),
    ">": ast.Gt(),
    ">=": ast.GtE(),
    "is": ast.Is(),
    "is not": ast.IsNot(),
    "in": ast.In(),
    "not in": ast.NotIn(),
}


def _stand_in(name: str, base: type[ast.AST], *fields: str) -> type[ast.AST]:
    """The class of ``ast``, else one with these fields."""
    found = getattr(ast, name, None)
    made = {"_fields": fields, "__match_args__": fields, "__module__": __name__}
    return found if isinstance(found, type) else type(name, (base,), made)


TypeAlias: Final = _stand_in("TypeAlias", ast.stmt, "name", "type_params", "value")
TypeVar: Final = _stand_in("TypeVar", ast.AST, "name", "bound", "default_value")
ParamSpec: Final = _stand_in("ParamSpec", ast.AST, "name", "default_value")
TypeVarTuple: Final = _stand_in("TypeVarTuple", ast.AST, "name", "default_value")
TemplateStr: Final = _stand_in("TemplateStr", ast.expr, "values")
Interpolation: Final = _stand_in("Interpolation", ast.expr, "value", "str", "conversion", "format_spec")


def build(kind: type[ast.AST], **fields: object) -> ast.AST:
    """A node of one of the classes above.

    A constructor warns of fields that its version does not know, so those are set afterwards.
    """
    node = kind(**{name: value for name, value in fields.items() if name in kind._fields})
    for name, value in fields.items():
        setattr(node, name, value)
    return node
