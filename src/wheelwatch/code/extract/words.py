"""The words of the anchors, by what each kind of them is needed for."""

from __future__ import annotations

ACCESS = frozenset(
    [
        "getattr",
        "setattr",
        "delattr",
        "vars",
        "__dict__",
        "attrgetter",
        "methodcaller",
        "itemgetter",
        "__getattribute__",
        "__setattr__",
        "globals",
        "locals",
        "getmembers",
        "getattr_static",
        "__globals__",
        "f_globals",
        "f_builtins",
        "__self__",
    ]
)
"""Words by which an attribute is reached without being written."""
IMPORTS = frozenset(
    [
        "__import__",
        "import_module",
        "resolve_name",
        "locate",
        "safeimport",
        "find_spec",
        "load_module",
        "run_module",
        "__subclasses__",
        "get_objects",
        "modules",
        "import_string",
        "__builtins__",
        "builtins",
        "f_builtins",
        "__globals__",
    ]
)
"""Words by which a module is reached without being written."""
CODE = frozenset(
    [
        "exec",
        "eval",
        "execfile",
        "FunctionType",
        "LambdaType",
        "CodeType",
        "runsource",
        "runcode",
        "push",
        "timeit",
        "ForwardRef",
        "get_type_hints",
        "get_annotations",
        "run_string",
        "exec_",
        "debug_src",
    ]
)
"""Words by which a string is run as code."""
DECODERS = frozenset(
    [
        "b64decode",
        "standard_b64decode",
        "urlsafe_b64decode",
        "decodebytes",
        "b32decode",
        "b16decode",
        "b85decode",
        "a85decode",
        "base64",
        "unhexlify",
        "a2b_hex",
        "a2b_base64",
        "fromhex",
        "decompress",
        "zlib",
        "codecs",
        "rot13",
        "rot_13",
        "marshal",
        "bz2",
        "lzma",
        "gzip",
        "chr",
        "unquote",
        "to_bytes",
        "unicode_escape",
        "binascii",
        "pickle",
        "dill",
        "cloudpickle",
        "urlopen",
        "requests",
        "httpx",
        "bytes",
        "translate",
    ]
)
"""Words by which data is decoded or fetched."""
OTHERS = frozenset(
    [
        "ctypes",
        "_ctypes",
        "posix",
        "nt",
        "subprocess",
        "_posixsubprocess",
        "socket",
        "_socket",
        "ssl",
        "_ssl",
        "gc",
        "atexit",
        "site",
        "_thread",
    ]
)
"""Words for modules on which only a name that was hidden matters."""
SUBJECTS = frozenset(
    [
        "sys",
        "_sys",
        "builtins",
        "__builtins__",
        "threading",
        "_threading",
        "pythonapi",
        "_testinternalcapi",
        "_testcapi",
        "_interpreters",
        "monitoring",
    ]
)
"""Words for what must not be reached in such ways."""
COMMON = frozenset(
    [
        "run",
        "call",
        "get",
        "post",
        "put",
        "head",
        "patch",
        "options",
        "delete",
        "request",
        "connect",
        "start",
        "enable",
        "open",
        "create",
        "loads",
        "load",
        "close",
        "register",
        "finalize",
        "main",
        "stream",
        "Pool",
        "system",
        "write",
        "read",
        "send",
        "listen",
        "signal",
        "alarm",
        "retrieve",
        "spawn",
        "FTP",
        "exec",
        "Command",
        "cmd",
        "resolve",
        "query",
        "chrome",
        "freeze",
        "reload",
        "display",
        "callbacks",
        "modules",
        "stdout",
        "stderr",
        "stdin",
        "handlers",
        "runctx",
        "runcall",
        "runeval",
        "runfunc",
        "__enter__",
        "set_trace",
        "aliases",
        "sample",
        "pickle",
        "dispatch_table",
        "disable",
        "install",
        "fork",
        "popen",
        "set_debug",
        "Quitter",
        "sendto",
        "ServerProxy",
        "SSLContext",
        "socket",
        "ssl",
        "requests",
        "keyring",
        "subprocess",
        "HTTPConnection",
        "Session",
        "Client",
        "connection",
        "connectionpool",
        "urlopen",
        "create_server",
        "getaddrinfo",
        "create_connection",
        "_cache",
        "lookup",
        "reload",
        "CodeType",
        "FunctionType",
        "request_queue",
        "util",
    ]
)
"""Last words of APIs that mean nothing without the name of their module."""


FILES = frozenset(
    [
        "open",
        "open_code",
        "FileIO",
        "read_text",
        "read_bytes",
        "write_text",
        "write_bytes",
        "symlink_to",
        "hardlink_to",
        "touch",
        "copyfile",
        "copy2",
        "symlink",
    ]
)
"""Words by which a file is read, written or put in place; the path may be put together."""

MOVERS = frozenset(["copy", "move", "rename", "link"])
"""Words that do so as functions of ``shutil`` and ``os``."""

LIBRARIES = frozenset(
    [
        "CDLL",
        "PyDLL",
        "WinDLL",
        "OleDLL",
        "cdll",
        "pydll",
        "windll",
        "oledll",
        "LoadLibrary",
        "pythonapi",
        "dlopen",
    ]
)
"""Words by which ``ctypes`` opens a library, of which a function may be asked for by a computed name."""

PATHS = frozenset(
    [
        "pth",
        "sitecustomize",
        "usercustomize",
        "bashrc",
        "profile",
        "crontab",
        "systemd",
        "authorized_keys",
        "ssh",
        "aws",
        "netrc",
    ]
)
"""Words of the paths of startup files and credentials."""
