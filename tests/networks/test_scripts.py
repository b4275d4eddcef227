"""Text from right to left, without blanks, of many signs for a letter: counted as each network counts, shown whole."""

import pytest

from publisher.enums import Unit
from publisher.networks import registry
from publisher.types import Part
from tests.networks.test_limits import draft

# Code points, UTF-16 units, letters as people see them, weights of X (2 for what is far from Latin).
SAMPLES = {
    "مرحبا بالعالم": (13, 13, 13, 13),
    "שָׁלוֹם": (7, 7, 4, 7),
    "Слава Україні": (13, 13, 13, 13),
    "日本語": (3, 3, 3, 6),
    "𠮷野家": (3, 4, 3, 6),
    "👩‍🚒": (3, 5, 1, 2),
    "مرحبا 日本": (8, 8, 8, 10),
}
PLACES = {Unit.CODE_POINTS: 0, Unit.UTF16: 1, Unit.GRAPHEMES: 2, Unit.MASTODON: 2, Unit.WEIGHTED: 3}


@pytest.mark.parametrize("text", SAMPLES, ids=["arabic", "hebrew", "ukrainian", "japanese", "rare", "emoji", "mixed"])
def test_every_script_is_counted_and_shown_whole_on_every_network(text: str) -> None:
    for kind in registry.KINDS:
        network = registry.get(kind)
        (part,) = network.preview(draft(network, Part(text=text))).parts
        unit = network.limits.unit
        expected = SAMPLES[text][PLACES[unit]] if unit in PLACES else _on_threads(text)
        assert (kind, part.length) == (kind, expected)
        assert "".join(run.text for run in part.runs) == text


def _on_threads(text: str) -> int:
    """Emoji count as their bytes, the rest as characters."""
    return len(text.encode()) if text == "👩‍🚒" else len(text)
