"""`publisher user …`"""

import re

import pytest

from publisher.models import Invitation
from publisher.newsroom import access
from publisher.newsroom.signin import factors
from tests.cli.conftest import Publisher
from tests.factories import make_channel, make_user

pytestmark = pytest.mark.django_db

USER = ["id", "email", "name", "role", "is_active", "last_login", "grants", "second_factor"]


def test_colleague_joins_by_a_link(publisher: Publisher) -> None:
    done = publisher("user", "add", "Dora@Example.org", "--role", "viewer", "--json")
    assert (done.status, list(done.json)) == (0, ["email", "role", "link"])
    found = re.fullmatch(r"http://127\.0\.0\.1:8000/welcome/([\w-]+)/", done.json["link"])
    assert found is not None
    user = access.redeem(found[1], name="Dora", email="", password="correct horse battery")
    assert (user.email, user.role) == ("dora@example.org", "viewer")
    told = publisher("user", "add", "emil@example.org").out
    assert told.startswith("Give emil@example.org this link, good once for a week: http://127.0.0.1:8000/welcome/")


def test_wrong_or_known_address_is_refused(publisher: Publisher) -> None:
    make_user(email="dora@example.org")
    assert publisher("user", "add", "dora").refusal == "dora is no e-mail address."
    known = publisher("user", "add", "dora@example.org")
    assert known.refusal == "Somebody with the address dora@example.org is already here."


def test_team_is_listed_without_passwords(publisher: Publisher) -> None:
    user = make_user(email="dora@example.org", name="Dora", role="editor")
    done = publisher("user", "list", "--json")
    assert [list(row) for row in done.json] == [USER]
    assert publisher("user", "list").out.splitlines()[1].split() == [
        str(user.pk),
        user.email,
        "Dora",
        "editor",
        "yes",
        "no",
    ]
    assert user.password not in done.out


def test_role_is_given_everywhere_or_on_one_channel(publisher: Publisher) -> None:
    user, channel = make_user("viewer", email="dora@example.org"), make_channel()
    done = publisher("user", "role", "Dora@example.org", "approver", "--channel", channel.pk, "--json")
    assert (done.json["role"], publisher("user", "list", "--json").json[0]["grants"]) == (
        "viewer",
        [{"channel_id": channel.pk, "role": "approver"}],
    )
    publisher("user", "role", user.email, "none", "--channel", channel.pk)
    refused = publisher("user", "role", user.email, "none", "--channel", channel.pk)
    sentence = f"{user.email} has no role of their own on {channel.name}. Look at the team."
    assert refused.refusal == sentence
    assert publisher("user", "role", user.email, "king").status == 2


def test_empty_team_says_how_to_begin(publisher: Publisher) -> None:
    done = publisher("user", "list")
    assert (done.out, done.err) == ("", "Nobody yet: start the service and open the link that it prints.\n")


def test_forgotten_password_is_chosen_anew_by_a_link(publisher: Publisher) -> None:
    user = make_user(email="dora@example.org")
    done = publisher("user", "passwd", "Dora@example.org", "--json")
    assert list(done.json) == ["email", "link"]
    token = done.json["link"].rstrip("/").rpartition("/")[2]
    access.redeem(token, name="", email="", password="another correct horse")
    user.refresh_from_db()
    assert user.check_password("another correct horse")
    assert publisher("user", "passwd", user.email).out.startswith("Give dora@example.org this link, good once")


def test_who_is_shut_out_gets_no_link(publisher: Publisher) -> None:
    make_user(email="dora@example.org", is_active=False)
    refused = publisher("user", "passwd", "dora@example.org")
    assert refused.refusal == "There is nobody with the address dora@example.org."
    assert not Invitation.objects.exists()


def test_person_is_forgotten(publisher: Publisher) -> None:
    make_user("administrator")
    make_user(email="dora@example.org", name="Dora")
    done = publisher("user", "forget", "Dora@example.org", "--json")
    assert (done.status, list(done.json)) == (0, ["person"])
    assert done.json["person"].startswith("person ")
    assert "dora" not in publisher("user", "list").out.lower()
    assert publisher("user", "forget", "dora@example.org").status == 1


def test_person_is_shut_out_let_in_again_and_signed_out(publisher: Publisher) -> None:
    user, _ = make_user(), make_user("administrator")
    assert publisher("user", "lock", user.email, "--json").json["is_active"] is False
    assert publisher("user", "unlock", user.email).out == f"{user.email} may sign in again.\n"
    assert publisher("user", "sign-out", user.email).out == f"{user.email} is signed out on every device.\n"
    user.refresh_from_db()
    assert (user.is_active, user.sessions_ended) == (True, 3)


def test_person_is_detached_from_the_institutions_account(publisher: Publisher) -> None:
    user = make_user(issuer="https://id.example.org", subject="12")
    assert publisher("user", "detach", user.email).out == f"{user.email} is joined to no account now.\n"
    assert (
        publisher("user", "detach", user.email).refusal == f"{user.email} is joined to no account of the institution."
    )
    user.refresh_from_db()
    assert (user.issuer, user.subject, user.sessions_ended) == ("", "", 1)


def test_lost_second_factor_is_taken_away(publisher: Publisher) -> None:
    user = make_user()
    assert publisher("user", "reset-factor", user.email).refusal == f"{user.email} has no second factor."
    factors.add_passkey(user, "Key ring", {})
    assert publisher("user", "list", "--json").json[0]["second_factor"] is True
    assert publisher("user", "reset-factor", user.email, "--json").json["second_factor"] is False
    assert publisher("user", "list", "--json").json[0]["second_factor"] is False
