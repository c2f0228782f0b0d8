"""Arms the no-execution guard in a process that a static test starts: the tool or one of its workers.

The folder stands on PYTHONPATH; it leaves ``sys.path`` again before anything else can see it there.
"""

import os
import sys
from importlib.util import module_from_spec, spec_from_file_location

sys.path[:] = [path for path in sys.path if os.path.realpath(path) != os.path.dirname(__file__)]


def arm() -> None:
    """Load the guard by its path, so that the checkout's folder need not be importable."""
    path = os.path.join(os.path.dirname(os.path.dirname(__file__)), "guard.py")
    spec = spec_from_file_location("wheelwatch_guard", path)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    module.GUARD.arm_child()


if "GUARD_JOURNAL" in os.environ:
    arm()
