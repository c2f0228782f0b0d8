"""The sketch: digest, encoding, anchors as whole words of the text that Python sees."""

from __future__ import annotations

import hashlib
import random
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wheelwatch.code import mentions, parse, sketch, wants
from wheelwatch.code.charsets import CODECS
from wheelwatch.code.extract import ANCHORS
from wheelwatch.code.extract.anchors import lasts
from wheelwatch.code.sketch import anchors
from wheelwatch.model import NotAnalysed

UNASCII = {
    "utf_16",
    "utf_16_be",
    "utf_16_le",
    "utf_32",
    "utf_32_be",
    "utf_32_le",
    "idna",
    "punycode",
    "utf_8_sig",
}
EBCDIC = {"cp037", "cp1026", "cp1140", "cp273", "cp424", "cp500", "cp875"}


def test_digest_size_encoding() -> None:
    data = b"# coding: l1\nsettrace = '\xe9'\n"
    found = sketch(data)
    assert found.sha256 == hashlib.sha256(data).hexdigest()
    assert (found.size, found.encoding, found.anchors) == (len(data), "latin_1", ("settrace",))


@pytest.mark.parametrize(
    "data",
    [
        b"settrace",
        b"sys.settrace(f)",
        b"\xef\xbb\xbfsettrace",
        "sys.ｓettrace(é)".encode(),
        "sys.ſettrace".encode(),
        b"# coding: utf-7\nsys.+AHMAZQB0AHQAcgBhAGMAZQ-(f)",
        b"# coding: unicode_escape\n\\x73ettrace",
        b"# \xff\nsettrace\n",
        b"'\\nsettrace'",
        b"'\\x0asettrace'",
        b"'\\u000asettrace\\n'",
        b"print 'settrace'",
        b"\0settrace",
        b"# coding: nobody\nsettrace",
        b"# coding: rot13\nsettrace",
        b"x = '\xff'; settrace",
    ],
)
def test_anchors_found(data: bytes) -> None:
    assert "settrace" in sketch(data).anchors
    assert mentions(data, ["settrace", "absent"]) == ("settrace",)


@pytest.mark.parametrize(
    "data", [b"", b"settraces", b"_settrace", "ésettrace".encode(), b"set trace", b"SETTRACE"]
)
def test_other_words_are_no_anchors(data: bytes) -> None:
    assert "settrace" not in sketch(data).anchors


def test_overlapping_tokens_are_all_found() -> None:
    assert mentions(b"a.b c", ["a", "a.b", "b", "b c", "d"]) == ("a", "a.b", "b", "b c")
    assert mentions(b"x.pth", [".pth", "pth"]) == (".pth", "pth")


def test_tokens_are_normalised_too() -> None:
    assert mentions(b"settrace", ["ｓettrace"]) == ("settrace",)
    assert mentions(b"settrace", []) == ()


def test_undecodable_files_have_no_encoding() -> None:
    assert sketch(b"# coding: nobody\n").encoding is None
    assert sketch(b"a\0").encoding is None


def test_wants() -> None:
    assert wants(("settrace",))
    assert not wants(())


@pytest.mark.parametrize("codec", sorted(set(CODECS.values()) - UNASCII - EBCDIC))
def test_every_codec_is_searched_as_it_is_parsed(codec: str) -> None:
    data = f"# coding: {codec}\n".encode() + "import sys\nsys.settrace(print)\n".encode(codec)
    assert not isinstance(parse(data), NotAnalysed)
    assert "settrace" in sketch(data).anchors


@given(st.binary(max_size=100))
def test_never_raises(data: bytes) -> None:
    assert sketch(data).size == len(data)


def test_agrees_with_a_plain_search() -> None:
    chance = random.Random(5)
    letters = string.ascii_lowercase + "_.( \n"
    for anchor in sorted(ANCHORS):
        before, after = (
            ("".join(chance.choices(letters, k=20)) + edge for edge in (" ", "")),
            chance.choice(" .(\n"),
        )
        text = next(before) + anchor + after
        assert anchor in anchors(text.encode())


def test_rare_last_words_of_apis_count_wherever_they_stand() -> None:
    for word in sorted(lasts()):
        assert word in sketch(f"value = other.{word}\n".encode()).anchors
        assert wants((word,))
