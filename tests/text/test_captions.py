"""Subtitles that players take, and what is wrong with others."""

import pytest

from publisher.text.captions import MOST, problem

FIRST = b"WEBVTT - English\n\nNOTE mine\n\n1\n00:01.000 --> 00:04.500 align:start\nHello\n"
GOOD = FIRST + b"\n01:00:05.000 --> 01:00:06.000\nBye\n"


@pytest.mark.parametrize(
    ("data", "wrong"),
    [
        (GOOD, ("", 0)),
        (b"\xef\xbb\xbf" + GOOD.replace(b"\n", b"\r\n"), ("", 0)),
        (b"1\n00:00:01,000 --> 00:00:02,000\nSubRip\n", ("no_webvtt", 1)),
        (b"WEBVTTX\n", ("no_webvtt", 1)),
        (b"WEBVTT\n\n\xff", ("no_utf8", 3)),
        (b"WEBVTT\n\n00:00:01,000 --> 00:00:02,000\nx", ("bad_time", 3)),
        (b"WEBVTT\n\n00:02.000 --> 00:01.000\nx", ("bad_order", 3)),
        (b"WEBVTT\n\n00:02.000 --> 00:03.000\nx\n\n00:01.000 --> 00:03.000\nx", ("bad_order", 6)),
        (b"WEBVTT\n\nNOTE nothing", ("empty", 1)),
        (bytes(MOST + 1), ("too_large", 0)),
    ],
)
def test_what_is_wrong_with_subtitles(data: bytes, wrong: tuple[str, int]) -> None:
    assert problem(data) == wrong
