"""Two workers and the last place: only one of them takes it."""

from decimal import Decimal

import pytest
from django.db import connection

from publisher.enums import Outcome, PostState, Role
from publisher.models import Attempt, Channel, Post
from publisher.newsroom.approval import review
from publisher.newsroom.sending import claiming, when
from tests.factories import make_channel, make_post, make_user
from tests.newsroom.test_two_workers import at_once

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        connection.vendor == "sqlite", reason="SQLite in memory, as in tests, lets threads fail instead of wait"
    ),
]
ROUNDS = 3


def approved(channel: Channel, count: int = 2) -> list[int]:
    user = make_user(Role.APPROVER)
    posts = [make_post(channel=channel) for _ in range(count)]
    return [review.approve(post.pk, user, revision_id=post.revision_id or 0).pk for post in posts]


@pytest.mark.parametrize(
    ("network", "pace"),
    [("sandbox", {"spacing": 15}), ("sandbox", {"daily_cap": 1}), ("x", {"spend_cap": Decimal("0.30")})],
    ids=["spacing", "number of the day", "money of the month"],
)
def test_two_workers_do_not_both_take_the_last_place(network: str, pace: dict[str, object]) -> None:
    for _ in range(ROUNDS):
        one, other = approved(make_channel(network, **pace))
        claims = at_once(lambda: claiming.claim(one), lambda: claiming.claim(other))  # noqa: B023  # called in this round
        assert sum(claim is not None for claim in claims) == 1
        states = Post.objects.filter(pk__in=[one, other]).values_list("state", flat=True)
        assert sorted(states) == [PostState.SCHEDULED, PostState.SENDING]
        Attempt.objects.filter(post__in=[one, other], outcome="").update(
            outcome=Outcome.UNCERTAIN, ended_at="2026-01-01T00:00Z"
        )


def test_two_people_do_not_get_the_same_best_hour() -> None:
    for _ in range(ROUNDS):
        channel = make_channel(slots=dict.fromkeys(when.WEEKDAYS, ("09:00", "14:00")))
        user = make_user(Role.APPROVER)
        one, other = (make_post(channel=channel) for _ in range(2))

        def take(post: Post) -> object:
            return review.approve(post.pk, user, revision_id=post.revision_id or 0, slot=True).due_at  # noqa: B023  # called in this round

        assert len(set(at_once(lambda: take(one), lambda: take(other)))) == 2  # noqa: B023  # called in this round
