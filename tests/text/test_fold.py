"""Where a network writes "… more"."""

import pytest

from publisher.text.fold import find_fold


@pytest.mark.parametrize(
    ("text", "characters", "lines", "seen"),
    [
        ("Short.", 10, 0, None),
        ("Exactly ten", 11, 0, None),
        ("Blanks at the end do not count    ", 30, 0, None),
        ("No word is cut in two", 13, 0, "No word is"),
        ("Up to a blank it is", 5, 0, "Up to"),
        ("Donaudampfschifffahrtsgesellschaft", 25, 0, "Donaudampfschifffahrtsges"),
        ("One\n\nThree\nFour", 100, 3, "One\n\nThree"),
        ("One\nTwo\n\n", 100, 2, None),
        ("One\nTwo\nThree is long", 5, 3, "One"),
    ],
)
def test_fold_is_where_the_characters_or_the_lines_end(
    text: str, characters: int, lines: int, seen: str | None
) -> None:
    fold = find_fold(text, characters, lines)
    assert (None if fold is None else text[:fold]) == seen
