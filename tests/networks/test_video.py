"""What a film is, by its index; and what is taken out of it."""

import struct
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher.errors import InvalidInput
from publisher.networks import boxes, video, video_notes
from publisher.networks.video import Facts
from tests.networks.films import box, film, noting_track, track

PLACE = b"+50.8466+004.3528/"


@pytest.fixture(autouse=True)
def without_ffprobe(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))


def read(data: bytes, folder: Path) -> Facts:
    file = folder / "film"
    file.write_bytes(data)
    return video.read(file)


def test_index_tells_type_size_length_and_codecs(tmp_path: Path) -> None:
    known = Facts(type="video/mp4", width=640, height=360, seconds=12.5, codecs="h264, aac")
    assert read(film(), tmp_path) == known
    assert read(film(brand=b"qt  "), tmp_path).type == "video/quicktime"
    turned = read(film(turned=True), tmp_path)
    assert (turned.width, turned.height) == (360, 640)


def test_what_a_camera_noted_is_blanked_out_and_nothing_moves(tmp_path: Path) -> None:
    notes = [box(b"udta", box(b"\xa9xyz", PLACE)), box(b"meta", PLACE), track(0, 0, b"mp4a", box(b"udta", PLACE))]
    data = film(*notes) + box(b"uuid", PLACE)
    file = tmp_path / "film"
    file.write_bytes(data)
    assert video_notes.strip(file) == 4
    left = file.read_bytes()
    assert (PLACE in left, len(left), left.index(b"filmfilm")) == (False, len(data), data.index(b"filmfilm"))
    assert read(left, tmp_path) == read(data, tmp_path)


def test_track_that_notes_where_the_camera_was_goes_with_its_samples(tmp_path: Path) -> None:
    there = len(film(noting_track(0, [PLACE, PLACE])))  # behind all that is seen and heard
    data = film(noting_track(there + 8, [PLACE, PLACE])) + box(b"mdat", PLACE, PLACE, b"the rest")
    file = tmp_path / "film"
    file.write_bytes(data)
    assert video_notes.strip(file) == 1
    left = file.read_bytes()
    assert (PLACE in left, b"meta" in left, len(left), left.endswith(bytes(2 * len(PLACE)) + b"the rest")) == (
        False,
        False,
        len(data),
        True,
    )
    assert read(left, tmp_path) == read(film(), tmp_path)


@pytest.mark.parametrize(
    "inside", [[noting_track(0, [bytes(900)])] * 9, [noting_track(0, [b"1"])] * 7, [track(0, 0, b"mp4a")] * 201]
)
def test_film_that_is_put_together_to_hurt_is_not_worked_on(
    tmp_path: Path, inside: list[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(video_notes, "MOST_SAMPLES", 6)
    file = tmp_path / "film"
    file.write_bytes(film(*inside))
    before = file.read_bytes()
    with pytest.raises(InvalidInput):
        video_notes.strip(file)
    assert file.read_bytes() == before


@pytest.mark.parametrize(
    "data",
    [
        b"",
        film()[:40],
        box(b"ftyp", b"isom"),
        film(width=0),
        box(b"ftyp", b"isom", bytes(4)) + struct.pack(">I4s", 4, b"moov"),
        box(b"ftyp", b"isom", bytes(4)) + struct.pack(">I4sQ", 1, b"moov", 2**60),
        box(b"ftyp", b"isom", bytes(4)) + box(b"moov", box(b"mvhd", b"")),
        film(*[box(b"free")] * (boxes.MOST + 1)),
    ],
    ids=[
        "nothing",
        "cut off",
        "no index",
        "no picture",
        "too short a box",
        "too long a box",
        "no header",
        "many boxes",
    ],
)
def test_what_is_no_film_is_refused(data: bytes, tmp_path: Path) -> None:
    with pytest.raises(InvalidInput) as refused:
        read(data, tmp_path)
    assert refused.value.key == "media.bad_video"


FILM = film(noting_track(700, [PLACE, PLACE]), box(b"udta", PLACE))


@given(st.lists(st.tuples(st.integers(0, len(FILM) - 1), st.integers(0, 255)), min_size=1, max_size=4))
def test_damaged_film_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, changes: list[tuple[int, int]]
) -> None:
    damaged = bytearray(FILM)
    for at, value in changes:
        damaged[at] = value
    file = tmp_path_factory.getbasetemp() / "film"
    file.write_bytes(damaged)
    try:
        video_notes.strip(file)
        facts = video.read(file)
    except InvalidInput:
        return
    assert (facts.width > 0, file.stat().st_size) == (True, len(FILM))
