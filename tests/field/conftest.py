"""The twenty acceptance tests: what other publishing systems got wrong, each once, by name, on both databases.

The small press office is that of tests/newsroom; the command is run as tests/cli run it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client

from publisher import config
from publisher.enums import PostState
from publisher.models import Channel, Post, User
from publisher.networks import registry
from publisher.newsroom import channels
from publisher.newsroom.approval import review
from publisher.types import Part
from tests.cli.conftest import publisher  # noqa: F401  # the command, as a shell runs it
from tests.factories import make_post
from tests.networks.places import Place, open_place
from tests.newsroom.conftest import (  # noqa: F401  # the same small press office
    account,
    administrator,
    approver,
    channel,
    editor,
    review_all,
    source,
    viewer,
    waiting,
)
from tests.newsroom.office import Office, press_office


@pytest.fixture
def office() -> Iterator[Office]:
    with press_office() as made:
        yield made


@pytest.fixture
def strict(channel: Channel) -> Channel:  # noqa: F811  # pytest's way to ask for it
    """The channel of the press office, with four eyes."""
    Channel.objects.filter(pk=channel.pk).update(four_eyes=True)
    channel.refresh_from_db()
    return channel


@dataclass
class Account:
    """A channel on a network, and that network's server behind a proxy."""

    place: Place
    channel: Channel
    chief: User

    def approved(self, part: Part) -> Post:
        post = make_post(channel=self.channel, parts=(part,))
        assert post.revision_id is not None
        post = review.approve(post.pk, self.chief, revision_id=post.revision_id)
        assert post.state == PostState.SCHEDULED
        return post


@pytest.fixture(params=registry.CALLED)
def connected(
    request: pytest.FixtureRequest,
    transactional_db: None,
    administrator: User,  # noqa: F811  # as above
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Account]:
    """An account on each network in turn, connected as a person connects it."""
    with open_place(request.param, request) as place:
        if place.desk:  # where the network fetches pictures
            monkeypatch.setattr(config.get(), "public_url", place.desk)
        made = channels.add(administrator, network=place.kind, credentials=place.given())
        place.proxy.reset()
        yield Account(place, made, administrator)


def desk_of(user: User) -> Client:
    """The person's browser."""
    client = Client()
    client.force_login(user)
    return client


def seen(post: Post, **more: Any) -> dict[str, Any]:
    """What a form of the desk sends about the post that is on the screen."""
    return {"revision": post.revision_id, **more}
