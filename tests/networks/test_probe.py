"""Real films, made with ffmpeg, before a real ffprobe: of a telephone, of an editor, of a recorded call."""

import os
import shutil
import stat
from pathlib import Path

import pytest

from publisher.errors import InvalidInput
from publisher.networks import confined, probe, video, video_notes
from publisher.networks.video import Facts
from tests.networks.films import film

FILMS = Path(__file__).parent / "cases" / "films"
PHONE = Facts(type="video/quicktime", width=54, height=96, seconds=1, codecs="hevc, aac", frame_rate=30, probed=True)
EDITED = Facts(
    type="video/quicktime", width=48, height=32, seconds=0.2, codecs="prores, pcm", frame_rate=25, probed=True
)
CALL = Facts(
    type="video/mp4", width=102, height=56, seconds=1.6, codecs="h264 (yuv444p), aac", frame_rate=31.333, probed=True
)


@pytest.fixture
def _ffprobe() -> None:
    """Without it tests are skipped; under CI they fail."""
    if not shutil.which("ffprobe"):
        reason = "ffprobe is not installed: run tests/peers/install.sh, or install ffmpeg"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)


@pytest.mark.usefixtures("_ffprobe")
@pytest.mark.parametrize(("name", "known"), [("phone.mov", PHONE), ("edited.mov", EDITED), ("call.mp4", CALL)])
def test_real_film_is_read_upright_and_in_square_pixels_and_stays_whole_without_its_notes(
    tmp_path: Path, name: str, known: Facts
) -> None:
    """The telephone lay on its side and noted where it was; the call has wide pixels and a rate that varies."""
    file = Path(shutil.copy(FILMS / name, tmp_path / "-i concat:film"))
    before = video.read(file)
    assert video_notes.strip(file) == 1
    assert (video.read(file), before, b"+50.8466+004.3528/" in file.read_bytes()) == (known, known, False)


@pytest.mark.usefixtures("_ffprobe")
@pytest.mark.parametrize(
    "data",
    [
        b"#EXTM3U\n#EXTINF:9,\nhttp://127.0.0.1:9/secret.ts\n#EXT-X-ENDLIST\n",
        b"ffconcat version 1.0\nfile 'phone.mov'\n",
        (FILMS / "phone.mov").read_bytes()[:5000],
    ],
    ids=["playlist", "list of films", "cut off"],
)
def test_what_names_other_files_or_is_cut_off_is_no_film_to_ffprobe(tmp_path: Path, data: bytes) -> None:
    shutil.copy(FILMS / "phone.mov", tmp_path)
    file = tmp_path / "film"
    file.write_bytes(data)
    with pytest.raises(InvalidInput):
        probe.ask(file)


def program(folder: Path, script: str, monkeypatch: pytest.MonkeyPatch) -> None:
    file = folder / "ffprobe"
    file.write_text(f"#!/bin/sh\n{script}\n")
    file.chmod(file.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")


def test_program_that_reads_files_of_others_has_little_time_and_memory_writes_nothing_and_knows_no_secret(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PUBLISHER_SECRET_KEY", "hidden")
    script = f"ulimit -t; ulimit -f; ulimit -v; env; cd {tmp_path}; (echo words >file) 2>/dev/null; ls -s"
    code, said = confined.run(["/bin/sh", "-c", script]) or (-1, b"")
    seconds, blocks, memory, *environment = said.decode().splitlines()
    assert (code, seconds, blocks, memory) == (0, str(confined.CPU_SECONDS), "0", str(confined.MEMORY))
    *environment, total, file = environment
    assert {line.partition("=")[0] for line in environment} <= {*confined.ENVIRONMENT, "PWD", "OLDPWD", "SHLVL", "_"}
    assert (total, file) == ("total 0", "0 file")


@pytest.mark.parametrize("script", ["exec sleep 9", "kill -XCPU $$", "echo '{'"], ids=["waits", "works on", "stutters"])
def test_film_that_ffprobe_does_not_get_through_is_known_by_its_index(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str
) -> None:
    monkeypatch.setattr(confined, "SECONDS", 0.2)
    program(tmp_path, script, monkeypatch)
    file = tmp_path / "film"
    file.write_bytes(film())
    assert video.read(file) == Facts(type="video/mp4", width=640, height=360, seconds=12.5, codecs="h264, aac")
