"""A video on TikTok: begun by the delivery, sent piece by piece by the looks after it, public with the last piece."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from publisher.enums import HoldScope, PostState, Role
from publisher.models import Post
from publisher.newsroom import channels
from publisher.newsroom.sending import delivery, holds
from publisher.types import Media, Part
from tests.factories import make_user
from tests.networks.places import small_video
from tests.networks.places.tiktok import TikTokPlace
from tests.newsroom.acts import lift
from tests.newsroom.test_fault_matrix import Killed, Newsroom, befallen, die
from tests.peers.faults import FaultProxy
from tests.peers.files import FileServer
from tests.peers.tiktok import TikTokServer

pytestmark = pytest.mark.django_db(transaction=True)


class Films(TikTokPlace):
    """Where nobody posts without a video."""

    def dress(self, part: Part) -> Part:
        self.store["film"] = small_video()
        return replace(part, media=(Media(sha256="film", type="video/mp4", seconds=12),))


@pytest.fixture
def newsroom() -> Iterator[Newsroom]:
    with FileServer() as files, TikTokServer() as server, FaultProxy(server.url) as proxy:
        server.uploads_at = proxy.url
        place, chief = Films(proxy, server=server, files=files), make_user(Role.ADMINISTRATOR)
        yield Newsroom(place, channels.add(chief, network="tiktok", credentials=place.given()), chief)


def test_video_stands_once_wherever_its_worker_is_killed(newsroom: Newsroom) -> None:
    statements, wanted, dead = 1, [], True
    while dead:
        wanted.append(f"Video that dies after {statements} statements.")
        post = newsroom.approved(wanted[-1])
        with befallen(statements, Killed):
            try:
                delivery.deliver(post.pk)
                for _ in range(3):
                    newsroom.sweep(post)
                dead = False
            except Killed:
                pass
        die()
        end = newsroom.come_to_rest(post)
        assert (statements, end.state, newsroom.texts()) == (statements, PostState.PUBLISHED, sorted(wanted))
        statements += 9
    assert statements > 60


def test_stop_that_is_set_during_the_upload_holds_the_video_back(newsroom: Newsroom) -> None:
    post = newsroom.approved("A video.")
    delivery.deliver(post.pk)
    hold = holds.set(newsroom.chief, scope=HoldScope.EVERYTHING, reason="Mourning")
    for _ in range(3):
        newsroom.sweep(post)
    assert (Post.objects.get(pk=post.pk).state, newsroom.texts()) == (PostState.SCHEDULED, [])
    lift(hold, newsroom.chief)
    end = newsroom.come_to_rest(post)
    assert (end.state, newsroom.texts()) == (PostState.PUBLISHED, ["A video."])
    assert end.url.startswith("https://www.tiktok.com/@pressoffice/video/")
