"""Which lines cannot run: import lines that no Python compiles, ``.start`` lines that name nothing."""

from __future__ import annotations

import ast
import re
import unicodedata
import warnings
from functools import lru_cache

# Beyond these the line is taken to run: parsing hostile text has to stay cheap and shallow.
_LONGEST = 256 * 1024
_LONGEST_BARE = 8 * 1024
_DEEPEST = 50

# Plain literals, also such as never end; a prefix with ``f`` or ``t`` is left standing before the quotes.
_PLAIN_STRING = re.compile(
    r"(?:(?<!\w)(?:[rR][bB]?|[bB][rR]?|[uU]))?"
    r"(?:'''(?:[^\\']++|\\.|'(?!''))*+(?:'''|\\?\Z)"
    r'|"""(?:[^\\"]++|\\.|"(?!""))*+(?:"""|\\?\Z)'
    r"|'(?:[^\\']++|\\.)*+(?:'|\\?\Z)"
    r'|"(?:[^\\"]++|\\.)*+(?:"|\\?\Z))',
    re.DOTALL,
)
_BRACKET = re.compile(r"[()\[\]{}]")
_SPACES = re.compile(r"\s+")
_MAY_BE_MISPLACED = re.compile(r"\b(?:yield|await|lambda|return|break|continue|nonlocal|__future__)\b|[=*]")
# Syntax on which the releases from 3.8 to 3.15 differ and that one simple statement can hold:
# f-strings (PEP 701), t-strings, ``lazy import``, ``type X = ...``, stars in subscripts and
# comprehensions, walrus without parentheses, ``__debug__`` as a name, numbers that run into a word
# or are too long to be converted.
_VARIES = re.compile(
    r"""[fFtT][rR]?['"]|[rR][fFtT]['"]|\blazy\b|\btype\b|\b__debug__\b|[\[({,:=]\s*+\*|:="""
    r"""|(?<![\w.])\d\w*?(?:and|else|for|if|in|is|not|or)|\d{600}"""
)
# Categories of Unicode 3.2 whose place in the grammar never changed: letters, and what is an error.
_SETTLED_CATEGORIES = frozenset({"Lu", "Ll", "Lt", "Lo", "Zs", "Zl", "Zp", "Cc"})
_SETTLED_CHARACTERS = frozenset("\ufeff\u200b")
_SCOPES = (ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_NAMED_CHARACTER = r"\N{"


@lru_cache(maxsize=1024)
def is_broken(code: str) -> bool:
    """Whether this import line is certain to be a syntax error on every supported Python.

    The answer does not depend on the Python that runs it: where the grammars differ, and where the
    line is too long or too deep to be compiled here, the line is taken to compile.
    """
    if "\0" in code:
        return True
    if len(code) > _LONGEST or _NAMED_CHARACTER in code:
        return False
    bare = _PLAIN_STRING.sub("''", code)
    return _is_small(bare) and not _compiles(code) and _is_settled(bare)


def _compiles(code: str) -> bool:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            tree = ast.parse(code)
        except SyntaxError:
            return False
        except (ValueError, RecursionError, MemoryError, OverflowError):
            return True
    if not _MAY_BE_MISPLACED.search(code):
        return True
    return not any(_is_misplaced(statement) for statement in tree.body)


def _is_misplaced(statement: ast.stmt) -> bool:
    """What the parser lets pass and the compiler does not, as far as it is the same everywhere."""
    if isinstance(statement, ast.Return | ast.Break | ast.Continue | ast.Nonlocal):
        return True
    if isinstance(statement, ast.ImportFrom):
        return statement.module == "__future__" and not statement.level
    if isinstance(statement, ast.Expr | ast.Assign) and isinstance(statement.value, ast.Starred):
        return True
    return _has_outer_yield(statement) or any(_is_repetitive(node) for node in ast.walk(statement))


def _has_outer_yield(statement: ast.stmt) -> bool:
    stack: list[ast.AST] = [statement]
    while stack:
        node = stack.pop()
        if isinstance(node, ast.Yield | ast.YieldFrom | ast.Await):
            return True
        if not isinstance(node, _SCOPES):
            stack.extend(ast.iter_child_nodes(node))
    return False


def _is_repetitive(node: ast.AST) -> bool:
    """A keyword given twice in a call, a parameter named twice."""
    if isinstance(node, ast.Call):
        names = [keyword.arg for keyword in node.keywords if keyword.arg is not None]
    elif isinstance(node, ast.arguments):
        named = (*node.posonlyargs, *node.args, *node.kwonlyargs, node.vararg, node.kwarg)
        names = [each.arg for each in named if each is not None]
    else:
        return False
    return len(names) != len(set(names))


def _is_settled(bare: str) -> bool:
    """Whether every supported Python gives the same verdict on a line without its plain strings."""
    if _VARIES.search(bare):
        return False
    return bare.isascii() or all(_is_settled_character(character) for character in bare)


def _is_settled_character(character: str) -> bool:
    # Unicode 3.2 is the one database that is the same in every Python.
    return (
        character <= "\x7f"
        or character in _SETTLED_CHARACTERS
        or unicodedata.ucd_3_2_0.category(character) in _SETTLED_CATEGORIES
    )


def _is_small(bare: str) -> bool:
    if len(bare) > _LONGEST_BARE and len(_SPACES.sub(" ", bare)) > _LONGEST_BARE:
        return False
    depth = 0
    for match in _BRACKET.finditer(bare):
        depth += 1 if match.group() in "([{" else -1
        if depth > _DEEPEST:
            return False
    return True


def is_entry_point(line: str) -> bool:
    """Whether a stripped ``.start`` line has the form ``pkg.mod:name.name`` that PEP 829 demands."""
    module, colon, name = line.partition(":")
    return bool(colon) and _is_dotted(module) and _is_dotted(name)


def _is_dotted(text: str) -> bool:
    return all(part and _is_word(part) for part in text.split("."))


def _is_word(part: str) -> bool:
    # ``\w`` of 3.15, whose Unicode is newer than ours: what Unicode 3.2 does not know may be a letter.
    if part[0].isdecimal():
        return False
    return all(letter == "_" or letter.isalnum() or _is_newer(letter) for letter in part)


def _is_newer(letter: str) -> bool:
    return unicodedata.ucd_3_2_0.category(letter) == "Cn"
