"""Small sets of packages that import and call each other at random, with hooks here and there."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

Sets = dict[str, dict[str, str]]

MODULES = ("demo", "demo.one", "demo.two", "demo.deep", "demo.deep.leaf", "other", "other.part", "lone")
PACKAGES = ("demo", "demo.deep", "other")
FUNCTIONS = ("first", "second", "third")
CLASSES = ("Base", "Child")
HOOKS = ("sys.settrace(None)", "sys.setprofile(None)")


@dataclass(frozen=True, slots=True)
class World:
    """The module of each file, and how modules are called: another name for each part changes nothing."""

    rng: random.Random
    names: Mapping[str, str]

    def called(self, module: str) -> str:
        return ".".join(self.names.get(part, part) for part in module.split("."))

    def place(self, module: str) -> str:
        path = self.called(module).replace(".", "/")
        return f"{path}/__init__.py" if module in PACKAGES else f"{path}.py"

    def sets(self, modules: Sequence[str] = MODULES) -> Sets:
        """The files of each distribution, and the line by which the first one starts."""
        found: Sets = {"demo": {}, "other": {}, "lone": {}}
        for module in MODULES:
            source = self._source(module)  # always made, so that a file more or less changes no other
            if module in modules:
                found[module.partition(".")[0]][self.place(module)] = source
        start = self.rng.choice([*MODULES[:5], "lone"])
        then = self.rng.choice(["", f"; {self.called(start)}.{self.rng.choice(FUNCTIONS)}()"])
        found["demo"]["zz.pth"] = f"import {self.called(start)}{then}\n"
        return found

    def _source(self, module: str) -> str:
        lines = ["import sys"]
        for _ in range(self.rng.randint(0, 2)):
            lines += [
                "try:",
                f"    {self._import(module)}",
                "except Exception as error:",
                "    error = None",
            ]
        for name in self.rng.sample(FUNCTIONS, self.rng.randint(0, 2)):
            lines += [f"def {name}():", *self._block(module, "    ")]
        for name in self.rng.sample(CLASSES, self.rng.randint(0, 1)):
            base = self.rng.choice(["", "(Base)"]) if name == "Child" else ""
            method = self.rng.choice(["__init__", "go", "__enter__"])
            lines += [f"class {name}{base}:", f"    def {method}(self):", *self._block(module, "        ")]
        for _ in range(self.rng.randint(1, 3)):
            lines += self._block(module, "")
        if self.rng.random() < 0.2:
            lines += ['if __name__ == "__main__":', *self._block(module, "    ")]
        return "\n".join(lines) + "\n"

    def _block(self, module: str, indent: str) -> list[str]:
        """One or two statements; what fails does not end the program."""
        lines = []
        for _ in range(self.rng.randint(1, 2)):
            lines += [
                "try:",
                f"    {self._statement(module)}",
                "except Exception as error:",
                "    error = None",
            ]
        return [indent + line for line in lines]

    def _statement(self, module: str) -> str:
        name = self.rng.choice(FUNCTIONS)
        return self.rng.choice(
            [
                self.rng.choice(HOOKS),
                f"{name}()",
                self._import(module),
                f"{self.rng.choice(FUNCTIONS)} = {name}",
                f"{self.rng.choice(CLASSES)}()",
                f"{self.rng.choice(CLASSES)}().go()",
                f"table = [{name}]; table[0]()",
                "pass",
            ]
        )

    def _import(self, module: str) -> str:
        other = self.rng.choice([one for one in MODULES if one != module])
        name = self.rng.choice([*FUNCTIONS, *CLASSES])
        full = self.called(other)
        relative = self._relative(module, other)
        return self.rng.choice(
            [
                f"import {full}",
                f"from {relative} import {name}",
                f"from {full} import {name} as {self.rng.choice(FUNCTIONS)}",
                f"import {full} as near; near.{self.rng.choice(FUNCTIONS)}()",
            ]
        )

    def _relative(self, module: str, other: str) -> str:
        """The other module as the package of this one names it, where they share one."""
        package = module if module in PACKAGES else module.rpartition(".")[0]
        is_below = bool(package) and other.startswith(package + ".")
        full = self.called(other)
        return "." + full.removeprefix(self.called(package) + ".") if is_below else full


def world(seed: int, names: Mapping[str, str] | None = None) -> World:
    return World(random.Random(seed), names or {})
