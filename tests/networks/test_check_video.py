"""What is said against a video before it is approved, by each network: what is wrong, what is taken, what to do."""

from dataclasses import replace

import pytest

from publisher.enums import DocumentKind, Severity
from publisher.networks import registry
from publisher.networks.check_video import clock
from publisher.types import Draft, Media, Part

USUAL = Media(
    sha256="v",
    alt="Bells ring",
    type="video/mp4",
    width=1920,
    height=1080,
    seconds=60,
    size=30_000_000,
    codecs="h264, aac",
    frame_rate=25,
)
"""As an editor saves it for the web."""
PHONE = replace(USUAL, type="video/quicktime", width=2160, height=3840, codecs="hevc, aac", frame_rate=60.02)
H264 = "Save it as MP4 with H.264 and AAC. An iPhone films so when Settings, Camera, Formats says Most Compatible."
CROP = "Crop it, for example to 1080 × 1920 or 1920 × 1080."
TAKING = [kind for kind in registry.KINDS if registry.get_limits(kind).videos]


def said(kind: str, film: Media) -> list[str]:
    parts = (Part(text="Bells", media=(film,)),)
    issues = registry.get(kind).check(Draft(network=kind, kind=DocumentKind.OTHER, parts=parts))
    return [issue.message for issue in issues if issue.severity is Severity.ERROR]


def refusing(film: Media) -> set[str]:
    return {kind for kind in TAKING if said(kind, film)}


@pytest.mark.parametrize(
    ("film", "refused_by"),
    [
        (USUAL, set()),
        (replace(USUAL, codecs="h264", width=1080, height=1920, frame_rate=29.97), set()),
        (PHONE, {"bluesky", "linkedin", "telegram", "x"}),
        (replace(PHONE, type="video/mp4"), {"x"}),
        (replace(USUAL, codecs="prores, pcm"), {"instagram", "threads", "tiktok", "x"}),
        (replace(USUAL, codecs="h264 (yuv444p), aac"), {"instagram", "threads", "tiktok", "x"}),
        (replace(USUAL, seconds=3660), {"bluesky", "instagram", "linkedin", "manual", "threads", "tiktok", "x"}),
        (replace(USUAL, seconds=2), {"instagram", "linkedin"}),
        (replace(USUAL, size=300_000_000), {"bluesky", "mastodon", "telegram"}),
        (replace(USUAL, frame_rate=12), {"instagram", "threads", "tiktok"}),
        (replace(USUAL, frame_rate=120), {"instagram", "threads", "tiktok", "x"}),
        (replace(USUAL, width=320, height=180), {"tiktok"}),
        (replace(USUAL, width=3840, height=1080), {"linkedin", "x"}),
        (replace(USUAL, width=7680, height=4320), {"tiktok"}),
        (replace(USUAL, codecs="", frame_rate=0, size=0, seconds=0, width=0, height=0), set()),
    ],
    ids=[
        *("as usual", "upright without sound", "of a telephone", "of one, as MP4", "of an editor", "of a screen"),
        *("of an hour", "of two seconds", "heavy", "slow", "fast", "small", "wide", "large", "unknown"),
    ],
)
def test_video_is_refused_before_it_is_approved_where_the_network_would_not_take_it(
    film: Media, refused_by: set[str]
) -> None:
    assert refusing(film) == refused_by


def test_sentences_name_the_network_what_it_takes_what_was_found_and_the_mend() -> None:
    assert [said("x", PHONE), said("bluesky", PHONE)] == [
        [f"The video is encoded in HEVC; X takes H.264. {H264}"],
        ["The video is a file of the kind QuickTime (MOV); Bluesky takes MP4. Save it as MP4 with H.264."],
    ]
    assert said("tiktok", replace(USUAL, seconds=3660, width=320, height=180, frame_rate=12.5)) == [
        "The video runs 1:01:00 h; TikTok takes from 0 s to 10:00 min. Cut it, or choose another one.",
        "The video shows 12.5 pictures in a second; TikTok takes from 23 to 60. Save it with 25 or 30.",
        "The video has 320 × 180 pixels; TikTok takes none with a side below 360. Choose a larger one.",
    ]
    assert said("linkedin", replace(USUAL, size=500_000_001, width=3840)) == [
        "The video has 501 MB; LinkedIn takes 500 MB. Cut it, or save it with fewer pixels or a lower quality.",
        f"The video is 3840 × 1080; LinkedIn takes shapes from 1:2.4 to 2.4:1. {CROP}",
    ]
    limits = registry.get_limits("mastodon").adjusted({"video_pixels": 3_686_400})
    draft = Draft(network="mastodon", kind=DocumentKind.OTHER, parts=(Part(text="Bells", media=(PHONE,)),))
    assert [issue.message for issue in registry.get("mastodon").check(draft, limits)] == [
        "The video has 2160 × 3840 pixels, more than Mastodon takes. Save it with 1920 × 1080 or 1080 × 1920."
    ]


@pytest.mark.parametrize(
    ("seconds", "words"), [(0.5, "0.5 s"), (59.4, "59 s"), (59.9, "1:00 min"), (140, "2:20 min"), (14_400, "4:00:00 h")]
)
def test_length_is_told_as_people_read_it(seconds: float, words: str) -> None:
    assert clock(seconds) == words
