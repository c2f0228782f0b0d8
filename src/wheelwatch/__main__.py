"""Entry of ``python -m wheelwatch`` and of the console script."""

import sys


def _forget_current_directory() -> None:
    """Takes the current directory off the import path before anything is imported from it.

    It may belong to the target. A site directory stays, as our own dependencies may live there.
    """
    import os  # noqa: PLC0415 - frozen and loaded already, as is site

    try:
        here = os.getcwd()  # noqa: PTH109 - pathlib is not frozen
    except OSError:
        here = ""
    site = sys.modules.get("site")
    kept = set(site.getsitepackages()) if site is not None else set()
    first = sys.path[:1]
    rest = [entry for entry in sys.path[1:] if entry and (entry != here or entry in kept)]
    sys.path[:] = [entry for entry in first if entry not in ("", here)] + rest


def main() -> int:
    """Runs the command line and returns its exit code."""
    _forget_current_directory()
    try:
        if sys.argv[1:] == ["--version"]:
            from wheelwatch.cli.version import show  # noqa: PLC0415

            return show()
        from wheelwatch.cli.main import run  # noqa: PLC0415

        return run(sys.argv[1:])
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
