"""wheelwatch: what runs before your Python code, and what can watch it.

The public API::

    report = wheelwatch.scan(["demo-1.0-py3-none-any.whl"])
    for package in report.packages:
        print(package.name, package.level.label, package.score)

Nothing is imported until it is used: ``python -m wheelwatch`` runs this module while the current
directory, which may belong to the target, still stands on the import path.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from wheelwatch.engine.api import scan
    from wheelwatch.engine.order import audit
    from wheelwatch.errors import WheelwatchError
    from wheelwatch.model import Finding, Package, Report, Severity, Trigger

__version__ = "0.1.0"

__all__ = [
    "Finding",
    "Package",
    "Report",
    "Severity",
    "Trigger",
    "WheelwatchError",
    "__version__",
    "audit",
    "scan",
]

_HOMES = {
    "Finding": "wheelwatch.model",
    "Package": "wheelwatch.model",
    "Report": "wheelwatch.model",
    "Severity": "wheelwatch.model",
    "Trigger": "wheelwatch.model",
    "WheelwatchError": "wheelwatch.errors",
    "audit": "wheelwatch.engine.order",
    "scan": "wheelwatch.engine.api",
}


def __getattr__(name: str) -> object:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    import importlib  # noqa: PLC0415 - see the module's docstring

    value: object = getattr(importlib.import_module(home), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
