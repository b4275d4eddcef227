"""Channels: sealed credentials, connecting, reconnecting, health."""

from typing import Any

import pytest
from django.db import connection

from publisher.enums import ChannelHealth, ThreadStyle
from publisher.errors import AccountBlocked, InvalidInput, NotAllowed
from publisher.models import Channel, Event, SandboxAccount, User
from publisher.models.sandbox import SandboxFailure
from publisher.networks import registry
from publisher.newsroom import channels, sealing
from publisher.newsroom.channels import KnownAccount
from publisher.newsroom.connect import credentials
from tests.peers.faults import FaultProxy
from tests.peers.lemmy import LemmyServer


def test_credentials_are_sealed_in_the_row(channel: Channel, account: SandboxAccount) -> None:
    assert account.token not in str(Channel.objects.values().get())  # type: ignore[attr-defined]
    assert sealing.unseal(channel.credentials)["token"] == account.token  # type: ignore[attr-defined]


def test_wrong_credentials_are_not_kept(transactional_db: None, live_server, account, administrator: User) -> None:  # type: ignore[no-untyped-def]
    given = {"base_url": live_server.url, "account": account.handle, "token": "wrong"}
    with pytest.raises(AccountBlocked) as caught:
        channels.add(administrator, network="sandbox", credentials=given)
    assert "wrong" not in str(caught.value)
    assert not Channel.objects.exists()


def test_missing_field_is_named(administrator: User) -> None:
    with pytest.raises(InvalidInput) as caught:
        channels.add(administrator, network="bluesky", credentials={"identifier": "press.example.org"})
    assert caught.value.sentence == "App password is missing. Fill it in."


def test_unknown_network_is_named(administrator: User) -> None:
    with pytest.raises(InvalidInput) as caught:
        channels.add(administrator, network="myspace", credentials={})
    assert caught.value.sentence == f"There is no network myspace. We have: {', '.join(registry.KINDS)}."


def test_same_account_is_not_connected_twice(channel: Channel, account, live_server, administrator: User) -> None:  # type: ignore[no-untyped-def]
    given = {"base_url": live_server.url, "account": account.handle, "token": account.token}
    with pytest.raises(InvalidInput):
        channels.add(administrator, network="sandbox", credentials=given)


def test_second_click_at_the_same_moment_makes_no_second_channel(
    channel: Channel, account: Any, live_server: Any, administrator: User
) -> None:
    channel.delete()
    given = {"base_url": live_server.url, "account": account.handle, "token": account.token}
    first = [True]

    def click(execute: Any, sql: str, *rest: Any) -> Any:
        """When one has looked for others and found none, the other is connected."""
        found = execute(sql, *rest)
        if first and "publisher_channel" in sql and sql.startswith("SELECT"):
            first.clear()
            channels.add(administrator, network="sandbox", credentials=given)
        return found

    with connection.execute_wrapper(click), pytest.raises(KnownAccount):
        channels.add(administrator, network="sandbox", credentials=given)
    assert Channel.objects.count() == 1


def test_editor_may_not_connect(approver: User) -> None:
    with pytest.raises(NotAllowed):
        channels.add(approver, network="sandbox", credentials={})


def test_blank_field_keeps_the_old_value_when_reconnecting(channel: Channel, account, administrator: User) -> None:  # type: ignore[no-untyped-def]
    channels.reconnect(channel.pk, administrator, {"token": ""})
    assert sealing.unseal(Channel.objects.get().credentials)["token"] == account.token


def test_stored_secret_is_not_given_to_another_server(channel: Channel, administrator: User) -> None:
    with FaultProxy() as theirs:
        with pytest.raises(InvalidInput) as caught:
            channels.reconnect(channel.pk, administrator, {"base_url": theirs.url, "token": ""})
        assert (caught.value.key, theirs.seen) == ("channel.missing_field", [])


def test_channel_never_moves_to_another_place_of_the_same_account(administrator: User) -> None:
    with LemmyServer() as lemmy:
        given = {"base_url": lemmy.url, "username": lemmy.username, "password": lemmy.password, "community": "press"}
        channel = channels.add(administrator, network="lemmy", credentials=given)
        with pytest.raises(InvalidInput) as caught:
            channels.reconnect(channel.pk, administrator, {"community": "cycling"})
        assert caught.value.params == {"handle": "pressoffice in cycling", "expected": "pressoffice in press"}
        channels.add(administrator, network="lemmy", credentials={**given, "community": "cycling"})
        lemmy.communities["press"] = 99  # the name was given to another community since
        checked = channels.check(channel.pk)
    assert (checked.health, checked.account["data"]["community"]) == (ChannelHealth.BLOCKED, "12")


def test_check_tells_what_is_wrong_and_reconnecting_mends_it(channel: Channel, account, administrator: User) -> None:  # type: ignore[no-untyped-def]
    SandboxAccount.objects.set_failure(account.handle, SandboxFailure.BAD_TOKEN)
    broken = channels.check(channel.pk)
    assert (broken.health, broken.problem[-1]) == (ChannelHealth.BLOCKED, ".")
    SandboxAccount.objects.set_failure(account.handle, SandboxFailure.NONE)
    mended = channels.reconnect(channel.pk, administrator, {})
    assert (mended.health, mended.problem) == (ChannelHealth.OK, "")


def test_rotated_token_is_saved_and_a_blank_one_is_not(channel: Channel) -> None:
    save = credentials.saver(channel.pk)
    save({"token": "new"})
    save({"token": ""})
    assert sealing.unseal(Channel.objects.get().credentials)["token"] == "new"


def test_what_a_network_says_of_the_account_counts_at_once_and_is_told_once(channel: Channel) -> None:
    learn = channels.learner(channel.pk)
    learn({"no_threads": 1})
    learn({"no_threads": 1})
    now = Channel.objects.get()
    assert channels.limits(now).thread is ThreadStyle.NONE
    assert now.account["limits"] == {**channel.account["limits"], "no_threads": 1}
    assert Event.objects.filter(subject="channel", verb="learn").count() == 1


def test_channel_with_history_can_only_be_paused(channel: Channel, administrator: User, waiting, approver) -> None:  # type: ignore[no-untyped-def]
    from publisher.newsroom.approval import review
    from publisher.newsroom.sending import delivery

    post = waiting()
    review.approve(post.pk, approver, revision_id=post.revision_id)
    delivery.deliver(post.pk)
    with pytest.raises(InvalidInput):
        channels.remove(channel.pk, administrator)
    assert channels.pause(channel.pk, administrator).active is False


def test_channel_without_history_goes_with_its_drafts(channel: Channel, administrator: User, waiting) -> None:  # type: ignore[no-untyped-def]
    waiting()
    channels.remove(channel.pk, administrator)
    assert not Channel.objects.exists()
