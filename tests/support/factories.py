"""Wheels, sdists, site directories and folders, built from text; the same input gives the same bytes."""

from __future__ import annotations

import base64
import gzip
import hashlib
import io
import tarfile
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import TypeAlias

Content: TypeAlias = str | bytes
Files: TypeAlias = Mapping[str, Content]

EPOCH = (1980, 1, 1, 0, 0, 0)
WHEEL_FILE = "Wheel-Version: 1.0\nGenerator: wheelwatch-tests\nRoot-Is-Purelib: true\nTag: {tag}\n"


def wheel(
    folder: Path,
    files: Files,
    *,
    name: str = "demo",
    version: str = "1.0",
    record: bool = True,
    metadata: str = "",
    filename: str | None = None,
) -> Path:
    """Write a valid wheel that holds ``files`` and return its path.

    METADATA, WHEEL and RECORD are added unless ``files`` brings its own. ``metadata`` is appended to
    the METADATA headers (``"Requires-Python: >=3.9\\n"``), ``record=False`` leaves RECORD out, and
    ``filename`` replaces the regular file name.
    """
    path = folder / (filename or f"{_escaped(name)}-{version}-py3-none-any.whl")
    info = f"{_escaped(name)}-{version}.dist-info"
    members = {key: _bytes(content) for key, content in files.items()}
    members.setdefault(f"{info}/METADATA", _metadata(name, version, metadata))
    members.setdefault(f"{info}/WHEEL", _wheel_file(path.name))
    if record:
        members.setdefault(f"{info}/RECORD", record_of(members, f"{info}/RECORD"))
    folder.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w") as archive:
        for key, content in members.items():
            info_of_member = zipfile.ZipInfo(key, EPOCH)
            info_of_member.compress_type = zipfile.ZIP_DEFLATED
            info_of_member.external_attr = 0o100644 << 16
            archive.writestr(info_of_member, content)
    return path


def sdist(
    folder: Path,
    files: Files,
    *,
    name: str = "demo",
    version: str = "1.0",
    metadata: str = "",
    filename: str | None = None,
) -> Path:
    """Write a ``.tar.gz`` source distribution with one top folder and a PKG-INFO; return its path."""
    stem = f"{_escaped(name)}-{version}"
    path = folder / (filename or f"{stem}.tar.gz")
    members = {key: _bytes(content) for key, content in files.items()}
    members.setdefault("PKG-INFO", _metadata(name, version, metadata))
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for key, content in members.items():
            header = tarfile.TarInfo(f"{stem}/{key}")
            header.size = len(content)
            archive.addfile(header, io.BytesIO(content))
    folder.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzip.compress(buffer.getvalue(), mtime=0))
    return path


def site_dir(folder: Path, distributions: Mapping[str, Files], loose: Files | None = None) -> Path:
    """Fill a site directory and return it.

    ``distributions`` maps ``"name-version"`` to the files of that distribution, each of which gets a
    dist-info with METADATA, WHEEL, INSTALLER and a RECORD; ``loose`` files belong to nobody.
    """
    for key, files in distributions.items():
        name, _, version = key.rpartition("-")
        info = f"{_escaped(name)}-{version}.dist-info"
        members = {place: _bytes(content) for place, content in files.items()}
        members.setdefault(f"{info}/METADATA", _metadata(name, version, ""))
        members.setdefault(f"{info}/WHEEL", _wheel_file(""))
        members.setdefault(f"{info}/INSTALLER", b"pip\n")
        members.setdefault(f"{info}/RECORD", record_of(members, f"{info}/RECORD"))
        tree(folder, members)
    return tree(folder, loose or {})


def tree(folder: Path, files: Files) -> Path:
    """Write ``files`` below ``folder``, which is made when it is missing, and return the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for place, content in files.items():
        path = folder / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(_bytes(content))
    return folder


def record_of(members: Mapping[str, bytes], own: str) -> bytes:
    """The text of a RECORD that lists every member with its hash and size, and itself without."""
    rows = [f"{_quoted(key)},{digest(content)},{len(content)}\n" for key, content in members.items()]
    return "".join([*rows, f"{_quoted(own)},,\n"]).encode()


def digest(content: bytes) -> str:
    """The hash of ``content`` in the form of RECORD: ``sha256=`` and unpadded urlsafe base64."""
    encoded = base64.urlsafe_b64encode(hashlib.sha256(content).digest())
    return "sha256=" + encoded.rstrip(b"=").decode()


def _metadata(name: str, version: str, extra: str) -> bytes:
    return f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n{extra}".encode()


def _wheel_file(filename: str) -> bytes:
    parts = filename.removesuffix(".whl").split("-")
    return WHEEL_FILE.format(tag="-".join(parts[-3:]) if len(parts) >= 5 else "py3-none-any").encode()


def _bytes(content: Content) -> bytes:
    return content.encode() if isinstance(content, str) else content


def _escaped(name: str) -> str:
    return name.replace("-", "_")


def _quoted(place: str) -> str:
    return '"' + place.replace('"', '""') + '"' if set(place) & set(',"\r\n') else place
