"""`card`: without a database."""

import hashlib
from pathlib import Path

from tests.cli.conftest import Publisher

SPEECH = Path(__file__).resolve().parent.parent.parent / "publisher" / "sample" / "eeas.xml"


def test_card_is_written_and_described(publisher: Publisher, tmp_path: Path) -> None:
    file = tmp_path / "card.png"
    done = publisher("card", SPEECH, "--size", "1080x1350", "-o", file, "--json")
    assert (done.status, done.err) == (0, "")
    assert list(done.json) == ["file", "kind", "size", "words", "speaker", "alt", "bytes", "sha256"]
    picture = file.read_bytes()
    assert picture.startswith(b"\x89PNG")
    assert (done.json["bytes"], done.json["sha256"]) == (len(picture), hashlib.sha256(picture).hexdigest())
    assert done.json["alt"] == f"Quote card: {done.json['words']} – Kaja Kallas"


def test_card_for_people_of_a_title(publisher: Publisher, tmp_path: Path) -> None:
    file = tmp_path / "card.png"
    done = publisher("card", SPEECH, "--title", "-o", file)
    first, alt = done.out.splitlines()
    assert (first, alt.partition(":")[0], file.is_file()) == (f"{file} (1200x630)", "Title card", True)


def test_card_of_words_that_nobody_said_is_refused_and_nothing_is_written(publisher: Publisher, tmp_path: Path) -> None:
    file = tmp_path / "card.png"
    refusal = publisher("card", SPEECH, "--words", "We will all be rich.", "-o", file).refusal
    assert refusal.startswith("These words stand in quotation marks, but the document does not have them like that")
    assert not file.exists()


def test_card_that_cannot_be_written(publisher: Publisher, tmp_path: Path) -> None:
    file = tmp_path / "none" / "card.png"
    assert publisher("card", SPEECH, "-o", file).refusal == (
        f"The card cannot be written to {file}. Check the folder and whether you may write there."
    )


def test_card_of_an_unknown_size_is_a_wrong_command_line(publisher: Publisher) -> None:
    assert publisher("card", SPEECH, "--size", "1x1").status == 2
