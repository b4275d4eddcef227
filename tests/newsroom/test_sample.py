"""The sample newsroom and the set-up from settings, over real HTTP."""

import json
from typing import Any

import pytest

from publisher.config import Config
from publisher.enums import PostState
from publisher.models import Channel, Document, Event, Post, Rule, SandboxAccount, SandboxPost, Source, User
from publisher.newsroom import channels, sample, sealing, setup
from publisher.newsroom.feeds import watching
from publisher.newsroom.sending import claiming, delivery


@pytest.fixture
def opened(transactional_db: None, live_server: Any) -> str:
    setup.prepare(Config(), live_server.url)
    watching.poll_due()
    for post_id in claiming.due():
        delivery.deliver(post_id)
    return str(live_server.url)


def test_press_releases_go_out_by_themselves_and_the_rest_waits(opened: str) -> None:
    states = set(Post.objects.values_list("document__kind", "state"))
    assert {state for kind, state in states if kind == "press_release"} == {PostState.PUBLISHED}
    assert {state for kind, state in states if kind != "press_release"} == {PostState.REVIEW}
    assert {"speech", "statement", "remarks"} <= {kind for kind, _ in states}


@pytest.mark.any_database  # what is looked at is what the drafts say
def test_every_draft_of_the_sample_is_without_fault_in_a_language_of_its_channel_with_a_described_picture(
    opened: str,
) -> None:
    from publisher.newsroom.drafts import previews

    posts = Post.objects.select_related("channel", "revision", "document")
    assert {post.pk: [issue.message for issue in found] for post in posts if (found := previews.check(post))} == {}
    spoken = set(Post.objects.values_list("channel__language", "document__language"))
    assert spoken == {("en", "en"), ("fr", "fr")}
    cards = [post.revision.content[0].card for post in posts if post.revision]
    pictures = [card.image for card in cards if card and card.image]
    assert len(pictures) > 10
    assert all(picture.sha256 and picture.alt for picture in pictures)


def test_second_start_keeps_everything(opened: str) -> None:
    before = list(Post.objects.order_by("pk").values_list("pk", "state", "revision_id"))
    setup.prepare(Config(), opened)
    assert list(Post.objects.order_by("pk").values_list("pk", "state", "revision_id")) == before
    assert (Source.objects.count(), Channel.objects.count(), Rule.objects.count()) == (5, 3, 2)


def test_sample_follows_the_service_to_another_port(opened: str) -> None:
    setup.prepare(Config(), "http://127.0.0.1:9999")
    assert {source.url[:22] for source in Source.objects.all()} == {"http://127.0.0.1:9999/"}
    addresses = {sealing.unseal(channel.credentials)["base_url"] for channel in Channel.objects.all()}
    assert addresses == {"http://127.0.0.1:9999"}


def test_removed_sample_is_gone_and_stays_away(opened: str, administrator: User) -> None:
    sample.remove(administrator)
    setup.prepare(Config(), opened)
    rows = (Source, Channel, Document, Post, SandboxAccount, SandboxPost)
    assert [model.objects.count() for model in rows] == [0] * len(rows)
    assert [rule.name for rule in Rule.objects.all()] == ["Everything waits for review"]
    assert Event.objects.filter(subject="sample").values_list("verb", flat=True).last() == "remove"


def test_without_sample_nothing_is_opened(transactional_db: None, live_server: Any) -> None:
    setup.prepare(Config(sample=False), live_server.url)
    assert (sample.present(), Source.objects.count()) == (False, 0)


def test_starting_without_sample_removes_it(opened: str) -> None:
    setup.prepare(Config(sample=False), opened)
    assert not sample.present()


def test_settings_alone_set_up_sources_and_channels(
    transactional_db: None, live_server: Any, account: SandboxAccount
) -> None:
    credentials = {"base_url": live_server.url, "account": account.handle, "token": account.token}  # type: ignore[attr-defined]
    described = Config(
        sample=False,
        sources=f"{live_server.url}/sample/commission.xml {live_server.url}/sample/council.xml",
        channels=json.dumps([{"network": "sandbox", "name": "Press", "credentials": credentials}]),
    )
    for _ in range(2):
        assert setup.from_settings(described) == []
    assert (Source.objects.count(), Channel.objects.get().name) == (2, "Press")


def test_setting_that_does_not_work_is_told_and_the_rest_goes_on(transactional_db: None, live_server: Any) -> None:
    described = Config(sample=False, sources=f"http://127.0.0.1:9/nothing {live_server.url}/sample/council.xml")
    (problem,) = setup.from_settings(described)
    assert problem.startswith("http://127.0.0.1:9/nothing: ")
    assert Source.objects.count() == 1


def test_source_that_a_person_removed_does_not_come_back(
    transactional_db: None, live_server: Any, administrator: User
) -> None:
    from publisher.newsroom.feeds import sources

    described = Config(sample=False, sources=f"{live_server.url}/sample/council.xml")
    setup.from_settings(described)
    sources.remove(Source.objects.get().pk, administrator)
    setup.from_settings(described)
    assert Source.objects.count() == 0


def described_channel(live_server: Any, account: SandboxAccount, **more: str) -> Config:
    credentials = {"base_url": live_server.url, "account": account.handle, "token": account.token, **more}  # type: ignore[attr-defined]
    return Config(sample=False, channels=json.dumps([{"network": "sandbox", "credentials": credentials}]))


def test_two_accounts_that_share_an_address_are_both_connected(
    transactional_db: None, live_server: Any, account: SandboxAccount
) -> None:
    other, token = SandboxAccount.objects.open("council", "The Council")
    setup.from_settings(described_channel(live_server, account))
    other.token = token  # type: ignore[attr-defined]  # as the fixture does
    assert setup.from_settings(described_channel(live_server, other)) == []
    assert Channel.objects.count() == 2


def test_other_credentials_for_the_same_account_reconnect_it(
    transactional_db: None, live_server: Any, account: SandboxAccount
) -> None:
    setup.from_settings(described_channel(live_server, account))
    assert setup.from_settings(described_channel(live_server, account, base_url=f"{live_server.url}/")) == []
    assert sealing.unseal(Channel.objects.get().credentials)["base_url"] == f"{live_server.url}/"


def test_channel_that_a_person_removed_does_not_come_back(
    transactional_db: None, live_server: Any, account: SandboxAccount, administrator: User
) -> None:
    setup.from_settings(described_channel(live_server, account))
    channels.remove(Channel.objects.get().pk, administrator)
    setup.from_settings(described_channel(live_server, account))
    assert Channel.objects.count() == 0


def test_configured_newsroom_gets_no_sample(transactional_db: None, live_server: Any) -> None:
    setup.prepare(Config(sources=f"{live_server.url}/sample/council.xml"), live_server.url)
    assert not sample.present()
