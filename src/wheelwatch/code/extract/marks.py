"""The words and parts of paths by which files that matter are read, written or put in place."""

from __future__ import annotations

PATH = "/"
"""Stands for any of `PATHS`."""

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

MOVERS = frozenset(["copy", "copy2", "copyfile", "move", "rename", "renames", "replace", "link", "symlink"])
"""Words that do so as functions of ``shutil`` and ``os``."""

MOVING = frozenset(["shutil", "os", "_os", "posix", "nt"])
"""The modules of these functions."""

PATHS = frozenset(
    [
        ".pth",
        "._pth",
        ".start",
        "sitecustomize",
        "usercustomize",
        "apport_python_hook",
        ".bash",
        ".profile",
        ".zsh",
        ".zprofile",
        ".xprofile",
        ".pdbrc",
        "pyvenv",
        "python3",
        "cron",
        "systemd",
        "autostart",
        "LaunchAgents",
        "Startup",
        "authorized_keys",
        "ld.so",
        ".git",
        "pip.",
        ".ipython",
        ".ssh",
        ".aws",
        ".netrc",
        ".pypirc",
        ".npmrc",
        ".kube",
        ".docker",
        "gcloud",
        ".azure",
        ".gnupg",
        "id_rsa",
        "id_dsa",
        "id_ecdsa",
        "id_ed25519",
        "Login Data",
        "Cookies",
        "logins.json",
        "key4.db",
        "wallet.dat",
        ".bitcoin",
        ".ethereum",
        ".vault-token",
        ".env",
        "shadow",
    ]
)
"""Parts of the paths of startup files and credentials, as they are written."""
