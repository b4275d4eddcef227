"""Somebody who may not approve, with a stolen editor's session and a program that speaks HTTP, gets nothing out."""

import http.cookiejar
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.e2e.office import Office, open_office, until
from tests.web import routes

PASSWORD = "correct horse battery"
PEOPLE = """
from publisher.models import User
for role in ("editor", "approver", "administrator"):
    User.objects.create_user(f"{role}@example.org", "correct horse battery", name=role, role=role)
"""
GETS_OUT = {
    "approve",
    "approve-all",
    "schedule",
    "reschedule",
    "send-now",
    "retry",
    "decide",
    "publish-alone",
    "withdraw",
}
GETS_OUT |= {
    "lift",
    "lift-embargo",
    "confirm-proposal",
    "end-period",
    "resume-channel",
    "approval",
    "rule",
    "switch-rule",
}
GETS_OUT |= {"team", "role", "grant", "password-link", "add-channel", "reconnect-channel", "add-rule", "publish-alone"}
GETS_OUT |= {"network-app", "sign-in-there", "choose-account"}
"""What lets a post go out, or makes somebody who may let it."""
OWN = ("stop", "sign-out", "sign-out-person", "sign-out-everywhere")
"""What an editor may do and what would only hide whether the rest is refused."""


@dataclass
class Curl:
    """Cookies, and what else a browser would send; nothing of the pages is needed."""

    address: str

    def __post_init__(self) -> None:
        self.jar = http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}), urllib.request.HTTPCookieProcessor(self.jar), Stay()
        )

    def cookie(self, name: str) -> str:
        return next((cookie.value or "" for cookie in self.jar if cookie.name == name), "")

    def send(self, path: str, body: str | None = None, **headers: str) -> int:
        if body is not None:
            body = f"{body}&csrfmiddlewaretoken={self.cookie('csrftoken')}"
        data = None if body is None else body.encode()
        asked = urllib.request.Request(self.address + path, data, headers)
        try:
            with self.opener.open(asked, timeout=30) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return error.code

    def sign_in(self, role: str) -> "Curl":
        assert self.send("/sign-in/") == 200
        who = urllib.parse.urlencode({"email": f"{role}@example.org", "password": PASSWORD})
        assert self.send("/sign-in/", who) == 302
        return self

    def steals(self, other: "Curl") -> "Curl":
        """The cookie of somebody else's session is all it takes to be them; the other cookie is made afresh."""
        assert self.send("/sign-in/") == 200
        stolen = next(cookie for cookie in other.jar if cookie.name == "sessionid")
        self.jar.set_cookie(stolen)
        return self


class Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_given: object) -> None:
        return None


class Anything(dict[str, object]):
    """Whatever the table names is the row of one number."""

    def __init__(self, number: int, revisions: dict[int, int]) -> None:
        super().__init__()
        numbers = dict.fromkeys(("pk", "document_id", "channel_id"), number)
        self.thing = SimpleNamespace(**numbers, revision_id=revisions.get(number, number), handle="press")

    def __missing__(self, name: str) -> object:
        return self.thing


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with open_office(tmp_path / "office") as opened:
        yield opened


def attack(office: Office, thief: Curl) -> dict[str, set[int]]:
    """Every form of the desk, sent for every number there is, as a browser and as htmx. Which answers came."""
    told: dict[str, set[int]] = {}
    for row in [row for row in routes.rows() if row.method == "POST" and row.name not in OWN]:
        numbers = range(1, 6) if "{" in row.path + row.data else (1,)
        for number in numbers:
            revisions = dict(office.rows("SELECT id, revision_id FROM publisher_post"))
            things = Anything(number, revisions)
            path, body = row.path.format_map(things), row.data.format_map(things)
            for headers in ({}, {"HX-Request": "true"}):
                status = thief.send(path, body, **headers)
                told.setdefault(row.name, set()).add(status)
    return told


def test_stolen_editors_session_gets_nothing_out(office: Office) -> None:
    with office.running("run") as service:
        office.first_sight()
        office.publisher("manage", "shell", "--verbosity", "0", "-c", PEOPLE)
        office.puts_out("First statement", "Second statement", "Third statement", "Fourth statement")
        office.wait_for(*["review"] * 4)
        office.publisher("queue", "approve", 3, "--at", "2099-01-01T10:00", "--as", "approver@example.org")
        office.change("UPDATE publisher_sandboxaccount SET failure = 'refused'")
        office.publisher("queue", "approve", 4, "--as", "approver@example.org")
        office.wait_for("review", "review", "scheduled", "failed")
        office.change("UPDATE publisher_sandboxaccount SET failure = 'none'")
        # From now on a rule may send by itself: what the thief has drafted anew must wait for a person all the same.
        office.change("UPDATE publisher_rule SET mode = 'automatic'")

        editor = Curl(service.address).sign_in("editor")
        thief = Curl(service.address).steals(editor)
        told = attack(office, thief)
        office.publisher("deliver", "--once")

        refused = {name for name, statuses in told.items() if statuses <= {403, 404}}
        assert GETS_OUT - refused == set()
        assert {name for name, statuses in told.items() if 302 in statuses} - refused >= {"edit", "reject", "draft"}
        assert office.texts_on_the_network() == []
        assert service.timeline_posts() == set()
        assert office.rows("SELECT by FROM publisher_approval WHERE by <> 'approver@example.org'") == []
        assert office.states() == ["review"] * 5  # the fifth is what the thief had drafted

        # The same program with an approver's session does get it out: it was the role that stood in the way.
        approver = Curl(service.address).sign_in("approver")
        (waiting, revision), *_ = office.rows("SELECT id, revision_id FROM publisher_post WHERE state = 'review'")
        assert approver.send(f"/posts/{waiting}/approve/", f"revision={revision}") == 302
        until(office.texts_on_the_network, lambda: service.output)
        assert service.press_ctrl_c() == 0
