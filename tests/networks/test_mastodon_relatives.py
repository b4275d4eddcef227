"""Servers that speak Mastodon's API and are not Mastodon: each as its own code has it (see `Dialect`)."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from publisher import errors
from publisher.enums import Requires
from publisher.networks.base import Context
from publisher.types import Part, Receipt
from tests.networks.test_limits import draft
from tests.networks.test_mastodon import KEY, NETWORK, PICTURE, STATUSES, context, credentials, unused
from tests.peers.faults import answer, drop
from tests.peers.mastodon import MastodonServer, mastodon_server
from tests.peers.mastodon_dialects import AKKOMA, FRIENDICA, GOTOSOCIAL, OLD, PIXELFED, TAKAHE, Dialect

__all__ = ["context", "mastodon_server"]

RELATIVES = {
    "akkoma": AKKOMA,
    "friendica": FRIENDICA,
    "gotosocial": GOTOSOCIAL,
    "old": OLD,
    "pixelfed": PIXELFED,
    "takahe": TAKAHE,
}
PART = Part(text="We act. #EU https://example.org/a", media=(PICTURE,))


@pytest.fixture(params=RELATIVES.values(), ids=RELATIVES)
def relative(request: pytest.FixtureRequest, mastodon_server: MastodonServer) -> MastodonServer:
    mastodon_server.dialect = request.param
    return mastodon_server


@pytest.fixture
def pixelfed(mastodon_server: MastodonServer) -> MastodonServer:
    mastodon_server.dialect = PIXELFED
    return mastodon_server


def test_post_goes_out_described_and_is_found_again(relative: MastodonServer, context: Context) -> None:
    identity = NETWORK.verify(credentials(relative), unused)
    context = replace(context, limits=NETWORK.limits.adjusted(identity.limits))
    receipt = NETWORK.publish(PART, context, KEY)
    assert [status["text"] for status in relative.statuses] == [PART.text]
    [medium] = relative.media.values()
    assert medium.description == PICTURE.alt
    assert NETWORK.find(PART, context, KEY) == receipt
    assert identity.data == {"software": relative.dialect.software}


def test_lost_answer_is_settled_by_looking_and_never_by_sending_again(
    relative: MastodonServer, context: Context
) -> None:
    relative.fail(drop(after_forwarding=True), path=STATUSES)
    with pytest.raises(errors.Uncertain):
        NETWORK.publish(PART, context, KEY)
    assert NETWORK.find(PART, context, KEY) is not None
    assert len(relative.statuses) == 1


def test_text_that_a_relative_reads_as_markup_is_found_again(relative: MastodonServer, context: Context) -> None:
    part = replace(PART, text="**New:** 2 * 3 rules_for_all\n\n- *one*\n- two\n\n1. https://example.org/a_b_c")
    context = replace(context, account=NETWORK.verify(credentials(relative), unused))
    relative.fail(drop(after_forwarding=True), path=STATUSES)
    with pytest.raises(errors.Uncertain):
        NETWORK.publish(part, context, KEY)
    assert NETWORK.find(part, context, KEY) is not None
    assert NETWORK.find(replace(part, text=part.text + " Really."), context, KEY) is None


def test_fault_of_a_relative_with_status_500_is_settled_by_looking(
    mastodon_server: MastodonServer, context: Context
) -> None:
    """GoToSocial says so of a reply to what is not there."""
    mastodon_server.dialect = GOTOSOCIAL
    context = replace(context, thread=(Receipt(id="01GONE", url=""),))
    with pytest.raises(errors.Uncertain):
        NETWORK.publish(PART, context, KEY)
    assert NETWORK.find(PART, context, KEY) is None


def test_length_is_counted_as_the_relative_counts(relative: MastodonServer, context: Context) -> None:
    limits = NETWORK.limits.adjusted(NETWORK.verify(credentials(relative), unused).limits)
    context = replace(context, limits=limits)
    link, taken = " https://example.org/" + "y" * 100, []
    for text in (
        "@press@example.org " + "👨‍👩‍👧‍👦" * 20 + "x" * (limits.text - 200) + link,
        "x" * (limits.text - len(link)) + link,
    ):
        part = replace(PART, text=text)
        fits = not [issue for issue in NETWORK.check(draft(NETWORK, part), limits) if issue.field == "text"]
        try:
            NETWORK.publish(part, context, f"{KEY}{len(taken)}")
        except errors.Refused:
            assert not fits
        else:
            assert fits
        taken.append(fits)
    assert taken == [not relative.dialect.counts_whole, True]


@pytest.mark.parametrize("dialect", [PIXELFED, FRIENDICA], ids=["pixelfed", "friendica"])
def test_edit_that_the_server_does_not_have_is_refused(
    mastodon_server: MastodonServer, context: Context, dialect: Dialect
) -> None:
    mastodon_server.dialect = dialect
    receipt = NETWORK.publish(PART, context, KEY)
    assert isinstance(receipt, Receipt)
    with pytest.raises(errors.Refused) as raised:
        NETWORK.edit(receipt, replace(PART, text="Other words"), context, KEY)
    assert raised.value.key == "mastodon.no_edits"


def test_description_that_no_server_keeps_lets_nothing_out(mastodon_server: MastodonServer, context: Context) -> None:
    mastodon_server.dialect = FRIENDICA
    mastodon_server.fail(answer(200, '{"id": "1", "description": null}'), method="PUT")
    with pytest.raises(errors.Refused) as raised:
        NETWORK.publish(PART, context, KEY)
    assert (raised.value.key, mastodon_server.statuses) == ("mastodon.description_lost", [])


def test_pixelfed_takes_no_post_without_a_picture(pixelfed: MastodonServer) -> None:
    limits = NETWORK.limits.adjusted(NETWORK.verify(credentials(pixelfed), unused).limits)
    assert limits.requires is Requires.PICTURE
    found = NETWORK.check(draft(NETWORK, Part(text="Words alone")), limits)
    assert [(issue.field, issue.key) for issue in found] == [("media", "check.needs_picture")]


@pytest.mark.parametrize(
    ("before", "expected"),
    [(lambda network, context: network.publish(PART, context, KEY), Receipt), (None, errors.Retry)],
    ids=["out", "not out"],
)
def test_key_that_pixelfed_has_seen_is_looked_up(
    pixelfed: MastodonServer, context: Context, before: Callable[..., Receipt] | None, expected: type
) -> None:
    if before:
        before(NETWORK, context)
    else:  # a try that came to nothing after the key was noted
        pixelfed.keys[KEY] = (pixelfed.now(), "")
    outcome: object
    try:
        outcome = NETWORK.publish(PART, context, KEY)
    except errors.Retry as error:
        outcome = error
    assert isinstance(outcome, expected)
    assert len(pixelfed.statuses) == (1 if before else 0)


def test_fault_that_pixelfed_names_with_status_500_is_a_refusal(pixelfed: MastodonServer, context: Context) -> None:
    told = '{"message": "The status is too long.", "errors": {"status": ["The status is too long."]}}'
    pixelfed.fail(answer(500, told), path=STATUSES)
    with pytest.raises(errors.Refused) as raised:
        NETWORK.publish(PART, context, KEY)
    assert raised.value.params["why"] == "The status is too long."
    assert {request.headers["accept"] for request in pixelfed.requests} == {"application/json"}
