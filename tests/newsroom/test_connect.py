"""Signing in at a network from the newsroom's side: whose sign-in it is, what becomes of it, and tokens that end."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from publisher import messages
from publisher.enums import ChannelHealth, PostState
from publisher.errors import AccountBlocked, InvalidInput, NetworkError, NotAllowed, Retry
from publisher.models import Channel, Event, Handshake, NetworkApp, User
from publisher.networks import registry
from publisher.newsroom import channels
from publisher.newsroom.approval import review
from publisher.newsroom.connect import apps, handshakes, renewing
from publisher.newsroom.connect.credentials import saver
from publisher.newsroom.sealing import unseal
from publisher.newsroom.sending import delivery
from publisher.types import Part
from tests.factories import make_document, make_post, make_user
from tests.peers.double import Double, Reply, Request
from tests.peers.graph import FacebookServer
from tests.peers.oauth import OF, OAuthServer, query_of
from tests.peers.tiktok import TikTokServer

pytestmark = pytest.mark.django_db

SESSION = "the session of a browser"
PAGE = {"id": FacebookServer.page, "name": "Press Office", "access_token": FacebookServer.token}
OTHER = {"id": "7", "name": "Sports club", "access_token": "token-of-the-sports-club"}


@contextmanager
def standing(kind: str, behind: Any = None, boss: User | None = None) -> Iterator[OAuthServer]:
    """The network's server, with our app there entered here."""
    with OAuthServer(OF[kind], apps.redirect(kind), apps.need(kind).scopes, behind) as server:
        if boss:
            apps.save(boss, kind, server.app)
        yield server


@pytest.fixture
def boss() -> User:
    return make_user("administrator")


@pytest.fixture
def facebook(boss: User) -> Iterator[OAuthServer]:
    with standing("facebook", FacebookServer(), boss) as server:
        server.pages = (PAGE, OTHER)
        yield server


@pytest.fixture
def x(boss: User) -> Iterator[OAuthServer]:
    me = {"data": {"id": "2244994945", "name": "Press Office", "username": "pressoffice"}}
    with standing("x", {"/2/users/me": me}, boss) as server:
        yield server


def sign_in(server: OAuthServer, kind: str, boss: User, channel_id: int | None = None) -> Handshake:
    begun = handshakes.begin(boss, kind, session=SESSION, channel_id=channel_id)
    return handshakes.finish(kind, query_of(server.agree(begun.address)), user=boss, session=SESSION)


def connect(server: OAuthServer, kind: str, boss: User) -> Channel:
    handshake = sign_in(server, kind, boss)
    chosen = handshakes.choices(handshake)[0].id
    return handshakes.connect(handshake.pk, chosen, user=boss, session=SESSION)


def test_page_is_chosen_after_signing_in_and_connected(facebook: OAuthServer, boss: User) -> None:
    handshake = sign_in(facebook, "facebook", boss)
    assert [each.label for each in handshakes.choices(handshake)] == ["Press Office", "Sports club"]
    channel = handshakes.connect(handshake.pk, FacebookServer.page, user=boss, session=SESSION, language="EN")
    assert (channel.name, channel.language, channel.health) == ("Press Office", "en", "ok")
    assert unseal(channel.credentials)["page_token"] == FacebookServer.token
    assert not Handshake.objects.exists()
    assert list(Event.objects.values_list("subject", "verb")) == [("app", "set"), ("channel", "connect")]
    kept = str([*NetworkApp.objects.values(), *Event.objects.values(), channel.credentials])
    assert (facebook.client_secret in kept, FacebookServer.token in kept) == (False, False)


@pytest.mark.parametrize("wrong", ["state", "session", "person", "network", "late", "used", "unanswered"])
def test_answer_that_is_not_of_this_sign_in_asks_nothing_and_changes_nothing(
    facebook: OAuthServer, boss: User, wrong: str
) -> None:
    begun = handshakes.begin(boss, "facebook", session=SESSION)
    answer = query_of(facebook.agree(begun.address))
    who, kind, session = boss, "facebook", SESSION
    match wrong:
        case "state":
            answer["state"] = "a state of somebody else"
        case "session":
            session = "another session"
        case "person":
            who = make_user("administrator")
        case "network":
            kind = "instagram"
        case "late":
            Handshake.objects.update(ends_at=timezone.now() - timedelta(seconds=1))
        case "used":
            handshakes.finish(kind, answer, user=boss, session=SESSION)
        case "unanswered":
            answer = {}
    rows, asked = list(Handshake.objects.values()), len(facebook.requests)
    with pytest.raises(InvalidInput) as caught:
        handshakes.finish(kind, answer, user=who, session=session)
    assert caught.value.key == "connect.lost"
    assert (list(Handshake.objects.values()), len(facebook.requests)) == (rows, asked)


def test_choice_is_for_the_session_that_signed_in(facebook: OAuthServer, boss: User) -> None:
    handshake = sign_in(facebook, "facebook", boss)
    for who, session in ((boss, "another"), (make_user("administrator"), SESSION)):
        with pytest.raises(InvalidInput, match="knows nothing of this sign-in"):
            handshakes.connect(handshake.pk, FacebookServer.page, user=who, session=session)
    assert not Channel.objects.exists()


def test_who_may_see_posts_on_tiktok_is_chosen_with_the_account_each_time(boss: User) -> None:
    with standing("tiktok", TikTokServer(), boss) as server:
        first = sign_in(server, "tiktok", boss)
        everyone, _, alone = (each.id for each in handshakes.choices(first))
        channel = handshakes.connect(first.pk, everyone, user=boss, session=SESSION)
        again = sign_in(server, "tiktok", boss, channel.pk)
        handshakes.connect(again.pk, alone, user=boss, session=SESSION)
    now = Channel.objects.get()
    assert (now.account["id"], unseal(now.credentials)["audience"]) == (TikTokServer.open_id, "only me")


@pytest.mark.parametrize("role", ["approver", "editor", "viewer"])
def test_only_administrators_connect(facebook: OAuthServer, role: str) -> None:
    with pytest.raises(NotAllowed):
        handshakes.begin(make_user(role), "facebook")
    with pytest.raises(NotAllowed):
        apps.save(make_user(role), "facebook", facebook.app)


def test_person_who_does_not_agree_is_told_that_nothing_was_connected(facebook: OAuthServer, boss: User) -> None:
    begun = handshakes.begin(boss, "facebook", session=SESSION)
    said = {"error": "access_denied", "state": query_of(begun.address)["state"]}
    with pytest.raises(InvalidInput) as caught:
        handshakes.finish("facebook", said, user=boss, session=SESSION)
    assert (caught.value.key, Handshake.objects.count()) == ("connect.cancelled", 0)


def test_network_without_our_app_says_who_enters_it(boss: User) -> None:
    with pytest.raises(InvalidInput) as caught:
        handshakes.begin(boss, "linkedin")
    assert caught.value.key == "connect.no_app"


def test_signing_in_again_keeps_the_channel_and_refuses_another_account(facebook: OAuthServer, boss: User) -> None:
    channel = connect(facebook, "facebook", boss)
    Channel.objects.update(health=ChannelHealth.BLOCKED)
    again = sign_in(facebook, "facebook", boss, channel.pk)
    assert [each.label for each in handshakes.choices(again)] == ["Press Office"]
    same = handshakes.connect(again.pk, FacebookServer.page, user=boss, session=SESSION)
    assert (same.pk, same.health, Channel.objects.count()) == (channel.pk, ChannelHealth.OK, 1)

    facebook.pages = (OTHER,)
    with pytest.raises(InvalidInput) as caught:
        sign_in(facebook, "facebook", boss, channel.pk)
    assert caught.value.key == "connect.other_account"
    assert (caught.value.params["expected"], caught.value.params["shown"]) == ("pressoffice", "Sports club")


def test_new_secret_of_the_app_goes_to_the_channels_it_connected(facebook: OAuthServer, boss: User) -> None:
    channel = connect(facebook, "facebook", boss)
    apps.save(boss, "facebook", {"client_id": facebook.client_id, "client_secret": "a new secret"})
    channel.refresh_from_db()
    assert unseal(channel.credentials)["app_secret"] == "a new secret"
    apps.save(boss, "instagram", {"client_id": facebook.client_id})  # the same app, its secret left blank
    found = apps.find("facebook")
    assert found is not None
    assert (found.secret, NetworkApp.objects.count()) == ("a new secret", 1)
    with pytest.raises(InvalidInput) as caught:  # nor is it told to another server
        apps.save(boss, "facebook", {"client_id": facebook.client_id, "base_url": "https://graph.example"})
    assert caught.value.key == "channel.missing_field"


def test_configuration_of_the_app_serves_facebook_and_instagram_until_it_is_taken_away(
    facebook: OAuthServer, boss: User
) -> None:
    facebook.config_id = "4711"
    apps.save(boss, "instagram", {"client_id": facebook.client_id, "config_id": "4711"})
    apps.save(boss, "facebook", {"client_id": facebook.client_id, "client_secret": facebook.client_secret})
    shown = [way.config_id for kind in ("facebook", "instagram", "threads") if (way := apps.way(kind))]
    assert shown == ["4711", "4711", None]
    assert connect(facebook, "facebook", boss).name == "Press Office"
    apps.save(boss, "facebook", {"client_id": facebook.client_id, "config_id": " "})
    assert "config_id" not in query_of(handshakes.begin(boss, "facebook", session=SESSION).address)


def test_configuration_that_is_no_number_or_of_another_network_is_refused(facebook: OAuthServer, boss: User) -> None:
    for kind, number in (("facebook", "my configuration"), ("linkedin", "4711")):
        with pytest.raises(InvalidInput) as caught:
            apps.save(boss, kind, {"client_id": "1", "client_secret": "2", "config_id": number})
        assert (caught.value.key, NetworkApp.objects.get().network) == ("channel.wrong_field", "facebook")


def test_server_of_mastodon_is_named_and_gets_its_app_once(boss: User) -> None:
    account = {"id": "9", "username": "press", "display_name": "Press Office", "url": "https://m.example/@press"}
    paths = ("accounts/verify_credentials", "apps/verify_credentials")
    with standing("mastodon", {f"/api/v1/{path}": account for path in paths}) as server:
        for _ in range(2):
            begun = handshakes.begin(boss, "mastodon", server=server.url + "/@press")
            answer = query_of(server.agree(begun.address))
            handshake = handshakes.finish("mastodon", answer, user=boss)
        channel = handshakes.connect(handshake.pk, "9", user=boss)
        assert (channel.name, NetworkApp.objects.get().server) == ("Press Office", server.url)
        assert server.calls().count("POST /api/v1/apps") == 1
    account |= {"url": "https://elsewhere.example/@press"}  # another server has an account of this number, too
    with standing("mastodon", {f"/api/v1/{path}": account for path in paths}) as server:
        begun = handshakes.begin(boss, "mastodon", server=server.url, channel_id=channel.pk)
        handshake = handshakes.finish("mastodon", query_of(server.agree(begun.address)), user=boss)
        with pytest.raises(InvalidInput) as caught:
            handshakes.connect(handshake.pk, "9", user=boss)
        assert caught.value.key == "channel.other_account"


# --- tokens that end


def soon(channel: Channel, seconds: float = 60) -> Channel:
    """Let its token end in so many seconds."""
    saver(channel.pk)({"oauth2_expires_at": (timezone.now() + timedelta(seconds=seconds)).isoformat()})
    channel.refresh_from_db()
    return channel


def stored(channel: Channel) -> dict[str, str]:
    return unseal(Channel.objects.get(pk=channel.pk).credentials)


def test_token_that_ends_soon_is_renewed_before_a_call_and_stored(x: OAuthServer, boss: User) -> None:
    channel = soon(connect(x, "x", boss))
    before = stored(channel)
    given = channels.context(channel, stamp=timezone.now()).credentials
    after = stored(channel)
    assert before["oauth2_refresh_token"] not in x.refresh_tokens
    assert after["oauth2_refresh_token"] in x.refresh_tokens
    assert datetime.fromisoformat(after["oauth2_expires_at"]) > timezone.now() + timedelta(hours=1)
    assert given == registry.get("x").credentials.model_validate(after)


@pytest.mark.skipif(
    connection.vendor == "sqlite", reason="SQLite in memory, as in tests, lets threads fail instead of wait"
)
@pytest.mark.django_db(transaction=True)
def test_of_many_that_need_it_one_renews_and_all_have_the_new_token(x: OAuthServer, boss: User) -> None:
    channel = soon(connect(x, "x", boss))
    asked = x.calls().count("POST /2/oauth2/token")
    found: list[Any] = []
    start = threading.Barrier(4)

    def call() -> None:
        start.wait()
        try:
            found.append(renewing.fresh(channel))
        except NetworkError as error:
            found.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=call) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    expected = registry.get("x").credentials.model_validate(stored(channel))
    assert found == [expected] * 4
    assert x.calls().count("POST /2/oauth2/token") - asked == 1
    assert Channel.objects.get().renewing_until is None


def test_whoever_died_while_renewing_is_overtaken(x: OAuthServer, boss: User) -> None:
    channel = soon(connect(x, "x", boss))
    Channel.objects.update(renewing_until=timezone.now() - timedelta(seconds=1))
    renewing.fresh(channel)
    assert stored(channel)["oauth2_refresh_token"] in x.refresh_tokens


def test_access_that_was_taken_back_pauses_the_channel_with_words(x: OAuthServer, boss: User) -> None:
    channel = soon(connect(x, "x", boss), -60)
    x.revoke()
    with pytest.raises(AccountBlocked):
        channels.context(channel, stamp=timezone.now())
    checked = channels.check(channel.pk)
    assert (checked.health, checked.problem != "") == (ChannelHealth.BLOCKED, True)


def test_no_answer_does_not_pause_it_and_the_token_is_used_while_it_lasts(x: OAuthServer, boss: User) -> None:
    channel = soon(connect(x, "x", boss))
    x.broken = 1
    before = stored(channel)
    assert channels.context(channel, stamp=timezone.now()).credentials is not None
    assert stored(channel) == before

    x.broken = 99
    soon(channel, -60)
    with pytest.raises(Retry):
        channels.context(channel, stamp=timezone.now())
    checked = channels.check(channel.pk)
    assert (checked.health, checked.problem != "") == (ChannelHealth.OK, True)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("during", ["a post", "a check"])
def test_token_that_another_process_renewed_in_mid_call_does_not_cost_the_channel(
    x: OAuthServer, boss: User, during: str
) -> None:
    channel = connect(x, "x", boss)
    x.behind = Overtaking(x, channel)
    if during == "a check":
        assert channels.check(channel.pk).health == ChannelHealth.OK
        return
    post = make_post(make_document(), channel, parts=(Part(text="Hello"),))
    assert post.revision_id is not None
    review.approve(post.pk, make_user("approver"), revision_id=post.revision_id)
    delivery.deliver(post.pk)
    post.refresh_from_db()
    channel.refresh_from_db()
    assert (post.state, channel.health) == (PostState.SCHEDULED, ChannelHealth.OK)
    assert post.reason == messages.sentence("connect.busy")


class Overtaking(Double):
    """X, where at the first call another process renews the token, which ends the one that the call was made with."""

    def __init__(self, server: OAuthServer, channel: Channel) -> None:
        super().__init__()
        self.server, self.channel, self.done = server, channel, False

    def answer(self, request: Request) -> Reply:
        if self.done:
            return Reply(body={"data": {"id": "2244994945", "name": "Press Office", "username": "pressoffice"}})
        self.done = True
        form = {"grant_type": "refresh_token", "refresh_token": stored(self.channel)["oauth2_refresh_token"]}
        told = self.server._by_refresh(form).body
        fields = {"oauth2_access_token": told["access_token"], "oauth2_refresh_token": told["refresh_token"]}
        saver(self.channel.pk)(fields)
        connection.close()  # this is a thread of the server's
        return Reply(401, {"title": "Unauthorized", "type": "about:blank", "status": 401, "detail": "Unauthorized"})


def test_renewal_that_comes_back_after_a_new_sign_in_changes_nothing(x: OAuthServer, boss: User) -> None:
    channel = soon(connect(x, "x", boss))
    spent = renewing.opened(channel)
    sign_in_again = sign_in(x, "x", boss, channel.pk)
    handshakes.connect(sign_in_again.pk, "2244994945", user=boss, session=SESSION)
    after = stored(channel)
    late = {"oauth2_access_token": "late", "oauth2_refresh_token": "late"}
    kept = renewing._store(channel.pk, spent, apps.need("x"), late)
    assert (stored(channel), kept) == (after, registry.get("x").credentials.model_validate(after))
