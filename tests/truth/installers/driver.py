"""Runs under a foreign interpreter: installs wheels with the code of that interpreter's own pip.

Reads a JSON list of ``[wheel, prefix, site]`` on stdin and writes, for each, ``null`` or the error. One
process for all wheels, as the start of pip takes longer than all installations.
"""

from __future__ import annotations

import json
import logging
import sys


def main() -> None:
    from pip._internal.models.scheme import Scheme
    from pip._internal.operations.install.wheel import install_wheel

    logging.disable(logging.CRITICAL)
    answers: list[str | None] = []
    for wheel, prefix, site in json.load(sys.stdin):
        scheme = Scheme(
            platlib=site,
            purelib=site,
            headers=prefix + "/include/site/python3.X/demo",
            scripts=prefix + "/bin",
            data=prefix,
        )
        try:
            install_wheel(
                name="demo", wheel_path=wheel, scheme=scheme, req_description="demo", pycompile=False
            )
        except Exception as error:
            answers.append(repr(error))
        else:
            answers.append(None)
    json.dump(answers, sys.stdout)


main()
