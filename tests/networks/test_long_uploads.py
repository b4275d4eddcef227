"""Files that go up in pieces: before each the claim of the worker is taken anew, or the upload ends."""

import pytest

from publisher.errors import StaleState
from publisher.types import Media, Part
from tests.networks.places import open_place, small_video

PIECE = b"\0"
"""Of all requests, only those with a piece of the film hold it."""
FILM = Part(text="Bells ring", media=(Media(sha256="v", alt="Bells", type="video/mp4", width=400, height=400),))


@pytest.mark.parametrize("kind", ["x", "facebook", "linkedin"])
def test_piece_is_not_sent_when_the_claim_was_given_up(kind: str, request: pytest.FixtureRequest) -> None:
    def given_up() -> None:
        raise StaleState("post.changed_meanwhile")

    with open_place(kind, request) as place:
        place.verify()
        place.store["v"] = small_video()
        with pytest.raises(StaleState):
            place.network.publish(FILM, place.context(alive=given_up), "k:0")
        assert [seen.path for seen in place.proxy.seen if PIECE in seen.body] == []
        assert place.standing() == []


@pytest.mark.parametrize("kind", ["x", "facebook", "linkedin"])
def test_claim_is_taken_anew_for_each_piece(kind: str, request: pytest.FixtureRequest) -> None:
    taken: list[int] = []
    with open_place(kind, request) as place:
        place.verify()
        place.store["v"] = small_video()
        place.network.publish(FILM, place.context(alive=lambda: taken.append(len(place.proxy.seen))), "k:0")
        pieces = [number for number, seen in enumerate(place.proxy.seen) if PIECE in seen.body]
        assert (taken, len(pieces) > 0) == (pieces, True)
