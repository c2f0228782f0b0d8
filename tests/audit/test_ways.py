"""Proxies, certificates and keyrings, as they are configured for the installer."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.audit.place import names, package, report
from tests.support.index import serve

pytestmark = pytest.mark.network

SECRET = "s3cret-word"


def test_a_proxy_is_asked_for_everything(tmp_path: Path) -> None:
    with serve() as index:
        package(index, tmp_path / "wheels", "app", "1.0", "lib")
        package(index, tmp_path / "wheels", "lib")
        proxy, index.base = index.base, "http://index.invalid"
        given = {"HTTP_PROXY": proxy, "http_proxy": proxy, "NO_PROXY": "", "no_proxy": ""}
        code, document, _ = report(tmp_path, "app", "-i", index.url, env=given)
        assert (code, names(document)) == (0, ["app==1.0", "lib==1.0"])
        own = {"NO_PROXY": "", "PIP_PROXY": proxy}
        code, document, _ = report(tmp_path, "app", "-i", index.url, "--no-cache", env=own)
    assert (code, names(document)) == (0, ["app==1.0", "lib==1.0"])


def certificate(folder: Path) -> Path:
    """Key and certificate of a server on loopback, signed by an authority that only ``cert.pem`` names."""
    program = shutil.which("openssl")
    if program is None:
        pytest.skip("openssl makes the certificate")

    def openssl(text: str) -> None:
        subprocess.run([program, *text.split()], cwd=folder, check=True, capture_output=True)

    key = "-newkey rsa:2048 -nodes"
    # Python 3.13 asks what an authority may sign, and who signed a certificate.
    signs = "-addext keyUsage=critical,keyCertSign,cRLSign"
    openssl(f"req -x509 {key} {signs} -days 2 -subj /CN=authority -keyout authority.pem -out cert.pem")
    openssl(f"req {key} -subj /CN=loopback -keyout key.pem -out request.pem")
    (folder / "more").write_text(
        "subjectAltName=IP:127.0.0.1\nbasicConstraints=CA:FALSE\nauthorityKeyIdentifier=keyid\n"
    )
    openssl(
        "x509 -req -in request.pem -CA cert.pem -CAkey authority.pem -days 2 -extfile more -out leaf.pem"
    )
    made = folder / "server.pem"
    made.write_bytes((folder / "key.pem").read_bytes() + (folder / "leaf.pem").read_bytes())
    return made


def test_a_certificate_counts_only_when_it_is_named(tmp_path: Path) -> None:
    with serve(certificate(tmp_path)) as index:
        package(index, tmp_path / "wheels", "app")
        blank = {"SSL_CERT_FILE": "", "SSL_CERT_DIR": ""}
        code, document, _ = report(tmp_path, "app", "-i", index.url, env=blank)
        assert (code, document["packages"]) == (2, [])
        assert "certificate" in document["errors"][0]["what"]
        known = {**blank, "PIP_CERT": str(tmp_path / "cert.pem")}
        code, document, _ = report(tmp_path, "app", "-i", index.url, env=known)
        assert (code, names(document)) == (0, ["app==1.0"])
        trusted = {**blank, "PIP_TRUSTED_HOST": index.host}
        code, document, _ = report(tmp_path, "app", "-i", index.url, "--no-cache", env=trusted)
    assert (code, names(document)) == (0, ["app==1.0"])


def test_a_keyring_is_asked_only_when_it_is_configured(tmp_path: Path) -> None:
    tool = tmp_path / "bin" / "keyring"
    tool.parent.mkdir()
    tool.write_text(f"#!/bin/sh\necho asked >> {tmp_path}/asked\necho {SECRET}\n")
    tool.chmod(0o755)
    with serve(auth=("me", SECRET)) as index:
        package(index, tmp_path / "wheels", "app")
        path = {"PATH": f"{tool.parent}:/usr/bin:/bin"}
        address = index.url.replace("://", "://me@")
        code, _, _ = report(tmp_path, "app", "-i", address, env=path)
        assert (code, (tmp_path / "asked").exists()) == (2, False)
        path["PIP_KEYRING_PROVIDER"] = "subprocess"
        code, document, err = report(tmp_path, "app", "-i", address, env=path)
    assert (code, names(document)) == (0, ["app==1.0"])
    assert SECRET not in err
