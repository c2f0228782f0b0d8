"""Tests of an asked module's name: which names come through."""

from __future__ import annotations

import ast

from wheelwatch.code.extract.values import Box, Class, Const, Function, Part, Value

DEPTH = 12
"""Tests within tests that are followed, and methods that tests call."""
OWN = ""
"""A name made of the module's own, in the place of the name."""
_Names = frozenset[str] | None


class Naming:
    """What the variables of one method have to do with the asked name."""

    def __init__(self, asked: str, owner: Class, method: Function, depth: int = DEPTH) -> None:
        self.asked = asked
        self.owner = owner
        self.method = method
        self.depth = depth
        self.roots: set[str] = set()
        """Variables that hold the first part of the asked name."""
        self.parents: set[str] = set()
        """Variables that hold the asked name up to its last dot."""
        self.before: dict[str, ast.expr] = {}
        """Variables that hold what stands before a text in the asked name: empty if it begins so."""

    def learn(self, node: ast.stmt) -> None:
        """Note what an assignment makes of the asked name."""
        if not isinstance(node, ast.Assign) or len(node.targets) != 1:
            return
        target: ast.expr = node.targets[0]
        value: ast.expr = node.value
        if isinstance(target, ast.Name) and self._is_parent(value):
            self.parents.add(target.id)
            return
        head = target.elts[0] if isinstance(target, ast.Tuple) and target.elts else target
        index: object = None
        if isinstance(value, ast.Subscript) and isinstance(value.slice, ast.Constant):
            index, value = value.slice.value, value.value
        if not isinstance(head, ast.Name) or not isinstance(value, ast.Call):
            return
        function = value.func
        if not isinstance(function, ast.Attribute) or not self._is_asked(function.value) or not value.args:
            return
        is_first = (isinstance(target, ast.Tuple) and index is None) or index == 0
        if is_first and function.attr in {"partition", "split"}:
            separator = value.args[0]
            if isinstance(separator, ast.Constant) and separator.value == ".":
                self.roots.add(head.id)
            elif function.attr == "partition":
                self.before[head.id] = separator

    def true(self, test: ast.expr, depth: int = 0) -> _Names:
        """The names for which a test holds; ``None``: any."""
        return self._when(test, holds=True, depth=depth)

    def false(self, test: ast.expr, depth: int = 0) -> _Names:
        """The names for which a test does not hold; ``None``: any."""
        return self._when(test, holds=False, depth=depth)

    def _when(self, test: ast.expr, *, holds: bool, depth: int) -> _Names:
        if depth > self.depth:
            return None
        if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
            if isinstance(test.operand, ast.Name) and test.operand.id in self.before and holds:
                return _beginnings(self._constants(self.before[test.operand.id]))
            return self._when(test.operand, holds=not holds, depth=depth + 1)
        if isinstance(test, ast.BoolOp):
            found = [self._when(one, holds=holds, depth=depth + 1) for one in test.values]
            known = [names for names in found if names is not None]
            # Each of the tests must hold, or any of them may.
            if isinstance(test.op, ast.And) is holds:
                return known[0] if known else None
            return frozenset().union(*known) if len(known) == len(found) else None
        if isinstance(test, ast.Compare) and len(test.ops) == 1:
            return self._compared(test, holds=holds)
        return self._called(test, depth) if isinstance(test, ast.Call) and holds else None

    def _compared(self, test: ast.Compare, *, holds: bool) -> _Names:
        kinds = (ast.Eq, ast.In) if holds else (ast.NotEq, ast.NotIn)
        if not isinstance(test.ops[0], kinds):
            return None
        left, right = test.left, test.comparators[0]
        if self._is_parent(left) and isinstance(test.ops[0], (ast.Eq, ast.NotEq)):
            above = self._constants(right)
            return None if above is None else frozenset(f"{name}." if name else OWN for name in above)
        if self._is_asked(left) or self._is_root(left):
            other = right
        elif isinstance(test.ops[0], (ast.Eq, ast.NotEq)) and (
            self._is_asked(right) or self._is_root(right)
        ):
            other = left
        else:
            return None
        is_member = isinstance(test.ops[0], (ast.In, ast.NotIn))
        if is_member and not self._is_container(other):
            return None
        return self._constants(other)

    def _called(self, test: ast.Call, depth: int) -> _Names:
        function = test.func
        if not isinstance(function, ast.Attribute):
            return None
        if function.attr == "startswith" and self._is_asked(function.value) and test.args:
            return _beginnings(self._constants(test.args[0]))
        is_own = isinstance(function.value, ast.Name) and function.value.id in {"self", "cls"}
        if not is_own or not test.args or not self._is_asked(test.args[0]):
            return None
        for atom in self.owner.attributes.get(function.attr, ()):
            if isinstance(atom, Function) and not isinstance(atom.node, ast.Lambda):
                return self._of_method(atom, atom.node.body, depth)
        return None

    def _of_method(self, method: Function, body: list[ast.stmt], depth: int) -> _Names:
        """A method that only says whether a name is its own."""
        parameters = [one.arg for one in (*method.node.args.posonlyargs, *method.node.args.args)]
        place = 0 if method.wraps == "staticmethod" else 1
        last = body[-1]
        if len(parameters) <= place or not isinstance(last, ast.Return) or last.value is None:
            return None
        inner = Naming(parameters[place], self.owner, method, self.depth)
        for node in body[:-1]:
            if not isinstance(node, (ast.Assign, ast.Expr)):
                return None
            inner.learn(node)
        return inner.true(last.value, depth + 4)

    def _is_asked(self, node: ast.expr) -> bool:
        return isinstance(node, ast.Name) and node.id == self.asked

    def _is_parent(self, node: ast.expr) -> bool:
        """Whether it is the asked name up to its last dot: ``name.rsplit(".", 1)[0]``."""
        if isinstance(node, ast.Name):
            return node.id in self.parents
        if not isinstance(node, ast.Subscript) or not isinstance(node.value, ast.Call):
            return False
        function, args = (
            node.value.func,
            [one.value for one in node.value.args if isinstance(one, ast.Constant)],
        )
        cuts = {"rsplit": [".", 1], "rpartition": ["."]}
        return (
            isinstance(function, ast.Attribute)
            and self._is_asked(function.value)
            and args == cuts.get(function.attr)
            and len(node.value.args) == len(args)
            and not node.value.keywords
            and isinstance(node.slice, ast.Constant)
            and node.slice.value == 0
        )

    def _is_root(self, node: ast.expr) -> bool:
        return isinstance(node, ast.Name) and node.id in self.roots

    def _is_container(self, node: ast.expr) -> bool:
        if isinstance(node, (ast.Tuple, ast.List, ast.Set, ast.Dict)):
            return True
        return any(isinstance(atom, Box) for atom in self._value(node) or ())

    def _value(self, node: ast.expr) -> Value | None:
        if isinstance(node, ast.Constant):
            return (Const(node.value),) if isinstance(node.value, str) else None
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            return self.owner.fields.get(node.attr) or self.owner.attributes.get(node.attr)
        if isinstance(node, ast.Name) and node.id in {"__name__", "__package__"}:
            return (Part("", own=True),)
        if isinstance(node, ast.Name):
            return self.method.closure.module.everything.get(node.id)
        return None

    def _constants(self, node: ast.expr) -> _Names:
        """The strings that an operand of a test may be; empty for names made of the module's own."""
        if isinstance(node, (ast.Tuple, ast.List, ast.Set)):
            known = [self._constants(one) for one in node.elts if isinstance(one, (ast.Constant, ast.Name))]
            is_whole = len(known) == len(node.elts)
            return (
                frozenset().union(*(one or () for one in known)) if is_whole and None not in known else None
            )
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
            head = self._constants(node.left) if not isinstance(node.left, ast.BinOp) else None
            tail = node.right.value if isinstance(node.right, ast.Constant) else None
            is_text = head is not None and isinstance(tail, str)
            return frozenset(one + str(tail) if one else OWN for one in head) if is_text and head else head
        value = self._value(node)
        return None if value is None else _strings(value)


def _beginnings(names: _Names) -> _Names:
    """Names by their first letters: whole ones when those end with a dot."""
    if names is None:
        return None
    return frozenset(name if name.endswith(".") or not name else f"{name}*" for name in names)


def _strings(value: Value) -> _Names:
    found: set[str] = set()
    for atom in value:
        if isinstance(atom, Const) and isinstance(atom.value, str):
            found.add(atom.value)
        elif isinstance(atom, Part) and atom.own:
            continue
        elif isinstance(atom, Box):
            if atom.kind == "dict":
                found |= {key for key in atom.items if isinstance(key, str)}
                continue
            for item in atom.items.values():
                found |= _strings(item) or frozenset()
        else:
            return None
    return frozenset(found)
