"""Sources, channels, rules, the team and the stop."""

import logging
import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from django.test import Client

from publisher import messages
from publisher.models import Channel, Document, Hold, Proposal, Rule, SandboxAccount, Source, User
from tests.factories import make_channel, make_document, make_post, make_rule, make_source, make_user
from tests.web.conftest import HTMX
from tests.web.pages import buttons, one, parse, text

FEED = b"""<?xml version="1.0"?><rss version="2.0"><channel><title>Press &amp; more</title>
<item><title>The newest</title><guid>2</guid><link>https://press.example.org/2</link></item>
<item><title>The older</title><guid>1</guid><link>https://press.example.org/1</link></item>
</channel></rss>"""


class Answers(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        body = FEED if self.path == "/feed.xml" else b"<html>no feed</html>"
        self.send_response(200)
        self.send_header("Content-Type", "application/rss+xml" if self.path == "/feed.xml" else "text/html")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_args: object) -> None:
        pass


@pytest.fixture
def press() -> Iterator[str]:
    """A web server with /feed.xml and pages that are no feed."""
    server = HTTPServer(("127.0.0.1", 0), Answers)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


# --- sources


def test_source_is_read_now(approver: Client, press: str) -> None:
    source = make_source(url=f"{press}/feed.xml", baseline_at=None)
    answer = approver.post(f"/sources/{source.pk}/check/", **HTMX)
    assert text(answer, ".toast p") == [f"{source.name} was read just now."]
    assert Document.objects.count() == 2


def test_source_is_paused_and_resumed(administrator: Client) -> None:
    source = make_source()
    answer = administrator.post(f"/sources/{source.pk}/pause/", **HTMX)
    assert text(answer, ".row .state") == ["Paused"]
    administrator.post(one(answer, ".toast form").attributes["action"] or "")
    assert Source.objects.get().active


def test_source_is_removed_after_a_question_and_its_documents_stay(administrator: Client) -> None:
    source = make_source()
    make_document(source)
    assert "Its documents and posts stay." in text(administrator.get(f"/sources/{source.pk}/remove/"), "main p")[0]
    assert administrator.post(f"/sources/{source.pk}/remove/").headers["Location"] == "/sources/"
    assert (Source.objects.count(), Document.objects.count()) == (0, 1)


# --- channels


def test_connect_form_has_the_fields_and_the_steps_of_the_network(administrator: Client) -> None:
    page = administrator.get("/channels/add/bluesky/")
    assert len(text(page, ".panel ol li")) >= 3
    kinds = {node.attributes["name"]: node.attributes["type"] for node in parse(page).css(".field input")}
    assert kinds["credential-app_password"] == "password"
    assert kinds["credential-identifier"] == "text"


def test_every_network_has_its_steps(administrator: Client) -> None:
    from publisher.networks.registry import KINDS

    for network in KINDS:
        page = administrator.get(f"/channels/add/{network}/")
        assert (page.status_code, len(text(page, ".panel h2"))) == (200, 1)


def test_way_back_from_a_network_is_not_by_way_of_the_sign_in_page_nor_of_a_log(
    administrator: Client, caplog: pytest.LogCaptureFixture
) -> None:
    """The code would stand in one more address."""
    caplog.set_level(logging.DEBUG)
    for who, status in ((Client(), 403), (administrator, 422)):
        page = who.get("/channels/answer/x/?code=a-code&state=a-state")
        assert (page.status_code, "Location" in page.headers) == (status, False)
        assert "a-code" not in page.content.decode() + caplog.text


def test_desk_sends_people_to_a_network_by_a_page_that_nobody_keeps(administrator: Client) -> None:
    from publisher.newsroom.connect import apps

    boss = User.objects.get()
    apps.save(boss, "linkedin", {"client_id": "1", "client_secret": "the secret of an app"})
    page = administrator.post("/channels/sign-in/linkedin/")
    assert "no-store" in page.headers["Cache-Control"]
    address = one(page, "main a.primary").attributes["href"] or ""
    assert address.startswith("https://www.linkedin.com/oauth/v2/authorization?response_type=code&client_id=1&")
    shown = administrator.get("/channels/app/linkedin/")
    assert "the secret of an app" not in shown.content.decode()
    assert one(shown, "#redirect").attributes["value"] == apps.redirect("linkedin")


def test_page_of_an_app_takes_a_configuration_where_the_network_knows_one(administrator: Client) -> None:
    keys = {"client_id": "1", "client_secret": "the secret of an app", "config_id": "4711"}
    assert administrator.post("/channels/app/facebook/", keys).headers["Location"] == "/channels/add/facebook/"
    shown = administrator.get("/channels/app/instagram/")
    assert one(shown, "input[name=config_id]").attributes["value"] == "4711"
    assert parse(administrator.get("/channels/app/linkedin/")).css("input[name=config_id]") == []


def test_network_we_do_not_have(administrator: Client) -> None:
    assert administrator.get("/channels/add/friendster/").status_code == 404


@pytest.fixture
def sandbox(transactional_db: None, live_server: Any) -> dict[str, str]:
    """The form for an account on the sandbox network that runs in the live server."""
    _account, token = SandboxAccount.objects.open("commission", "The Commission")
    return {
        "credential-base_url": live_server.url,
        "credential-account": "commission",
        "credential-token": token,
    }


def test_account_is_connected_checked_and_reconnected(sandbox: dict[str, str]) -> None:
    client = Client()
    client.force_login(make_user("administrator"))
    answer = client.post("/channels/add/sandbox/", sandbox)
    assert answer.headers["Location"] == "/channels/"
    channel = Channel.objects.get()
    assert (channel.name, channel.handle) == ("The Commission", "commission")
    assert sandbox["credential-token"] not in channel.credentials

    checked = client.post(f"/channels/{channel.pk}/check/", **HTMX)
    assert text(checked, ".toast p") == ["The Commission answers and knows us."]

    form = client.get(f"/channels/{channel.pk}/reconnect/")
    assert [node.attributes.get("value") for node in parse(form).css("input[type=password]")] == [None]
    assert client.post(f"/channels/{channel.pk}/reconnect/", {}).headers["Location"] == "/channels/"


def test_wrong_credentials_are_told_and_nothing_is_kept(sandbox: dict[str, str]) -> None:
    client = Client()
    client.force_login(make_user("administrator"))
    page = client.post("/channels/add/sandbox/", {**sandbox, "credential-token": "wrong"})
    assert page.status_code == 422
    assert len(text(page, "[role=alert]")) == 1
    assert "wrong" not in page.content.decode().replace("what is wrong", "")
    assert not Channel.objects.exists()


def test_failure_switch_is_for_accounts_of_the_sandbox(administrator: Client) -> None:
    SandboxAccount.objects.open("commission", "The Commission")
    channel = make_channel(account={"id": "1", "handle": "commission", "name": "C", "url": ""})
    other = make_channel("x", account={"id": "1", "handle": "commission", "name": "C", "url": ""})
    page = administrator.get("/channels/")
    assert parse(page).css_first(f"#channel-{other.pk} select") is None

    administrator.post(f"/channels/{channel.pk}/failure/", {"failure": "suspended"})
    assert SandboxAccount.objects.get().failure == "suspended"
    assert administrator.post(f"/channels/{channel.pk}/failure/", {"failure": "explode"}).status_code == 404


def test_blocked_channel_asks_to_be_reconnected(administrator: Client) -> None:
    make_channel("mastodon", health="blocked", problem="Mastodon did not accept the credentials.")
    page = administrator.get("/channels/")
    assert text(page, ".row .state") == ["Needs to be reconnected"]
    assert text(page, ".row a.primary") == [f"Reconnect {Channel.objects.get().name}"]


def test_channel_that_has_published_is_kept(administrator: Client) -> None:
    from tests.factories import make_attempt

    channel = make_channel()
    make_attempt(make_post(channel=channel, state="published"), "published")
    page = administrator.post(f"/channels/{channel.pk}/remove/")
    assert (page.status_code, Channel.objects.count()) == (422, 1)
    assert "Pause the channel instead." in text(page, "main p")[0]


# --- rules


def test_rule_is_written_changed_and_removed(administrator: Client) -> None:
    source, channel = make_source(), make_channel()
    form = {"name": "Speeches", "mode": "review", "kinds": ["speech"], "sources": [source.pk], "channels": [channel.pk]}
    administrator.post("/rules/add/", {**form, "position": 10})
    rule = Rule.objects.get()
    assert (rule.name, rule.mode, rule.kinds, rule.position) == ("Speeches", "review", ["speech"], 10)
    assert (list(rule.sources.all()), list(rule.channels.all())) == ([source], [channel])

    shown = administrator.get(f"/rules/{rule.pk}/")
    assert [node.attributes["value"] for node in parse(shown).css("input[name=kinds][checked]")] == ["speech"]
    administrator.post(f"/rules/{rule.pk}/", {"name": "All", "mode": "automatic", "position": 20})
    rule.refresh_from_db()
    assert (rule.name, rule.mode, rule.kinds, rule.sources.count()) == ("All", "automatic", [], 0)

    administrator.post(f"/rules/{rule.pk}/remove/")
    assert not Rule.objects.exists()


def test_rule_without_a_name_keeps_what_was_chosen(administrator: Client) -> None:
    page = administrator.post("/rules/add/", {"name": "", "mode": "automatic", "position": "5"})
    assert page.status_code == 422
    assert text(page, "#id_name_error") == ["This field is required."]
    assert one(page, "#id_position").attributes["value"] == "5"


def test_rule_is_tried_on_the_last_month(viewer: Client) -> None:
    rule = make_rule(kinds=["speech"])
    channel = make_channel()
    make_document(kind="speech", title="A speech")
    make_document(kind="news", title="No speech")
    page = viewer.get(f"/rules/{rule.pk}/test/")
    assert text(page, ".row .title") == ["A speech"]
    assert text(page, ".row .meta") == [f"A person would look first Speech · just now → Sandbox {channel.name}"]
    assert text(page, ".row .said")[0].startswith("A speech")


def test_new_rule_is_tried_before_it_is_switched_on(administrator: Client) -> None:
    make_channel()
    make_document(title="On the budget")
    make_document(title="On fish")
    form = {"name": "Budget", "mode": "automatic", "words": "budget, euro", "cool_off": 10, "position": 1, "do": "try"}
    page = administrator.post("/rules/add/", form, follow=True)
    rule = Rule.objects.get()
    assert (page.redirect_chain, rule.active) == ([(f"/rules/{rule.pk}/test/", 302)], False)
    assert (rule.words, rule.cool_off) == (["budget", "euro"], 10)
    assert text(page, ".row .title") == ["On the budget"]
    assert text(page, ".panel button") == ["Switch on Budget"]
    administrator.post(f"/rules/{rule.pk}/switch/", {"active": "yes"})
    assert Rule.objects.get().active


def test_rule_past_four_eyes_says_what_it_waits_for_and_is_confirmed_by_a_second_person(
    administrator: Client, approver: Client
) -> None:
    make_channel(four_eyes=True)
    administrator.post("/rules/add/", {"name": "By itself", "mode": "automatic", "position": 1})
    waits = (
        "Where four eyes count, it sends by itself once a second person has agreed to it; until then its posts wait."
    )
    assert text(administrator.get("/rules/"), ".row .issue") == [waits]
    assert text(approver.get("/second/"), ".row .title") == [
        "Let the rule “By itself” send by itself where four eyes count"
    ]
    approver.post(f"/second/{Proposal.objects.get().pk}/confirm/")
    page = administrator.get("/rules/")
    assert (text(page, ".row .issue"), Rule.objects.get().confirmed_by != "") == ([], True)


def test_everything_that_a_rule_says_comes_back_into_its_form(administrator: Client) -> None:
    said = {"name": "All of it", "mode": "automatic", "cool_off": 5, "per_hour": 2, "use_slots": "on", "position": 7}
    said |= {"words": "budget", "not_words": "fish", "people": "Kaja Kallas", "topics": "Trade", "languages": "en, fr"}
    said |= {"weekdays": ["0", "4"], "starts": "09:00", "ends": "18:30", "hashtags": "EUBudget", "template": "campaign"}
    administrator.post("/rules/add/", said)
    page = administrator.get(f"/rules/{Rule.objects.get().pk}/")
    form = parse(page).css_first("form.stack")
    boxes = [node.attributes["name"] for node in form.css("input[checked]")]
    assert boxes == ["mode", "use_slots", "weekdays", "weekdays"]
    texts = {node.attributes["name"]: node.attributes.get("value") for node in form.css("input")}
    asked = {name: str(value) for name, value in said.items() if name not in {"mode", "use_slots", "weekdays"}}
    assert {name: texts[name] for name in asked} == asked


# --- the team


def test_invitation_shows_its_link_once(administrator: Client) -> None:
    page = administrator.post("/team/", {"email": "new@example.org", "role": "editor"})
    link = one(page, "#link").attributes["value"] or ""
    assert parse(administrator.get("/team/")).css_first("#link") is None
    assert "no-store" in page.headers["Cache-Control"]
    path = "/" + link.split("/", 3)[3]
    assert text(Client().get(path), "h1") == ["Welcome to Publisher"]


def test_invitation_of_somebody_who_is_here_is_refused(administrator: Client) -> None:
    user = make_user()
    page = administrator.post("/team/", {"email": user.email, "role": "editor"})
    assert text(page, "#id_email_error") == [f"Somebody with the address {user.email} is already here."]


def test_role_is_changed(administrator: Client) -> None:
    user = make_user("viewer")
    administrator.post(f"/team/{user.pk}/role/", {"role": "editor"})
    assert User.objects.get(pk=user.pk).role == "editor"


def test_role_on_one_channel_is_given_shown_and_taken(administrator: Client) -> None:
    user, channel = make_user("viewer"), make_channel()
    path = f"/team/{user.pk}/grant/"
    administrator.post(path, {"channel": channel.pk, "role": "approver"})
    told = f"On {channel.name}: Approver"
    assert told in text(administrator.get("/team/"), ".meta")
    administrator.post(path, {"channel": channel.pk, "role": ""})
    assert told not in text(administrator.get("/team/"), ".meta")


def test_last_administrator_stays_one(administrator: Client) -> None:
    user = User.objects.get()
    page = administrator.post(f"/team/{user.pk}/role/", {"role": "viewer"})
    assert (page.status_code, User.objects.get().role) == (422, "administrator")


def test_colleague_is_shut_out_and_let_in_again(administrator: Client) -> None:
    user = make_user()
    administrator.post(f"/team/{user.pk}/access/", {"active": "no"})
    assert not User.objects.get(pk=user.pk).is_active
    administrator.post(f"/team/{user.pk}/access/", {"active": "yes"})
    assert User.objects.get(pk=user.pk).is_active


# --- the stop


def test_stop_stands_on_every_page_until_it_is_lifted(approver: Client) -> None:
    approver.post("/stop/", {"scope": "everything", "reason": "State funeral"})
    hold = Hold.objects.get()
    for path in ("/", "/published/", "/channels/"):
        (banner,) = text(approver.get(path), ".banner p")
        assert banner.startswith("Everything is stopped: nothing goes out. “State funeral”")
    approver.post(f"/stop/{hold.pk}/lift/")
    assert text(approver.get("/"), ".banner") == []


def test_stop_needs_no_reason(approver: Client) -> None:
    approver.post("/stop/", {"scope": "everything"})
    assert Hold.objects.filter(lifted_at=None).count() == 1


def test_stop_of_one_channel_names_it(approver: Client) -> None:
    channel = make_channel()
    approver.post("/stop/", {"scope": "channel", "channel": channel.pk})
    assert text(approver.get("/"), ".banner b") == [f"Nothing goes out on {channel.name}."]


def test_stop_that_is_lifted_already(approver: Client) -> None:
    approver.post("/stop/", {"scope": "everything"})
    hold = Hold.objects.get()
    approver.post(f"/stop/{hold.pk}/lift/")
    assert approver.post(f"/stop/{hold.pk}/lift/").status_code == 409


def test_viewer_sees_the_stop_and_cannot_lift_it(approver: Client, viewer: Client) -> None:
    approver.post("/stop/", {"scope": "everything"})
    assert len(text(viewer.get("/"), ".banner")) == 1
    assert text(viewer.get("/"), ".banner button") == []


def test_viewer_is_offered_nothing(viewer: Client) -> None:
    make_source()
    make_channel()
    make_rule()

    def offered(path: str) -> list[str]:
        return buttons(viewer.get(path))

    assert {path: offered(path) for path in ("/sources/", "/channels/", "/team/")} == {
        "/sources/": [],
        "/channels/": [],
        "/team/": [],
    }
    assert offered("/rules/") == ["Try it on last month"]


# --- the history


def test_history_tells_who_did_what(administrator: Client) -> None:
    source = make_source()
    administrator.post(f"/sources/{source.pk}/pause/")
    page = administrator.get("/history/?subject=source")
    (line,) = text(page, ".events li")
    assert line.endswith(f"Source {source.pk}: paused")
    assert User.objects.get().email in line


def test_address_that_does_not_answer_promises_no_second_try(administrator: Client) -> None:
    answer = administrator.post("/sources/add/", {"url": "http://127.0.0.1:1/feed", "do": "try"})
    assert text(answer, ".issue") == ["Nothing answers at this address. Check its spelling, or open it in a browser."]


def test_address_of_no_kind_is_told_in_words(administrator: Client) -> None:
    answer = administrator.post("/sources/add/", {"url": "ftp//", "do": "try"})
    assert text(answer, ".issue") == ["This is no web address. It begins with https:// or http://."]


def test_network_that_does_not_answer_promises_no_second_try(administrator: Client) -> None:
    typed = {"credential-base_url": "http://127.0.0.1:1", "credential-account": "a", "credential-token": "t"}
    assert text(administrator.post("/channels/add/sandbox/", typed), "[role=alert]") == [
        "The sandbox could not be reached, so nothing was connected. Check the address, or try again in a while."
    ]


def test_sentences_for_who_tries_something_fit_the_usual_ones() -> None:
    """Each stands in for one that exists and fills the same gaps or fewer."""
    prefix = "desk.tried."
    tried = {key.removeprefix(prefix): text for key, text in messages.CATALOGUE.items() if key.startswith(prefix)}
    assert tried
    for key, sentence in tried.items():
        assert set(re.findall(r"%\((\w+)\)s", sentence)) <= set(re.findall(r"%\((\w+)\)s", messages.CATALOGUE[key]))


def test_closed_choice_of_a_network_is_a_list(administrator: Client) -> None:
    page = administrator.get("/channels/add/mastodon/")
    assert text(page, "select option") == ["Public", "Unlisted", "Private"]


def test_reconnecting_fills_in_nothing_that_would_replace_what_is_stored(administrator: Client) -> None:
    channel = make_channel("mastodon")
    page = administrator.get(f"/channels/{channel.pk}/reconnect/")
    assert text(page, "select option")[0] == "As it is"
    assert [node.attributes.get("value") for node in parse(page).css("main input[name^=credential]")] == [None, None]


def test_boxes_of_a_network_with_several_ways_are_not_called_optional(administrator: Client) -> None:
    assert "optional" not in " ".join(text(administrator.get("/channels/add/x/"), "label"))


@pytest.mark.parametrize("path", ["/sources/add/", "/channels/add/x/", "/rules/add/"])
def test_page_within_a_section_shows_which(administrator: Client, path: str) -> None:
    section = path.split("/")[1].capitalize()
    assert text(administrator.get(path), "nav [aria-current]") == [section]
