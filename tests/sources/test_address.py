"""Addresses without what is secret in them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wheelwatch.sources.address import credentials, host, local_path, redacted, shown

SECRET = "s3cret"


@pytest.mark.parametrize(
    "text",
    [
        f"https://u:{SECRET}@x.example/simple",
        f"https://{SECRET}@x.example",
        f"git+https://u:{SECRET}@x.example/r.git@v1#egg=d",
        f"https://u:{SECRET}@{SECRET}@x.example/p",
        f"https://x.example/f.whl?token={SECRET}&a=b",
        f"--index-url https://u:{SECRET}@x.example/simple and https://{SECRET}:x@y.example",
        f"error for url (https://u:{SECRET}@x.example/simple/app/)",
    ],
)
def test_secrets_are_taken_out_and_the_rest_stays(text: str) -> None:
    assert SECRET not in redacted(text)
    assert "x.example" in redacted(text)
    assert SECRET not in shown(text)


@given(st.text(), st.text())
def test_no_text_breaks_it(one: str, other: str) -> None:
    text = f"{one}://{other}@x"
    assert isinstance(redacted(text), str)
    assert isinstance(shown(text), str)
    assert isinstance(host(text), str)
    assert len(credentials(text)) == 3
    assert "\0" not in local_path(f"file://{other}")


def test_parts() -> None:
    assert credentials("https://u:p%40@x.example:8/a?b#c") == ("https://x.example:8/a?b#c", "u", "p@")
    assert host("https://u@X.example:8/a") == "x.example:8"
    assert local_path("file:///a%20b") == "/a b"
    assert local_path("file://other/a") == local_path("https://x/a") == ""
    assert shown("https://x.example/a.whl?b=c#sha256=d") == "https://x.example/a.whl"


@pytest.mark.parametrize("password", ["{}/x", "x/{}", "{}?x", "a#{}", "{}@x"])
def test_a_password_that_tears_the_address_is_not_shown(password: str) -> None:
    """What people write who do not know that ``/?#`` must be escaped."""
    address = f"https://me:{password.format(SECRET)}@x.example/simple"
    for text in (redacted(address), redacted(f"error for url ({address})"), shown(address)):
        assert SECRET not in text
        assert "x.example" in text


def test_what_is_no_user_stays() -> None:
    for address in ("https://x.example:8080/a@b", "https://[::1]:80/a@1", "https://x.example/a:b@c"):
        assert redacted(address) == shown(address) == address


@pytest.mark.parametrize(
    "unit", ["a", "a://", "@a://b:c", "a://b@", "-", "a.", "://", "a://b:c/", "@a://b:c/"]
)
def test_long_texts_take_no_long_time(unit: str) -> None:
    """With time that grows with the square of the length none of these would end."""
    assert redacted(unit * 200_000)
    assert shown(unit * 200_000)
