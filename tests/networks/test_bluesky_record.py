"""The record of a Bluesky post: pure."""

import json
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher.networks.bluesky_record import (
    TID_ALPHABET,
    Blob,
    Given,
    build_record,
    format_time,
    is_ours,
    make_tid,
    mentioned,
    record_cid,
    reply_to,
    text_runs,
)
from publisher.types import Card, Media, Part, part_from_json, to_json
from tests.networks.lexicon import Lexicons

CASES = sorted((Path(__file__).parent / "cases" / "bluesky").glob("*.json"))
STAMP = datetime(2026, 11, 23, 9, 30, 15, 123456, tzinfo=UTC)
BLOB = {
    "$type": "blob",
    "ref": {"$link": "bafkreibabalobzn6cd366ukcsjycp4yymjymgfxcv6xczmlgpemzkz3cfa"},
    "mimeType": "image/png",
    "size": 760898,
}
CID = "bafyreibjifzpqj6o6wcq3hejh7y4z4z2vmiklkvykc57tw3pcbx3kxifpm"


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_record_and_runs_of_the_cases(path: Path) -> None:
    case = json.loads(path.read_text(encoding="utf-8"))
    part = part_from_json(case["part"])
    assert build_record(part, case["language"]) == case["payload"]
    assert to_json(text_runs(part.text)) == case["runs"]


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_completed_record_obeys_the_lexicon(path: Path, shared: Path) -> None:
    case = json.loads(path.read_text(encoding="utf-8"))
    part = part_from_json(case["part"])
    ref = {"uri": f"at://did:plc:ewvi7nxzyoun6zhxrhs64oiz/app.bsky.feed.post/{make_tid(STAMP, 'a:0')}", "cid": CID}
    everything = Given(
        created_at=format_time(STAMP),
        dids={"press.example.eu": "did:plc:ewvi7nxzyoun6zhxrhs64oiz"},
        blobs=tuple(Blob(BLOB, 1200, 630) for _ in part.media) or ((Blob(BLOB, 1200, 630),) if part.card else ()),
        reply=reply_to(ref, ref),
    )
    lexicons = Lexicons(shared / "specs" / "atproto" / "lexicons")
    assert lexicons.faults("app.bsky.feed.post", build_record(part, case["language"], everything)) == []


def test_mention_that_cannot_be_resolved_stays_plain_text() -> None:
    part = Part(text="@one.example.eu and @two.example.eu")
    record = build_record(part, "", Given(dids={"two.example.eu": "did:plc:two"}))
    feature = {"$type": "app.bsky.richtext.facet#mention", "did": "did:plc:two"}
    assert record["facets"] == [{"index": {"byteStart": 20, "byteEnd": 35}, "features": [feature]}]


def test_handles_mentioned_are_lower_case() -> None:
    assert mentioned("@Press.Example.eu, @nobody @desk@host.example") == ["press.example.eu"]


def test_hashtag_above_the_limit_is_plain_text() -> None:
    assert "facets" in build_record(Part(text="#" + "a" * 64), "")
    assert "facets" not in build_record(Part(text="#" + "a" * 65), "")


def test_language_that_is_no_tag_is_left_out() -> None:
    assert build_record(Part(text="a"), "en_GB!") == {"$type": "app.bsky.feed.post", "text": "a"}


def test_image_carries_alt_text_and_aspect_ratio() -> None:
    part = Part(text="", media=(Media(sha256="1", alt="A flag"),))
    embed = build_record(part, "", Given(blobs=(Blob(BLOB, 640, 480),)))["embed"]
    assert embed["images"] == [{"alt": "A flag", "image": BLOB, "aspectRatio": {"width": 640, "height": 480}}]


def test_card_without_image_has_no_thumb() -> None:
    record = build_record(Part(text="a", card=Card(url="https://example.eu")), "", Given())
    assert record["embed"]["external"] == {"uri": "https://example.eu", "title": "", "description": ""}


@given(
    st.text(st.characters(exclude_categories=["Cs"])),
    st.sampled_from(["https://example.eu/a?b=c", "#Europe", "@a.example.eu"]),
)
def test_facet_bytes_are_the_linked_text_whatever_stands_around(around: str, linked: str) -> None:
    text = f"{around} {linked} {around}"
    facets = build_record(Part(text=text), "").get("facets", [])
    shown = [text.encode()[f["index"]["byteStart"] : f["index"]["byteEnd"]].decode() for f in facets]
    assert linked in shown
    starts = [facet["index"]["byteStart"] for facet in facets]
    assert starts == sorted(starts)


@given(st.lists(st.sampled_from(["Привіт", "👩‍🚀", "#Europe", "@a.example.eu", "europa.eu", "https://a.eu/b", "\n"])))
def test_runs_together_are_the_text_without_the_schemes(words: list[str]) -> None:
    text = " ".join(words)
    assert "".join(run.text for run in text_runs(text)) == text.replace("https://", "")
    assert [run.text for run in text_runs(text) if run.href] == [
        word.removeprefix("https://") for word in words if word[0] in "#@he"
    ]


# --- the key of a record ---------------------------------------------------------------------


def decode_tid(tid: str) -> tuple[datetime, int]:
    """The time of a TID and its clock id, by the specification: 1 zero bit, 53 bits of microseconds, 10 bits clock."""
    number = 0
    for letter in tid:
        number = number * 32 + TID_ALPHABET.index(letter)
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=number >> 10), number & 1023


instants = st.integers(0, 2**52).map(lambda number: datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=number))


@given(instants, st.text(min_size=1), st.integers(0, 199))
def test_tid_is_well_formed_and_tells_the_time_of_the_stamp(stamp: datetime, key: str, index: int) -> None:
    tid = make_tid(stamp, f"{key}:{index}")
    assert len(tid) == 13
    assert tid[0] in "234567abcdefghij"  # the top bit is zero
    moment, _ = decode_tid(tid)
    assert moment.replace(microsecond=moment.microsecond // 1000 * 1000) == stamp.replace(
        microsecond=stamp.microsecond // 1000 * 1000
    )


@given(instants, st.text(min_size=1))
def test_tids_of_a_thread_rise_by_one_and_share_their_clock(stamp: datetime, key: str) -> None:
    decoded = [decode_tid(make_tid(stamp, f"{key}:{index}")) for index in range(12)]
    assert [moment - decoded[0][0] for moment, _ in decoded] == [timedelta(microseconds=index) for index in range(12)]
    assert {clock for _, clock in decoded} == {decoded[0][1]}


def test_tid_is_fixed_for_ever() -> None:
    # A changed rule would make a post that is under way look absent: this value must never change.
    assert make_tid(STAMP, "5f3a9c0e1b2d4f6a8c7e9d0b1a2c3e4f:0") == "3n2xsywfqnk4b"


def test_posts_stamped_alike_get_keys_of_their_own() -> None:
    assert len({make_tid(STAMP, f"revision {number}:0") for number in range(300)}) == 300


def test_stamp_in_another_zone_is_the_same_stamp() -> None:
    elsewhere = STAMP.astimezone(timezone(timedelta(hours=2)))
    assert (make_tid(elsewhere, "a:1"), format_time(elsewhere)) == (make_tid(STAMP, "a:1"), "2026-11-23T09:30:15.123Z")


# --- the content identifier ------------------------------------------------------------------


def test_cid_of_the_documented_sample() -> None:
    # The protocol's guide "Creating a post" shows this record and the CID that a server gave it.
    sample = {"$type": "app.bsky.feed.post", "text": "Hello World!", "createdAt": "2023-08-07T05:31:12.156888Z"}
    assert record_cid(sample) == CID


def test_cid_does_not_depend_on_the_order_of_fields() -> None:
    record: dict[str, Any] = {"text": "a", "embed": {"image": BLOB, "alt": "b"}, "n": [1, None, True]}
    turned = {name: record[name] for name in reversed(record)}
    assert record_cid(turned) == record_cid(record)


def test_text_that_looks_like_a_cid_is_text() -> None:
    assert record_cid({"text": CID}) != record_cid({"text": {"$link": CID}})


def test_record_is_ours_by_text_and_time() -> None:
    record = build_record(Part(text="a"), "en", Given(created_at="2026-11-23T09:30:15.123Z"))
    assert is_ours(record, "a", "2026-11-23T09:30:15.123Z")
    assert not is_ours(record, "b", "2026-11-23T09:30:15.123Z")
    assert not is_ours(record, "a", "2026-11-23T09:30:15.124Z")
