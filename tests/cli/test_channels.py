"""`publisher channel …` against the sandbox network over real HTTP."""

from pathlib import Path
from typing import Any

import pytest

from publisher.models import Channel, Post, SandboxAccount
from publisher.models.sandbox import SandboxFailure
from publisher.newsroom.connect import apps
from publisher.newsroom.sealing import unseal
from tests.cli.conftest import Publisher
from tests.factories import make_attempt, make_channel, make_post
from tests.peers.graph import FacebookServer
from tests.peers.oauth import OF, OAuthServer

pytestmark = pytest.mark.django_db

FIELDS = ["id", "network", "name", "handle", "language", "active", "health", "problem", "checked_at", "url"]
FIELDS += ["ends_at", "days_left", "four_eyes", "approvals", "approvals_by_kind"]
NOT_ACCEPTED = (
    "The sandbox did not accept the credentials of this channel. "
    "Enter new ones under Channels; further posts wait until then."
)
ACCOUNT = ["id", "handle", "name", "url", "limits", "expires_at", "warning"]


@pytest.fixture
def given(transactional_db: None, live_server: Any, account: SandboxAccount, tmp_path: Path) -> list[str]:
    """The options that connect the account; the token is in a file."""
    token = tmp_path / "token"
    token.write_text(account.token + "\n", encoding="utf-8")  # type: ignore[attr-defined]  # set by the fixture
    return ["--set", f"base-url={live_server.url}", "--set", f"account={account.handle}", "--set", f"token=@{token}"]


def test_added_channel_is_connected_and_its_token_is_shown_nowhere(
    publisher: Publisher, given: list[str], account: Any
) -> None:
    done = publisher("channel", "add", "sandbox", *given, "--language", "EN", "--json")
    channel = Channel.objects.get()
    assert (done.status, done.err, list(done.json)) == (0, "", FIELDS)
    expected = {"id": channel.pk, "name": "The Commission", "handle": "commission", "language": "en", "health": "ok"}
    assert done.json == done.json | expected
    assert unseal(channel.credentials)["token"] == account.token
    everything = "".join(
        publisher(*line).out for line in (("channel", "list", "--json"), ("channel", "show", channel.pk, "--json"))
    )
    assert account.token not in done.out + everything


def test_adding_is_told_to_people_and_done_once(publisher: Publisher, given: list[str]) -> None:
    done = publisher("channel", "add", "sandbox", *given, "--name", "Press")
    assert done.out == f"Connected commission as Press (channel {Channel.objects.get().pk}).\n"
    again = publisher("channel", "add", "sandbox", *given)
    assert again.refusal == "This account is already connected, as Press."


@pytest.mark.filterwarnings("ignore::getpass.GetPassWarning")  # here no terminal hides what is typed
def test_secret_is_asked_for_where_its_value_is_a_dash(publisher: Publisher, given: list[str], account: Any) -> None:
    asked = publisher("channel", "add", "sandbox", *given[:4], "--set", "token=-", stdin=f"{account.token}\n".encode())
    assert (asked.status, Channel.objects.count()) == (0, 1)
    assert account.token not in asked.out + asked.err


def test_missing_credential_is_named_and_nothing_is_stored(publisher: Publisher, given: list[str]) -> None:
    assert publisher("channel", "add", "sandbox", *given[:4]).refusal == "Token is missing. Fill it in."
    assert not Channel.objects.exists()


def test_wrong_credential_is_told_and_nothing_is_stored(publisher: Publisher, given: list[str]) -> None:
    done = publisher("channel", "add", "sandbox", *given[:4], "--set", "token=wrong-token")
    assert done.refusal == NOT_ACCEPTED
    assert not Channel.objects.exists()


def test_file_of_a_credential_that_cannot_be_read(publisher: Publisher, tmp_path: Path) -> None:
    done = publisher("channel", "add", "sandbox", "--set", f"token=@{tmp_path}/none")
    assert done.refusal == f"{tmp_path}/none cannot be read. Is the name right, and is it text in UTF-8?"


def test_list_and_show(publisher: Publisher) -> None:
    channel = make_channel(name="Press Office", language="fr")
    assert [list(row) for row in publisher("channel", "list", "--json").json] == [FIELDS]
    heading, row = publisher("channel", "list").out.splitlines()
    assert heading.split() == ["id", "network", "name", "handle", "health", "active", "days", "left", "problem"]
    assert row.split() == [str(channel.pk), "sandbox", "Press", "Office", channel.handle, "ok", "yes"]
    assert list(publisher("channel", "show", channel.pk, "--json").json) == [*FIELDS, "pace", "spend", "links"]
    assert "language   fr\n" in publisher("channel", "show", channel.pk).out


def test_check_says_who_we_are_and_what_we_may(publisher: Publisher, channel: Channel) -> None:
    shown = publisher("channel", "check", channel.pk, "--json").json
    assert (list(shown), list(shown["account"])) == ([*FIELDS, "account"], ACCOUNT)
    assert (shown["account"]["handle"], shown["account"]["limits"]["text"]) == ("commission", 300)
    done = publisher("channel", "check", channel.pk)
    assert (done.status, done.out.splitlines()[0]) == (0, "The Commission: ok")


def test_check_of_an_account_that_is_shut_out(publisher: Publisher, channel: Channel, account: SandboxAccount) -> None:
    SandboxAccount.objects.set_failure(account.handle, SandboxFailure.BAD_TOKEN)
    done = publisher("channel", "check", channel.pk, "--json")
    assert (done.status, done.json["health"], done.json["problem"]) == (1, "blocked", NOT_ACCEPTED)
    assert done.err == f"The Commission: {NOT_ACCEPTED}\n"


def test_reconnect_brings_a_blocked_channel_back(
    publisher: Publisher, channel: Channel, account: Any, given: list[str]
) -> None:
    Channel.objects.update(health="blocked", problem="Shut out.")
    done = publisher("channel", "reconnect", channel.pk, *given[4:])
    assert done.out == "The Commission is connected again.\n"
    shown = publisher("channel", "reconnect", channel.pk, *given[4:], "--json").json
    assert (shown["health"], shown["problem"]) == ("ok", "")


def test_pause_and_resume(publisher: Publisher) -> None:
    channel = make_channel(name="Press")
    assert publisher("channel", "pause", channel.pk).out == "Press: paused.\n"
    assert publisher("channel", "show", channel.pk, "--json").json["active"] is False
    assert publisher("channel", "resume", channel.pk).out == "Press: open.\n"


def test_remove_takes_what_never_published(publisher: Publisher) -> None:
    fresh, used = make_channel(name="Fresh"), make_channel(name="Used")
    make_post(channel=fresh)
    make_attempt(make_post(channel=used, state="uncertain"))
    assert publisher("channel", "remove", fresh.pk).out == "Fresh is taken away.\n"
    refused = publisher("channel", "remove", used.pk)
    assert refused.refusal == "Used has published, and its history is kept. Pause the channel instead."
    assert (Channel.objects.get().name, Post.objects.get().channel_id) == ("Used", used.pk)


def test_keys_are_rotated(publisher: Publisher) -> None:
    channel = make_channel()
    assert publisher("channel", "rotate-keys").out == "1 channel(s) sealed with the newest key.\n"
    assert publisher("channel", "rotate-keys", "--json").json == {"channels": 1}
    before, after = channel.credentials, Channel.objects.get().credentials
    assert before != after
    assert unseal(before) == unseal(after)


# --- signing in at the network


def test_account_is_connected_by_an_address_to_open_and_the_one_it_ends_at(publisher: Publisher) -> None:
    with OAuthServer(
        OF["facebook"], apps.redirect("facebook"), apps.need("facebook").scopes, FacebookServer()
    ) as server:
        server.pages = (
            {"id": FacebookServer.page, "name": "Press Office", "access_token": FacebookServer.token},
            {"id": "7", "name": "Sports club", "access_token": "token-of-the-sports-club"},
        )
        server.config_id = "4711"
        keys = [f"--set={name}={value}" for name, value in server.app.items()]
        app = publisher("channel", "app", "facebook", *keys, "--json")
        assert app.json == app.json | {
            "ready": True,
            "redirect": server.redirect,
            "client_id": server.client_id,
            "config_id": "4711",
        }

        begun = publisher("channel", "connect", "facebook", "--json")
        answer = server.agree(begun.json["address"])
        found = publisher("channel", "connect", "facebook", "--answer", answer, "--json")
        assert found.json["accounts"] == [
            {"id": FacebookServer.page, "label": "Press Office"},
            {"id": "7", "label": "Sports club"},
        ]
        chosen = ("--sign-in", found.json["sign_in"], "--choose", FacebookServer.page)
        made = publisher("channel", "connect", "facebook", *chosen, "--language", "en")
        assert made.out == f"Connected pressoffice as Press Office (channel {Channel.objects.get().pk}).\n"
        told = app.out + begun.out + found.out + made.out
        assert [
            secret for secret in (server.client_secret, *server.access, FacebookServer.token) if secret in told
        ] == []


def test_address_that_is_no_answer_is_refused_in_words(publisher: Publisher) -> None:
    done = publisher("channel", "connect", "x", "--answer", "https://desk.example.org/channels/")
    assert done.refusal.startswith("This is not the address that the browser ended at")
