"""The pages of docs/rules are those that the rules and the catalogue make, and leave no hook out."""

from __future__ import annotations

import pytest

from tools import docs
from wheelwatch.catalogue import entries
from wheelwatch.rules import RULES, catalogue

HOOKS = {
    "sys-settrace": "sys.settrace",
    "sys-setprofile": "sys.setprofile",
    "threading-settrace": "threading.settrace threading._trace_hook",
    "threading-setprofile": "threading.setprofile threading._profile_hook",
    "threading-settrace-all-threads": "threading.settrace_all_threads",
    "threading-setprofile-all-threads": "threading.setprofile_all_threads",
    "debugger": "bdb.Bdb.set_trace pdb.set_trace trace.Trace.run builtins.breakpoint",
    "profiler": "cProfile.Profile.enable profile.Profile.run",
    "frame-trace": "*.f_trace *.f_trace_opcodes *.f_trace_lines",
    "sys-call-tracing": "sys.call_tracing",
    "sys-monitoring": "sys.monitoring.use_tool_id sys.monitoring.set_events"
    " sys.monitoring.set_local_events",
    "sys-monitoring-callback": "sys.monitoring.register_callback",
    "sys-addaudithook": "sys.addaudithook",
    "stack-trampoline": "sys.activate_stack_trampoline",
    "sys-remote-exec": "sys.remote_exec",
    "exception-hooks": "sys.excepthook sys.unraisablehook threading.excepthook cgitb.enable",
    "display-hooks": "sys.displayhook sys.breakpointhook sys.__interactivehook__",
    "import-path": "sys.path",
    "module-class": "*.__class__",
    "defaults-swapped": "*.__defaults__ *.__kwdefaults__",
    "import-hooks": "sys.meta_path sys.path_hooks sys.path_importer_cache importlib.reload",
    "builtins-replaced": "builtins.*",
    "sys-modules": "sys.modules",
    "code-swapped": "*.__code__",
    "code-made": "types.CodeType types.FunctionType",
    "asyncgen-hooks": "sys.set_asyncgen_hooks",
    "interpreter-switches": "sys.set_coroutine_origin_tracking_depth sys.setswitchinterval"
    " sys.setrecursionlimit sys.setdlopenflags",
    "gc-hooks": "gc.callbacks gc.set_debug",
    "gc-objects": "gc.get_objects gc.get_referrers gc.get_referents",
    "exit-hooks": "atexit.register threading._register_atexit weakref.finalize",
    "fork-hooks": "os.register_at_fork multiprocessing.util.register_after_fork",
    "signal-hooks": "signal.signal signal.setitimer signal.set_wakeup_fd faulthandler.register",
    "codec-hooks": "codecs.register codecs.register_error encodings.search_function",
    "warnings-and-logging": "warnings.showwarning logging.setLoggerClass logging.setLogRecordFactory"
    " logging.config.dictConfig",
    "input-patched": "sys.stdin getpass.getpass",
    "output-replaced": "sys.stdout sys.stderr",
    "readline-hooks": "readline.set_pre_input_hook readline.set_startup_hook readline.set_completer",
    "network-patched": "socket.* socket.socket.* ssl.* ssl.SSLContext.* http.client.HTTPConnection.*"
    " urllib.request.install_opener requests.* *.keylog_filename *.sni_callback *._msg_callback",
    "site-hooks": "site.execsitecustomize site.execusercustomize",
    "environment-for-children": "os.environ[PYTHONPATH] os.environ[LD_PRELOAD] os.environ[PYTHONSTARTUP]",
    "framework-hooks": "asyncio.set_event_loop_policy multiprocessing.set_executable"
    " multiprocessing.set_forkserver_preload sqlite3.Connection.set_trace_callback"
    " sqlite3.Connection.set_authorizer copyreg.pickle *.dispatch_table",
    "native-hooks": "ctypes.pythonapi.PyEval_SetTrace ctypes.pythonapi.PyEval_SetProfile"
    " ctypes.pythonapi.PySys_AddAuditHook ctypes.pythonapi.PyConfig_Set"
    " ctypes.pythonapi.PyFile_SetOpenCodeHook ctypes.pythonapi.PyFrame_LocalsToFast",
    "eval-frame": "ctypes.pythonapi._PyInterpreterState_SetEvalFrameFunc"
    " _testinternalcapi.set_eval_frame_record",
    "native-watchers": "_testcapi.add_code_watcher _testcapi.add_dict_watcher _testcapi.add_func_watcher"
    " _testcapi.add_type_watcher _testcapi.settrace_to_record",
    "frame-locals": "*.f_locals",
    "memory-and-faults": "tracemalloc.start faulthandler.enable faulthandler.dump_traceback_later",
    "subinterpreters": "_interpreters.run_string concurrent.interpreters.create",
    "lazy-imports": "sys.set_lazy_imports sys.set_lazy_imports_filter builtins.__lazy_import__",
}
"""The hook surface of CPython 3.8 to 3.16, by the row of the catalogue that documents each."""

CAPABILITIES = {
    "process-start": "subprocess.Popen os.system os.posix_spawn os.fork",
    "network-use": "socket.socket.connect urllib.request.urlopen",
    "credentials": "netrc.netrc",
    "persistence": "",
    "decode-and-run": "",
    "text-run": "",
    "computed-access": "",
}


def test_the_pages_are_up_to_date() -> None:
    written = {path.name: path.read_text(encoding="utf-8") for path in docs.FOLDER.iterdir()}
    assert written == docs.pages(), "make docs"


def test_every_rule_has_a_page_and_stands_in_the_index() -> None:
    pages = docs.pages()
    assert pages.keys() == {f"{rule.ID}.md" for rule in RULES} | {docs.INDEX}
    assert all(f"({rule.ID}.md)" in pages[docs.INDEX] for rule in RULES)


@pytest.mark.parametrize(("row", "names"), (HOOKS | CAPABILITIES).items())
def test_every_hook_has_an_entry_an_example_and_a_place_on_a_page(row: str, names: str) -> None:
    (entry,) = [entry for entry in entries() if entry.row == row]
    assert set(names.split()) <= {name for _, named in entry.names for name in named}
    (rule,) = [rule for rule in catalogue() if entry in rule.entries]
    page = docs.pages()[f"{rule.id}.md"]
    section = page.partition(f'<a id="{row}"></a>')[2].partition("<a id=")[0]
    wanted = (entry.title, entry.example, entry.observes, entry.event, entry.instead, entry.reference)
    assert all(part in section for part in wanted)
    assert all(f"`{name}`" in section for _, named in entry.names for name in named)
    assert f"({rule.id}.md#{row})" in docs.pages()[docs.INDEX]
