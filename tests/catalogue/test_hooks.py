"""The catalogue holds every row of the hook surface, and its names are usable."""

from __future__ import annotations

import pytest

from wheelwatch.catalogue import apis, lookup
from wheelwatch.model import SUPPORTED_PYTHONS, Kind

ROWS = [
    "sys.settrace",
    "sys.setprofile",
    "threading.settrace",
    "threading.setprofile",
    "threading.settrace_all_threads",
    "threading.setprofile_all_threads",
    "*.f_trace",
    "sys.call_tracing",
    "sys.monitoring.use_tool_id",
    "sys.monitoring.set_events",
    "sys.monitoring.register_callback",
    "sys.addaudithook",
    "sys.activate_stack_trampoline",
    "sys.remote_exec",
    "sys.excepthook",
    "sys.unraisablehook",
    "threading.excepthook",
    "sys.displayhook",
    "sys.breakpointhook",
    "sys.meta_path",
    "sys.path_hooks",
    "sys.path_importer_cache",
    "builtins.*",
    "sys.modules",
    "*.f_trace_opcodes",
    "*.f_trace_lines",
    "sys.path",
    "*.__class__",
    "*.__code__",
    "*.__defaults__",
    "*.__kwdefaults__",
    "types.CodeType.replace",
    "warnings.filters",
    "wrapt.wrap_function_wrapper",
    "types.CodeType",
    "types.FunctionType",
    "sys.set_asyncgen_hooks",
    "sys.setswitchinterval",
    "sys.setrecursionlimit",
    "gc.callbacks",
    "gc.get_objects",
    "gc.get_referrers",
    "atexit.register",
    "weakref.finalize",
    "os.register_at_fork",
    "signal.signal",
    "codecs.register",
    "codecs.register_error",
    "warnings.showwarning",
    "logging.config.dictConfig",
    "sys.stdin",
    "sys.stdout",
    "getpass.getpass",
    "socket.socket.*",
    "ssl.SSLContext.*",
    "http.client.HTTPConnection.*",
    "urllib.request.install_opener",
    "site.execsitecustomize",
    "os.environ[PYTHONPATH]",
    "asyncio.set_event_loop_policy",
    "copyreg.pickle",
    "ctypes.pythonapi.PyEval_SetTrace",
    "ctypes.pythonapi._PyInterpreterState_SetEvalFrameFunc",
    "_testinternalcapi.set_eval_frame_record",
    "_testcapi.add_code_watcher",
    "*.f_locals",
    "tracemalloc.start",
    "faulthandler.enable",
    "_interpreters.run_string",
    "sys.set_lazy_imports_filter",
    "ctypes.pythonapi.PyConfig_Set",
    "ctypes.pythonapi.PyFile_SetOpenCodeHook",
    "subprocess.Popen",
    "urllib.request.urlopen",
    "netrc.netrc",
]


@pytest.mark.parametrize("name", ROWS)
def test_row_has_an_entry(name: str) -> None:
    found = [api for api in apis().values() if api.name.replace("()", "") == name]
    assert found
    for api in found:
        assert api.title
        assert api.observes
        assert api.instead
        assert api.reference.startswith("https://")
        assert lookup(api.name, api.kind) is not None


def test_versions_are_in_order() -> None:
    for api in apis().values():
        assert api.pythons
        assert list(api.pythons) == [version for version in SUPPORTED_PYTHONS if version in api.pythons]


def test_lookup_tells_the_forms_of_one_name_apart() -> None:
    called, patched = lookup("os.system", Kind.PROCESS), lookup("os.system", Kind.PATCH)
    assert called is not None
    assert patched is not None
    assert (called.how, patched.how) == ("call", "assign")


def test_lookup_finds_the_pattern_above_a_name() -> None:
    found = lookup("ssl.SSLContext.wrap_socket", Kind.PATCH)
    assert found is not None
    assert found.name == "ssl.SSLContext.*"
    assert lookup("sys.nothing", Kind.TRACE) is None
