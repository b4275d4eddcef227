"""What is said about descriptions of pictures."""

import pytest

from publisher.text.alts import hint

TEXT = "The Commission has adopted a measure."


@pytest.mark.parametrize(
    ("alt", "said"),
    [
        ("", ""),
        ("Ursula von der Leyen speaks in Strasbourg", ""),
        ("Photographers wait in front of the Berlaymont", ""),
        ("IMG_2034.JPG", "file_name"),
        ("dsc-00123", "file_name"),
        ("plenary-hall.webp", "file_name"),
        ("Image of the plenary hall", "announced"),
        ("A photo showing two people", "announced"),
        ("Ein Bild von der Sitzung", "announced"),
        ("Une photo de la séance", "announced"),
        ("L’image du bâtiment", "announced"),
        (f" {TEXT.lower()[:-1]}  ", "same_as_text"),
        ("Logo", "short"),
        ("歐盟旗幟在風中", ""),
        ("word " * 101, "long"),
    ],
)
def test_hint(alt: str, said: str) -> None:
    assert hint(alt, TEXT) == said
