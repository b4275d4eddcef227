"""Mastodon after the call: settling an uncertain post by looking, and taking a post back."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from publisher import errors
from publisher.networks.base import Context
from publisher.types import Part, Receipt
from tests.networks.test_mastodon import KEY, NETWORK, PART, PICTURE, STATUSES, context
from tests.peers.faults import Fault, answer, drop
from tests.peers.mastodon import MastodonServer, mastodon_server
from tests.peers.mastodon_dialects import GOTOSOCIAL, TAKAHE, Dialect

__all__ = ["context", "mastodon_server"]

# --- uncertain, and settled -------------------------------------------------------------------


@pytest.mark.parametrize("dialect", [Dialect(), GOTOSOCIAL, TAKAHE], ids=["mastodon", "gotosocial", "takahe"])
@pytest.mark.parametrize("part", [PART, replace(PART, media=(PICTURE,))], ids=["text", "picture"])
def test_find_settles_a_lost_answer_without_a_second_post(
    mastodon_server: MastodonServer, context: Context, dialect: Dialect, part: Part
) -> None:
    mastodon_server.dialect = dialect
    mastodon_server.fail(drop(after_forwarding=True), path=STATUSES)
    with pytest.raises(errors.Uncertain):
        NETWORK.publish(part, context, KEY)

    receipt = NETWORK.find(part, context, KEY)

    [status] = mastodon_server.statuses
    assert receipt == Receipt(id=status["id"], url=status["url"], data={"id": status["id"]})
    [request] = mastodon_server.sent("GET", "/api/v1/accounts/.*/statuses")
    assert request.query == {"limit": "40", "exclude_reblogs": "1"}


def test_a_relative_makes_two_posts_of_one_key(mastodon_server: MastodonServer, context: Context) -> None:
    """Why `find` comes before a second try: the key alone does not help there."""
    mastodon_server.dialect = GOTOSOCIAL
    NETWORK.publish(PART, context, KEY)
    NETWORK.publish(PART, context, KEY)
    assert len(mastodon_server.statuses) == 2


def test_find_tells_that_nothing_went_out(mastodon_server: MastodonServer, context: Context) -> None:
    mastodon_server.add_status("Something else")
    assert NETWORK.find(PART, context, KEY) is None


def test_find_does_not_take_an_older_post_for_ours(mastodon_server: MastodonServer, context: Context) -> None:
    mastodon_server.add_status(PART.text, ago=600)
    assert NETWORK.find(PART, context, KEY) is None


def test_find_knows_a_post_of_a_server_whose_clock_is_late(mastodon_server: MastodonServer, context: Context) -> None:
    mastodon_server.offset = timedelta(minutes=-3)
    receipt = NETWORK.publish(PART, context, KEY)
    assert NETWORK.find(PART, context, KEY) == receipt


def test_find_tells_the_parts_of_a_thread_apart(mastodon_server: MastodonServer, context: Context) -> None:
    first = NETWORK.publish(PART, context, "k:0")
    thread = replace(context, thread=(first,))
    assert NETWORK.find(PART, thread, "k:1") is None

    second = NETWORK.publish(PART, thread, "k:1")

    assert NETWORK.find(PART, thread, "k:1") == second
    assert NETWORK.find(PART, context, "k:0") == first


def test_find_tells_a_post_with_pictures_from_one_without(mastodon_server: MastodonServer, context: Context) -> None:
    receipt = NETWORK.publish(PART, context, KEY)
    assert NETWORK.find(replace(PART, media=(PICTURE,)), context, KEY) is None
    assert NETWORK.find(PART, context, KEY) == receipt


def test_find_reads_on_until_it_comes_to_the_stamp(mastodon_server: MastodonServer, context: Context) -> None:
    mastodon_server.add_status("An old one", ago=3600)
    receipt = NETWORK.publish(PART, context, KEY)
    for number in range(100):
        mastodon_server.add_status(f"Later {number}")
    mastodon_server.requests.clear()

    assert NETWORK.find(PART, context, KEY) == receipt
    assert len(mastodon_server.sent("GET", "/api/v1/accounts/.*/statuses")) == 3


def test_find_that_cannot_read_far_enough_is_still_uncertain(mastodon_server: MastodonServer, context: Context) -> None:
    for number in range(401):
        mastodon_server.add_status(f"Later {number}")
    with pytest.raises(errors.Uncertain):
        NETWORK.find(PART, context, KEY)


def test_find_asks_for_the_source_where_the_page_reads_otherwise(
    mastodon_server: MastodonServer, context: Context
) -> None:
    """GoToSocial with markdown: quotes and stars become something else."""
    mastodon_server.add_status("Other words", html="<p>Other <em>words</em></p>")
    id_ = mastodon_server.add_status(PART.text, html="<blockquote>»We act.«</blockquote>")
    receipt = NETWORK.find(PART, context, KEY)
    assert receipt is not None
    assert receipt.id == id_


def test_find_passes_over_what_it_does_not_understand(mastodon_server: MastodonServer, context: Context) -> None:
    strange = {"id": 7, "created_at": "once", "content": 3, "media_attachments": 1, "in_reply_to_id": None}
    mastodon_server.fail(answer(200, json.dumps([strange] * 3)), path="/statuses", method="GET")
    assert NETWORK.find(PART, context, KEY) is None


@pytest.mark.parametrize("fault", [answer(404, '{"error": "?"}'), answer(200, "<html>"), answer(500)])
def test_find_without_sources_goes_by_the_page(mastodon_server: MastodonServer, context: Context, fault: Fault) -> None:
    mastodon_server.add_status("Other words")
    mastodon_server.fail(fault, path="/source", method="GET")
    assert NETWORK.find(PART, context, KEY) is None


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (drop(after_forwarding=False), errors.Retry),
        (answer(500), errors.Retry),
        (answer(200, "<html>"), errors.Retry),
        (answer(200, "{}"), errors.Retry),
        (answer(200, '["a", {}]'), errors.Retry),
        (answer(200, "[" * 100_000), errors.Retry),
        (answer(401, '{"error": "The access token is invalid"}'), errors.AccountBlocked),
        (answer(429, '{"error": "Throttled"}'), errors.RateLimited),
    ],
)
def test_find_that_fails_does_not_say_absent(
    mastodon_server: MastodonServer, context: Context, fault: Fault, error: type[Exception]
) -> None:
    mastodon_server.fail(fault, path="/statuses", method="GET")
    with pytest.raises(errors.NetworkError) as raised:
        NETWORK.find(PART, context, KEY)
    assert type(raised.value) is error


# --- taking back ------------------------------------------------------------------------------


def test_delete_takes_the_post_off(mastodon_server: MastodonServer, context: Context) -> None:
    receipt = NETWORK.publish(PART, context, KEY)
    NETWORK.delete(receipt, context)
    assert mastodon_server.statuses == []


def test_delete_of_a_post_that_is_gone_is_no_error(mastodon_server: MastodonServer, context: Context) -> None:
    receipt = NETWORK.publish(PART, context, KEY)
    NETWORK.delete(receipt, context)
    NETWORK.delete(receipt, context)
    assert len(mastodon_server.sent("DELETE", f"{STATUSES}/{receipt.id}")) == 2


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (drop(after_forwarding=True), errors.Retry),
        (answer(500), errors.Retry),
        (answer(200, "<html>One moment</html>"), errors.Retry),
        (answer(404, "<html>Not found</html>"), errors.Retry),
        (answer(403, '{"error": "This action is outside the authorized scopes"}'), errors.AccountBlocked),
    ],
)
def test_delete_that_fails_says_so(
    mastodon_server: MastodonServer, context: Context, fault: Fault, error: type[Exception]
) -> None:
    mastodon_server.fail(fault, method="DELETE")
    with pytest.raises(errors.NetworkError) as raised:
        NETWORK.delete(Receipt(id="1", url=""), context)
    assert type(raised.value) is error
