"""Videos on Mastodon: described, waited for, and posted once, however long the server works on them."""

from dataclasses import replace

import pytest

from publisher import errors
from publisher.networks.base import Context
from publisher.networks.mastodon import Mastodon
from publisher.types import Media, Part, Pending, Receipt
from tests.networks.places import small_video
from tests.networks.test_limits import errors_of
from tests.networks.test_mastodon import KEY, NETWORK, PICTURE, STATUSES, context
from tests.peers.mastodon import MastodonServer, mastodon_server
from tests.peers.mastodon_dialects import AKKOMA, MASTODON, Dialect

__all__ = ["context", "mastodon_server"]

VIDEO = Media(alt="Bells ring", sha256="2" * 64, type="video/mp4", seconds=20)
PART = Part(text="Bells", media=(VIDEO,))


@pytest.fixture
def filmed(context: Context) -> Context:
    return replace(context, load=lambda _: small_video())


@pytest.fixture
def pending(mastodon_server: MastodonServer, filmed: Context) -> Pending:
    """A post whose video the server works on for long."""
    mastodon_server.processing = 1000
    waited: list[float] = []
    found = Mastodon(wait=waited.append).publish(PART, filmed, KEY)
    assert isinstance(found, Pending)
    assert (sum(waited), mastodon_server.statuses) == (12, [])
    return found


def finish(server: MastodonServer) -> None:
    for medium in server.media.values():
        medium.looks = 0


def test_video_goes_out_as_it_is_with_its_description(mastodon_server: MastodonServer, filmed: Context) -> None:
    NETWORK.publish(PART, filmed, KEY)
    [medium] = mastodon_server.media.values()
    assert (medium.data, medium.type, medium.description) == (small_video(), "video/mp4", "Bells ring")
    assert mastodon_server.statuses[0]["media_attachments"][0]["type"] == "video"


def test_video_is_no_larger_than_the_instance_takes(mastodon_server: MastodonServer, filmed: Context) -> None:
    small = replace(filmed, limits=NETWORK.limits.adjusted({"video_bytes": 1000}))
    with pytest.raises(errors.Refused) as raised:
        NETWORK.publish(PART, small, KEY)
    assert (raised.value.key, mastodon_server.requests) == ("media.video_too_large", [])


def test_video_that_takes_long_is_posted_when_it_is_ready(
    mastodon_server: MastodonServer, filmed: Context, pending: Pending
) -> None:
    assert NETWORK.resume(pending, filmed) == pending
    finish(mastodon_server)
    receipt = NETWORK.resume(pending, filmed)
    assert isinstance(receipt, Receipt)
    assert [status["id"] for status in mastodon_server.statuses] == [receipt.id]
    assert len(mastodon_server.sent("POST", "/api/v2/media")) == 1
    assert mastodon_server.sent("POST", STATUSES)[0].headers["idempotency-key"] == KEY


@pytest.mark.parametrize("dialect", [MASTODON, AKKOMA], ids=["mastodon", "akkoma"])
def test_worker_that_died_after_posting_leaves_one_post(
    mastodon_server: MastodonServer, filmed: Context, pending: Pending, dialect: Dialect
) -> None:
    mastodon_server.dialect = dialect
    finish(mastodon_server)
    assert NETWORK.resume(pending, filmed) == NETWORK.resume(pending, filmed)
    assert len(mastodon_server.statuses) == 1


def test_video_that_the_server_cannot_use_is_refused(
    mastodon_server: MastodonServer, filmed: Context, pending: Pending
) -> None:
    [medium] = mastodon_server.media.values()
    medium.looks, medium.broken = 0, True
    with pytest.raises(errors.Refused):
        NETWORK.resume(pending, filmed)


def test_video_that_the_server_has_lost_is_uploaded_anew(
    mastodon_server: MastodonServer, filmed: Context, pending: Pending
) -> None:
    mastodon_server.media.clear()
    with pytest.raises(errors.StartAnew):
        NETWORK.resume(pending, filmed)


def test_stop_is_looked_at_before_a_pending_post_goes_out(
    mastodon_server: MastodonServer, filmed: Context, pending: Pending
) -> None:
    def stop() -> None:
        raise errors.Held("held.hold", by="bob@example.org", why="Mourning")

    finish(mastodon_server)
    with pytest.raises(errors.Held):
        NETWORK.resume(pending, replace(filmed, before_publish=stop))
    assert mastodon_server.statuses == []


def test_picture_beside_a_video_is_an_issue() -> None:
    part = Part(text="Both", media=(PICTURE, VIDEO))
    assert errors_of(NETWORK, part) == [("media", "check.too_many_videos")]
