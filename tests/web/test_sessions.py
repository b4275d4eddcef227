"""How long a sign-in holds, and what ends it at once."""

from collections.abc import Iterator

import pytest
import time_machine
from django.test import Client

from publisher import config
from publisher.models import Event, User
from publisher.newsroom import access, grants
from tests.factories import PASSWORD, make_channel, make_user
from tests.web.pages import text

MINUTE, HOUR = 60, 3600
AT_HOME = 200
SIGNED_OUT = 302


@pytest.fixture
def clock(db: None) -> Iterator[time_machine.Traveller]:
    with time_machine.travel("2026-11-24 08:00+00:00", tick=False) as traveller:
        yield traveller


def _signed_in(user: User) -> Client:
    client = Client()
    client.post("/sign-in/", {"email": user.email, "password": PASSWORD})
    return client


def test_session_that_is_not_used_ends(clock: time_machine.Traveller) -> None:
    client = _signed_in(make_user())
    clock.shift(config.get().session_idle_minutes * MINUTE - 1)
    assert client.get("/own/").status_code == AT_HOME
    clock.shift(config.get().session_idle_minutes * MINUTE)
    assert client.get("/own/").status_code == SIGNED_OUT


def test_used_session_ends_after_its_hours(clock: time_machine.Traveller) -> None:
    client = _signed_in(make_user())
    for _ in range(config.get().session_hours - 1):
        clock.shift(HOUR)
        assert client.get("/own/").status_code == AT_HOME
    clock.shift(HOUR)
    assert client.get("/own/").status_code == SIGNED_OUT


def test_page_that_asks_by_itself_keeps_no_session_alive(clock: time_machine.Traveller) -> None:
    client = _signed_in(make_user())
    for _ in range(4):
        clock.shift(config.get().session_idle_minutes * MINUTE / 4)
        client.get("/queue/changes/", headers={"HX-Request": "true"})
    assert client.get("/own/").status_code == SIGNED_OUT


def test_signing_in_gives_the_session_a_new_number(db: None) -> None:
    client = Client()
    client.get("/sign-in/")
    session = client.session
    session["left"] = "by somebody"
    session.save()
    client.cookies["sessionid"] = planted = session.session_key or ""
    user = make_user()
    client.post("/sign-in/", {"email": user.email, "password": PASSWORD})
    assert (client.cookies["sessionid"].value == planted, client.get("/own/").status_code) == (False, AT_HOME)


ENDS = {
    "another role": lambda user, by: access.set_role(user.pk, "approver", by),
    "shut out": lambda user, by: access.set_active(user.pk, by, active=False),
    "shut out and let in again": lambda user, by: [access.set_active(user.pk, by, active=yes) for yes in (False, True)],
    "a role on a channel": lambda user, by: grants.give(user.pk, make_channel().pk, "approver", by),
    "another password": lambda user, by: access.redeem(
        access.password_link(user, by.email).rsplit("/", 2)[1], name="", email="", password="a long enough sentence"
    ),
    "signed out everywhere": lambda user, by: access.end_sessions(user.pk, by),
}


@pytest.mark.parametrize("what", ENDS)
def test_every_session_of_a_person_ends_with(what: str, db: None) -> None:
    user, other, by = make_user(), make_user(), make_user("administrator")
    clients = [_signed_in(user), _signed_in(user), _signed_in(other)]
    ENDS[what](user, by)
    assert [client.get("/own/").status_code for client in clients] == [SIGNED_OUT, SIGNED_OUT, AT_HOME]


def test_grant_that_is_taken_ends_every_session(db: None) -> None:
    user, by, channel = make_user(), make_user("administrator"), make_channel()
    grants.give(user.pk, channel.pk, "approver", by)
    client = _signed_in(user)
    grants.take(user.pk, channel.pk, by)
    assert client.get("/own/").status_code == SIGNED_OUT


def test_person_signs_out_everywhere_and_is_told(db: None) -> None:
    user = make_user()
    here, there = _signed_in(user), _signed_in(user)
    answer = here.post("/own/sign-out/", follow=True)
    assert text(answer, "[role=status]") == ["You are signed out on every device."]
    assert there.get("/own/").status_code == SIGNED_OUT
    assert Event.objects.latest("id").verb == "sign out everywhere"


@pytest.mark.parametrize(("who", "status"), [("approver", 403), ("administrator", 302)])
def test_only_administrators_sign_others_out(request: pytest.FixtureRequest, who: str, status: int) -> None:
    client: Client = request.getfixturevalue(who)
    user = make_user()
    theirs = _signed_in(user)
    assert client.post(f"/team/{user.pk}/sign-out/").status_code == status
    assert (theirs.get("/own/").status_code == SIGNED_OUT) == (who == "administrator")
