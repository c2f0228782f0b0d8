"""Callbacks of the shapes that honest packages have, in words of our own, installed as these packages do.

Each is named after the package whose code has that shape.
"""

from __future__ import annotations

HONEST: dict[str, str] = {
    "coverage, trace function in Python": """
import sys
class Tracer:
    def _trace(self, frame, event, arg, lineno=None):
        if THIS_FILE in frame.f_code.co_filename:
            return None
        if self.stopped and sys.gettrace() == self._cached:
            sys.settrace(None)
            return None
        if event == "call":
            name = frame.f_code.co_filename
            self.stack.append((self.current, self.last_line))
            self.current = self.data.get(name)
            self.last_line = frame.f_lineno
        elif event == "line":
            if self.current is not None:
                self.current.add((self.last_line, frame.f_lineno))
            self.last_line = frame.f_lineno
        return self._cached
    def start(self):
        sys.settrace(self._trace)
""",
    "coverage, name of a test from its frame": """
import sys
def context_of(frame):
    name = frame.f_code.co_name
    if not name.startswith("test"):
        return None
    method = frame.f_locals.get("self")
    return type(method).__name__ + "." + name
class Tracer:
    def trace(self, frame, event, arg):
        self.context = context_of(frame)
        return self.trace if self.context else None
    def start(self):
        sys.settrace(self.trace)
""",
    "coverage, monitoring": """
import sys
class Monitor:
    def line(self, code, number):
        info = self.infos[id(code)]
        if info.data is not None:
            info.data.add(number)
        return sys.monitoring.DISABLE
    def start(self):
        sys.monitoring.use_tool_id(1, "coverage")
        sys.monitoring.register_callback(1, sys.monitoring.events.LINE, self.line)
""",
    "hunter, tracer": """
import sys, threading
class Tracer:
    def __call__(self, frame, kind, arg):
        if self._handler is not None:
            if kind == "return" and self.depth > 0:
                self.depth -= 1
            self._handler(Event(frame, kind, arg, self))
            return self
    def trace(self, predicate):
        self._handler = predicate
        threading.settrace(self)
        sys.settrace(self)
""",
    "hunter, profile mode": """
import sys
class Tracer:
    def __call__(self, frame, kind, arg):
        self._handler(Event(frame, KINDS[kind], arg, self.depth, self.calls))
        self.calls += kind == "call"
    def trace(self):
        sys.setprofile(self)
""",
    "viztracer, exit at exec": """
import sys
def install(tracer):
    def hook(event, _):
        if event == "os.exec":
            tracer.exit_routine()
    sys.addaudithook(hook)
""",
    "viztracer, threads": """
import sys
class VizTracer:
    def threadtracefunc(self, frame, event, arg):
        sys.setprofile(None)
        self.start_thread()
    def enable(self):
        sys.setprofile(self.threadtracefunc)
""",
    "pyinstrument, sampler": """
import sys, timeit
class Sampler:
    def profile(self, frame, event, arg):
        now = timeit.default_timer()
        if event == "call" and frame.f_code.co_name == "run":
            self.target(frame, "context_changed", self.last)
        if now >= self.last + self.interval:
            self.target(frame, event, arg)
            self.last = now
def start(sampler):
    sys.setprofile(sampler.profile)
""",
    "pyinstrument, class of a frame": """
import sys
def describe(frame):
    owner = frame.f_locals.get("self", None)
    if owner is None:
        owner = frame.f_locals.get("cls", None)
    hidden = "__tracebackhide__" in frame.f_locals
    return f"{frame.f_code.co_name} {type(owner).__qualname__} {hidden}"
class Sampler:
    def profile(self, frame, event, arg):
        self.stacks.append(describe(frame))
def start(sampler):
    sys.setprofile(sampler.profile)
""",
    "sentry, exception hook": """
import sys
def make_hook(old):
    def sentry_hook(kind, value, tb):
        client = get_client()
        if client.is_active():
            with capture_internal_exceptions():
                event, hint = event_from_exception((kind, value, tb), options=client.options)
                capture_event(event, hint=hint)
        return old(kind, value, tb)
    return sentry_hook
def setup_once():
    sys.excepthook = make_hook(sys.excepthook)
""",
    "sentry, unraisable hook": """
import sys
def make_hook(old):
    def sentry_hook(unraisable):
        try:
            if unraisable.exc_value:
                capture_exception(unraisable.exc_value)
        finally:
            return old(unraisable)
    return sentry_hook
def setup_once():
    sys.unraisablehook = make_hook(sys.unraisablehook)
""",
    "ddtrace, exception hook": """
import sys
_hooks = set()
def _excepthook(kind, value, tb):
    for hook in _hooks:
        hook(kind, value, tb)
    return _previous(kind, value, tb)
def install():
    global _previous
    _previous = sys.excepthook
    sys.excepthook = _excepthook
""",
    "ddtrace, monitoring": """
import sys
_on = sys.monitoring
def _on_py_start(code, offset):
    for handler in _by_code.get(code, ()):
        handler(sys._getframe(1), offset)
def enable(tool):
    _on.register_callback(tool, _on.events.PY_START, _on_py_start)
""",
    "ddtrace, line coverage": """
import sys
def _event(code, line):
    hook, path, _ = _hooks[code]
    hook((line, path, None))
    return sys.monitoring.DISABLE
def register(tool):
    sys.monitoring.register_callback(tool, sys.monitoring.events.LINE, _event)
""",
    "ddtrace, module watchdog": """
import sys
class Watchdog:
    def find_spec(self, fullname, path=None, target=None):
        if fullname in self.finding:
            return None
        self.finding.add(fullname)
        try:
            spec = find_spec(fullname)
            if spec is not None and not isinstance(spec.loader, Loader):
                spec.loader = Loader(spec.loader, spec)
            return spec
        finally:
            self.finding.remove(fullname)
def install():
    sys.meta_path.insert(0, Watchdog())
""",
    "beartype, path hook": """
import sys
from importlib.machinery import FileFinder, SOURCE_SUFFIXES, SourceFileLoader
class Loader(SourceFileLoader):
    def source_to_code(self, data, path, **options):
        tree = compile(data, path, "exec", 1024)
        return compile(transform(tree), path, "exec")
def add():
    sys.path_hooks.insert(0, FileFinder.path_hook((Loader, SOURCE_SUFFIXES)))
""",
    "IPython, exception hook": """
import sys
class Shell:
    def excepthook(self, kind, value, tb):
        self.showtraceback((kind, value, tb))
    def init(self):
        self.save = sys.excepthook
        sys.excepthook = self.excepthook
""",
    "IPython, crash handler": """
import sys, traceback
class CrashHandler:
    def __call__(self, kind, value, tb):
        sys.excepthook = sys.__excepthook__
        text = traceback.format_exception(kind, value, tb)
        with open(self.path, "w") as report:
            report.write("".join(text))
        print(self.message, file=sys.stderr)
def install(app):
    sys.excepthook = CrashHandler()
""",
    "IPython, debugger": """
import sys
class Pdb:
    def trace_dispatch(self, frame, event, arg):
        if self.quitting:
            return
        if event == "line":
            return self.dispatch_line(frame)
        return self.trace_dispatch
    def set_trace(self, frame=None):
        sys.settrace(self.trace_dispatch)
""",
    "pytest, unraisable hook": """
import collections, functools, sys, traceback
def unraisable_hook(unraisable, /, *, append):
    try:
        text = "".join(traceback.format_exception(unraisable.exc_type, unraisable.exc_value, None))
        append(Meta(text, unraisable.exc_value))
    except BaseException as error:
        append(error)
        raise
def configure(config):
    waiting = collections.deque()
    sys.unraisablehook = functools.partial(unraisable_hook, append=waiting.append)
""",
    "pytest, thread exception hook": """
import functools, threading, traceback
def thread_exception_hook(args, /, *, append):
    name = "<unknown>" if args.thread is None else args.thread.name
    append((name, "".join(traceback.format_exception(args.exc_type, args.exc_value, args.exc_traceback))))
def configure(waiting):
    threading.excepthook = functools.partial(thread_exception_hook, append=waiting.append)
""",
    "pytest, assertion rewriting": """
import importlib.machinery, importlib.util, sys
class Hook:
    def find_spec(self, name, path=None, target=None):
        if self._early_rewrite_bailout(name):
            return None
        spec = importlib.machinery.PathFinder.find_spec(name, path)
        if spec is None or not self._should_rewrite(name, spec.origin):
            return None
        return importlib.util.spec_from_file_location(name, spec.origin, loader=self)
    def exec_module(self, module):
        exec(self._rewritten(module.__spec__.origin), module.__dict__)
def install(config):
    sys.meta_path.insert(0, Hook())
""",
    "pip, nothing is imported while it installs": """
import sys
def _prevent(event, args):
    if event == "import" and args[0] not in ALLOWED:
        raise ImportError(args[0])
def run():
    sys.addaudithook(_prevent)
""",
    "filelock, forks": """
import sys
def _on_audit(event, args):
    if event in ("os.fork", "os.forkpty"):
        _remember()
def register():
    sys.addaudithook(_on_audit)
""",
    "hypothesis, branches": """
import sys
class Tracer:
    def trace(self, frame, event, arg):
        if event == "call":
            return self.trace
        if event == "line":
            name = frame.f_code.co_filename
            if should_trace(name):
                self.branches.add((self._previous, (name, frame.f_lineno)))
                self._previous = (name, frame.f_lineno)
    def __enter__(self):
        sys.settrace(self.trace)
""",
    "wrapt, import hooks": """
import sys
class Finder:
    def find_spec(self, fullname, path=None, target=None):
        if fullname not in _hooks or fullname in self.in_progress:
            return None
        self.in_progress[fullname] = True
        try:
            spec = importlib.util.find_spec(fullname)
            spec.loader = Chained(spec.loader)
            return spec
        finally:
            del self.in_progress[fullname]
def register():
    sys.meta_path.insert(0, Finder())
""",
    "a sandbox": """
import sys
FORBIDDEN = {"os.system", "subprocess.Popen", "socket.connect", "ctypes.dlopen"}
def guard(event, args):
    if event in FORBIDDEN:
        raise PermissionError(event)
sys.addaudithook(guard)
""",
    "a printer of calls": """
import sys
def trace_calls(frame, event, arg):
    if event == "call" and frame.f_code.co_filename.startswith("/app"):
        print("call", frame.f_code.co_name)
    return trace_calls
sys.settrace(trace_calls)
""",
}
