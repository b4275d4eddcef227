"""Networks of two steps: the post is prepared there first, and what may stop it may do so until the second."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from publisher.enums import HoldScope, Outcome, PostState, Role
from publisher.models import Hold, Post, User
from publisher.networks import registry, x_media
from publisher.newsroom import channels
from publisher.newsroom.approval import review
from publisher.newsroom.drafts import media
from publisher.newsroom.record import provenance
from publisher.newsroom.sending import attempts, claiming, delivery, holds, lookups, workers
from publisher.types import Media, Part
from tests.factories import make_post, make_user
from tests.networks.places import open_place, small_video
from tests.networks.places.mastodon import MastodonPlace
from tests.networks.places.threads import ThreadsPlace
from tests.networks.places.youtube import YouTubePlace
from tests.newsroom.acts import dressed, lift, outcomes
from tests.peers.faults import Seen, answer, drop
from tests.peers.mastodon_dialects import AKKOMA

pytestmark = pytest.mark.django_db(transaction=True)
TEXT = "Europe stands by its word."
S = PostState


@pytest.fixture
def place(request: pytest.FixtureRequest) -> Iterator[ThreadsPlace]:
    with open_place("threads", request) as opened:
        assert isinstance(opened, ThreadsPlace)
        yield opened


@pytest.fixture
def chief() -> User:
    return make_user(Role.ADMINISTRATOR)


@pytest.fixture
def post(place: ThreadsPlace, chief: User) -> Post:
    """Prepared on Threads, not published."""
    channel = channels.add(chief, network="threads", credentials={**place.fields(), "base_url": place.proxy.url})
    made = make_post(channel=channel, parts=(Part(text=TEXT),))
    assert made.revision_id is not None
    review.approve(made.pk, chief, revision_id=made.revision_id)
    delivery.deliver(made.pk)
    assert state(made) == S.PROCESSING
    return made


def state(post: Post) -> str:
    return Post.objects.get(pk=post.pk).state


def look(post: Post) -> Post:
    Post.objects.filter(pk=post.pk).update(not_before=None, claimed_until=timezone.now() - timedelta(seconds=1))
    lookups.resume(post.pk)
    return Post.objects.get(pk=post.pk)


def stop(chief: User) -> Hold:
    return holds.set(chief, scope=HoldScope.EVERYTHING, reason="Mourning")


def test_prepared_post_is_published_once(post: Post, place: ThreadsPlace) -> None:
    assert look(post).state == S.PUBLISHED
    assert [one.text for one in place.standing()] == [TEXT]
    assert outcomes(post) == [Outcome.PUBLISHED]


def test_hold_that_is_set_meanwhile_stops_the_last_step(post: Post, place: ThreadsPlace, chief: User) -> None:
    stop(chief)
    held = look(post)
    assert (held.state, held.reason.split(":")[0]) == (S.PROCESSING, look(post).reason.split(":")[0])
    assert (place.posted(), place.standing()) == ([], [])


def test_post_that_is_held_waits_like_any_other_and_is_prepared_anew(
    post: Post, place: ThreadsPlace, chief: User
) -> None:
    """So that it is not forgotten there: late, expired or changed, it comes back to the people."""
    hold = stop(chief)
    assert [look(post).state for _ in range(2)] == [S.PROCESSING, S.SCHEDULED]
    assert outcomes(post) == [Outcome.RETRY]
    lift(hold, chief)
    delivery.deliver(post.pk)
    assert look(post).state == S.PUBLISHED
    assert (len(place.server.containers), len(place.posted()), len(place.standing())) == (2, 1, 1)


def test_post_that_is_out_is_found_whatever_is_held(post: Post, place: ThreadsPlace, chief: User) -> None:
    """The worker that published it was killed before it could say so."""
    [container] = place.server.containers
    place.server._publish({"creation_id": container})
    stop(chief)
    assert look(post).state == S.PUBLISHED
    assert len(place.standing()) == 1


def test_hold_that_is_seen_first_leaves_a_killed_worker_time_to_have_published(
    post: Post, place: ThreadsPlace, chief: User
) -> None:
    stop(chief)
    assert look(post).state == S.PROCESSING
    [container] = place.server.containers
    place.server._publish({"creation_id": container})
    assert look(post).state == S.PUBLISHED


def test_look_that_another_worker_took_over_publishes_nothing(
    post: Post, place: ThreadsPlace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def meanwhile(_seen: object) -> None:
        Post.objects.filter(pk=post.pk).update(claimed_by="another")
        connection.close()  # the proxy's thread has one of its own

    place.proxy.noticed = meanwhile
    assert look(post).state == S.PROCESSING
    assert place.posted() == []


def test_killed_look_is_taken_over_when_the_network_has_had_time_to_list_a_post(post: Post) -> None:
    """It may have asked for the last step just now."""
    workers.bury("killed")
    Post.objects.filter(pk=post.pk).update(claimed_by="killed", claimed_until=timezone.now() + claiming.LEASE)
    now = timezone.now()
    lookups.lose_dead_claims()
    freed = Post.objects.get(pk=post.pk)
    assert (freed.state, freed.claimed_by) == (S.PROCESSING, "")
    assert freed.claimed_until is not None
    assert round((freed.claimed_until - now).total_seconds()) == registry.get_limits("threads").lookup_delay > 0


def test_answer_that_is_lost_is_settled_by_the_container(post: Post, place: ThreadsPlace) -> None:
    place.proxy.fail(drop(after_forwarding=True), path=place.posting, method="POST")
    assert look(post).state == S.UNCERTAIN
    Post.objects.filter(pk=post.pk).update(claimed_until=None)
    lookups.settle(post.pk)
    assert state(post) == S.PUBLISHED
    [container] = place.server.containers
    assert place.server.calls().count(f"GET /v1.0/{container}") == 2
    assert len(place.standing()) == 1


def test_same_words_elsewhere_do_not_make_an_unpublished_container_published(post: Post, place: ThreadsPlace) -> None:
    place.server.add(TEXT)
    place.proxy.fail(drop(after_forwarding=False), path=place.posting, method="POST")
    assert look(post).state == S.UNCERTAIN
    Post.objects.filter(pk=post.pk).update(claimed_until=None)
    lookups.settle(post.pk)
    assert (state(post), outcomes(post)) == (S.SCHEDULED, [Outcome.ABSENT])


def test_container_that_expired_is_made_anew(post: Post, place: ThreadsPlace) -> None:
    next(iter(place.server.containers.values())).status = "EXPIRED"
    waits = look(post)
    assert (waits.state, waits.tries, outcomes(post)) == (S.SCHEDULED, 1, [Outcome.RETRY])
    assert waits.reason == (
        "Threads did not finish preparing the post. Nothing was published; it will be prepared anew."
    )
    Post.objects.filter(pk=post.pk).update(not_before=None)
    delivery.deliver(post.pk)
    assert look(post).state == S.PUBLISHED


def test_refusal_of_the_last_step_fails_the_post(post: Post, place: ThreadsPlace) -> None:
    place.proxy.fail(answer(*place.refusal), path=place.posting, method="POST")
    assert look(post).state == S.FAILED
    assert outcomes(post) == [Outcome.REFUSED]


def test_how_far_the_network_has_come_is_kept_with_each_look(request: pytest.FixtureRequest, chief: User) -> None:
    """YouTube: first there is an upload, then a video; the upload may be forgotten there once the video is known."""
    with open_place("youtube", request) as place:
        assert isinstance(place, YouTubePlace)
        channel = channels.add(chief, network="youtube", credentials=place.given())
        made = make_post(channel=channel, parts=(dressed(place, Part(text=TEXT)),))
        assert made.revision_id is not None
        review.approve(made.pk, chief, revision_id=made.revision_id)
        delivery.deliver(made.pk)
        look(made)
        (video,) = place.server.videos
        (attempt,) = made.attempts.all()
        assert attempts.pending(attempt)["video"] == video.id
        assert "session" not in attempts.pending(attempt)
        assert provenance.of(made.pk)["attempts"][0]["receipt"] == {}
        place.server.sessions.clear()
        look(made)
        assert (look(made).state, place.server.seen()) == (S.PROCESSING, [video])  # not locked again, as far as we know
        assert look(made).state == S.PUBLISHED
        assert (len(place.server.videos), place.server.seen()) == (1, [video])


@pytest.mark.parametrize("dies", [False, True], ids=["once", "killed after posting"])
def test_post_whose_video_a_server_prepares_is_out_once(
    request: pytest.FixtureRequest, chief: User, monkeypatch: pytest.MonkeyPatch, dies: bool
) -> None:
    """No server but Mastodon's own honours a key, so what a killed worker posted is looked for before anything is."""
    with open_place("mastodon", request) as place:
        assert isinstance(place, MastodonPlace)
        place.server.dialect, place.server.processing = AKKOMA, 1000
        channel = channels.add(chief, network="mastodon", credentials={**place.fields(), "base_url": place.proxy.url})
        video = Media(sha256=media.store(small_video()), alt="Bells ring", type="video/mp4")
        made = make_post(channel=channel, parts=(Part(text=TEXT, media=(video,)),))
        assert made.revision_id is not None
        review.approve(made.pk, chief, revision_id=made.revision_id)
        monkeypatch.setattr(registry.get("mastodon"), "_wait", lambda _: None)
        delivery.deliver(made.pk)
        assert (state(made), place.standing()) == (S.PROCESSING, [])
        [medium] = place.server.media.values()
        medium.looks = 0
        if dies:
            place.server._commit(TEXT, {}, [medium])
        assert look(made).state == S.PUBLISHED
        assert [one.text for one in place.standing()] == [TEXT]
        assert len(place.server.media) == 1


def test_upload_in_pieces_keeps_its_claim(
    request: pytest.FixtureRequest, chief: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However long it takes: no other worker takes the post over while this one is at it."""
    monkeypatch.setattr(x_media, "SEGMENT", 1000)
    left: list[bool] = []

    def meanwhile(seen: Seen) -> None:
        if seen.path.endswith("/append"):
            left.append(Post.objects.filter(claimed_until__gt=timezone.now()).exists())
            Post.objects.update(claimed_until=timezone.now())
            connection.close()  # the proxy's thread has one of its own

    with open_place("x", request) as place:
        channel = channels.add(chief, network="x", credentials={**place.fields(), "base_url": place.proxy.url})
        video = Media(sha256=media.store(small_video()), alt="Bells ring", type="video/mp4")
        made = make_post(channel=channel, parts=(Part(text=TEXT, media=(video,)),))
        assert made.revision_id is not None
        review.approve(made.pk, chief, revision_id=made.revision_id)
        place.proxy.noticed = meanwhile
        delivery.deliver(made.pk)
    assert (state(made), left) == (S.PUBLISHED, [True, True, True])
