"""The commands of setuptools that a build or an installation runs by itself."""

from __future__ import annotations

COMMANDS = frozenset(
    {"build", "build_py", "build_ext", "build_clib", "build_scripts", "bdist_wheel", "bdist_egg", "bdist"}
    | {"install", "install_lib", "install_scripts", "install_data", "install_headers", "install_egg_info"}
    | {"egg_info", "dist_info", "develop", "editable_wheel", "easy_install", "sdist"}
)
"""By name; others (``upload``, ``test``) a user asks for."""
