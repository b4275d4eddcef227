"""Who sees and may do what, address by address."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, resolve
from django.utils import timezone

from publisher.enums import AlarmKind
from publisher.models import (
    Channel,
    Emergency,
    Event,
    Grant,
    Hold,
    NoticeAddress,
    Post,
    Proposal,
    Rule,
    SensitivePeriod,
    Source,
    User,
)
from publisher.newsroom.alerts import alarms
from publisher.newsroom.approval import policy, proposals, signing
from publisher.newsroom.sealing import seal
from publisher.web import urls
from tests.factories import make_channel, make_document, make_post, make_rule, make_source, make_user

RELAXED = {"four_eyes": False, "approvals": 1, "by_kind": {}}
Numbers = dict[str, int]
NUMBERS = ["source", "channel", "rule", "document", "post", "revision", "out", "hold", "user", "alarm", "place"]
NUMBERS += ["emergency", "proposal", "period"]

LOOK = [
    "/",
    "/queue/changes/",
    "/posts/{post}/",
    "/posts/{post}/provenance/",
    "/documents/",
    "/documents/{document}/",
    "/documents/{document}/text/",
    "/published/",
    "/sources/",
    "/sources/{source}/",
    "/channels/",
    "/rules/",
    "/rules/{rule}/test/",
    "/team/",
    "/history/",
    "/history/verify/",
    "/keys/",
    "/alarms/",
    "/alarms/{alarm}/",
    "/notifications/",
    "/own/",
    "/second/",
    "/stop/",
    "/periods/",
]
WRITE = ["/posts/{post}/edit/"]
APPROVE = ["/posts/{out}/withdraw/"]
REVIEW = [*WRITE, *APPROVE]
MANAGE = [
    "/sources/add/",
    "/sources/parts/",
    "/sources/{source}/parts/",
    "/sources/{source}/remove/",
    "/channels/add/bluesky/",
    "/channels/add/mastodon/",
    "/channels/add/x/",
    "/channels/add/sandbox/",
    "/channels/{channel}/reconnect/",
    "/channels/{channel}/remove/",
    "/channels/{channel}/approval/",
    "/team/{user}/forget/",
    "/rules/add/",
    "/rules/{rule}/",
    "/rules/{rule}/remove/",
]
WRITE_ACTIONS: dict[str, dict[str, str]] = {
    "/posts/{post}/edit/": {"revision": "{revision}", "base": "{revision}", "origin": "0", "text": "Other words"},
    "/posts/{post}/reject/": {"revision": "{revision}", "reason": "not now"},
    "/posts/{post}/unschedule/": {},
    "/posts/{post}/reopen/": {},
    "/documents/{document}/draft/": {},
    "/sources/{source}/check/": {},
    "/channels/{channel}/check/": {},
    "/alarms/{alarm}/close/": {"outcome": "seen to"},
    "/alarms/{alarm}/queue/": {"do": "queue"},
    "/alarms/{alarm}/posts/{out}/": {"act": "leave", "reason": "as it is"},
    "/stop/": {"scope": "everything"},
    "/periods/": {"name": "Mourning", "ends_at": "2099-01-01T10:00"},
}
APPROVE_ACTIONS: dict[str, dict[str, str]] = {
    "/posts/{post}/approve/": {"revision": "{revision}"},
    "/posts/{post}/schedule/": {"revision": "{revision}", "at": "2099-01-01T10:00"},
    "/posts/{post}/reschedule/": {"at": "2099-01-01T10:00"},
    "/posts/{post}/send-now/": {},
    "/posts/{post}/retry/": {},
    "/posts/{post}/leave/": {},
    "/posts/{post}/decide/": {"out": "no"},
    "/posts/{out}/withdraw/": {},
    "/documents/{document}/approve/": {"seen": "{post}:{revision}:review"},
    "/stop/{hold}/lift/": {},
    "/periods/{period}/end/": {},
    "/posts/{post}/alone/": {"revision": "{revision}", "reason": "now"},
    "/emergencies/{emergency}/look/": {"outcome": "seen"},
    "/documents/{document}/lift-embargo/": {"outcome": "now"},
}
REVIEW_ACTIONS = {**WRITE_ACTIONS, **APPROVE_ACTIONS}
MANAGE_ACTIONS: dict[str, dict[str, str]] = {
    "/sources/add/": {"url": "http://127.0.0.1:9/feed", "do": "add"},
    "/sources/parts/test/": {"url": "http://127.0.0.1:9/news", "item": "li"},
    "/sources/{source}/": {"name": "Other"},
    "/sources/{source}/pause/": {},
    "/sources/{source}/resume/": {},
    "/sources/{source}/remove/": {},
    "/channels/add/sandbox/": {"credential-token": "t"},
    "/channels/{channel}/reconnect/": {},
    "/channels/{channel}/pause/": {},
    "/channels/{channel}/resume/": {},
    "/channels/{channel}/remove/": {},
    "/channels/{channel}/failure/": {"failure": "none"},
    "/channels/{channel}/approval/": {"four_eyes": "on", "approvals": "2"},
    "/second/{proposal}/confirm/": {},
    "/second/{proposal}/drop/": {},
    "/rules/add/": {"name": "n", "mode": "review", "position": "1"},
    "/rules/{rule}/": {"name": "n", "mode": "review", "position": "1"},
    "/rules/{rule}/remove/": {},
    "/team/{user}/role/": {"role": "administrator"},
    "/team/{user}/grant/": {"channel": "{channel}", "role": "administrator"},
    "/team/{user}/access/": {"active": "no"},
    "/team/{user}/sign-out/": {},
    "/team/{user}/password/": {},
    "/sample/remove/": {},
    "/notifications/places/": {"name": "Duty desk", "address": "duty@example.org"},
    "/notifications/places/{place}/test/": {},
    "/notifications/places/{place}/remove/": {},
}
ELSEWHERE = {
    "export-history",
    "healthz",
    "sign-in",
    "sign-out",
    "sign-out-everywhere",
    "welcome",
    "media",
    "measure",
    "push",
    "wishes",
    "test-message",
}
"""Addresses that have tests of their own."""


@pytest.fixture
def desk(db: None) -> Numbers:
    source, channel, rule = make_source(kind="listing"), make_channel(), make_rule()
    document = make_document(source)
    post = make_post(document, channel)
    assert post.revision_id
    out = make_post(make_document(source), channel, state="published")
    approval = signing.sign(post, "alice@example.org", not_before=timezone.now(), alone=True)
    proposal = proposals.propose(policy.ACT, make_user("administrator"), "channel", channel.pk, data=RELAXED)
    return {
        "emergency": Emergency.objects.create(post=post, approval=approval, reason="Flood", by="alice@example.org").pk,
        "proposal": proposal.pk,
        "alarm": alarms.raise_alarm(AlarmKind.VANISHED, "alarm.vanished", document=out.document).pk,
        "source": source.pk,
        "channel": channel.pk,
        "rule": rule.pk,
        "document": document.pk,
        "post": post.pk,
        "revision": post.revision_id,
        "out": out.pk,
        "hold": Hold.objects.create(scope="everything", set_by="alice@example.org").pk,
        "period": SensitivePeriod.objects.create(
            name="Mourning", starts_at=timezone.now(), ends_at=timezone.now() + timedelta(days=1), set_by="a@b.org"
        ).pk,
        "user": make_user("viewer").pk,
        "place": NoticeAddress.objects.create(name="Desk", sealed=seal({"address": "a@b.org"}), service="E-mail").pk,
    }


def _rows() -> list[Any]:
    return [
        list(Post.objects.order_by("pk").values_list("pk", "state", "revision")),
        list(Source.objects.order_by("pk").values_list("pk", "active")),
        list(Channel.objects.order_by("pk").values_list("pk", "active")),
        list(Rule.objects.order_by("pk").values_list("pk", "name")),
        list(User.objects.order_by("pk").values_list("pk", "role", "is_active")),
        list(Hold.objects.order_by("pk").values_list("pk", "lifted_at")),
        list(Channel.objects.order_by("pk").values_list("four_eyes", "approvals")),
        list(Proposal.objects.values_list("outcome")),
        list(Emergency.objects.values_list("reviewed_by")),
        list(SensitivePeriod.objects.values_list("pk", "ends_at")),
        Event.objects.count(),
    ]


def _filled(data: dict[str, str], desk: Numbers) -> dict[str, str]:
    return {name: value.format(**desk) for name, value in data.items()}


def test_every_address_of_the_desk_stands_in_this_file_or_has_tests_of_its_own() -> None:
    numbers = dict.fromkeys(NUMBERS, 1)
    listed = [*LOOK, *REVIEW, *MANAGE, *REVIEW_ACTIONS, *MANAGE_ACTIONS]
    tested = {resolve(path.format(**numbers)).url_name for path in listed}

    patterns: list[URLPattern | URLResolver] = list(urls.urlpatterns)
    assert {pattern.name for pattern in patterns if isinstance(pattern, URLPattern)} == tested | ELSEWHERE


@pytest.mark.parametrize("path", [*LOOK, *REVIEW, *MANAGE])
def test_page_without_sign_in_leads_to_it(stranger: Client, desk: Numbers, path: str) -> None:
    path = path.format(**desk)
    response = stranger.get(path)
    assert (response.status_code, response.headers["Location"]) == (302, f"/sign-in/?next={path}")


@pytest.mark.parametrize("path", LOOK)
@pytest.mark.parametrize("who", ["viewer", "editor", "approver", "administrator"])
def test_looking_is_for_everybody(request: pytest.FixtureRequest, desk: Numbers, path: str, who: str) -> None:
    client: Client = request.getfixturevalue(who)
    assert client.get(path.format(**desk), follow=True).status_code == 200


@pytest.mark.parametrize(
    ("who", "write", "approve", "manage"),
    [
        ("viewer", 403, 403, 403),
        ("editor", 200, 403, 403),
        ("approver", 200, 200, 403),
        ("administrator", 200, 200, 200),
    ],
)
def test_form_is_shown_to_those_who_may_send_it(
    request: pytest.FixtureRequest, desk: Numbers, who: str, write: int, approve: int, manage: int
) -> None:
    client: Client = request.getfixturevalue(who)
    assert {path: client.get(path.format(**desk)).status_code for path in WRITE} == dict.fromkeys(WRITE, write)
    assert {path: client.get(path.format(**desk)).status_code for path in APPROVE} == dict.fromkeys(APPROVE, approve)
    assert {path: client.get(path.format(**desk)).status_code for path in MANAGE} == dict.fromkeys(MANAGE, manage)


@pytest.mark.parametrize(("path", "data"), [*REVIEW_ACTIONS.items(), *MANAGE_ACTIONS.items()])
def test_viewer_changes_nothing(viewer: Client, desk: Numbers, path: str, data: dict[str, str]) -> None:
    before = _rows()
    response = viewer.post(path.format(**desk), _filled(data, desk))
    assert (response.status_code, _rows()) == (403, before)


@pytest.mark.parametrize(("path", "data"), APPROVE_ACTIONS.items())
def test_editor_gets_nothing_out(editor: Client, desk: Numbers, path: str, data: dict[str, str]) -> None:
    before = _rows()
    response = editor.post(path.format(**desk), _filled(data, desk))
    assert (response.status_code, _rows()) == (403, before)


@pytest.mark.parametrize("who", ["editor", "approver", "administrator"])
@pytest.mark.parametrize(("path", "data"), WRITE_ACTIONS.items())
def test_writing_is_open_to_those_who_write(
    request: pytest.FixtureRequest, desk: Numbers, path: str, data: dict[str, str], who: str
) -> None:
    client: Client = request.getfixturevalue(who)
    assert client.post(path.format(**desk), _filled(data, desk)).status_code != 403


@pytest.mark.parametrize(("path", "data"), {**WRITE_ACTIONS, **APPROVE_ACTIONS}.items())
def test_role_on_another_channel_opens_nothing_here(desk: Numbers, path: str, data: dict[str, str]) -> None:
    user = make_user("viewer")
    Grant.objects.create(user=user, channel=make_channel(), role="administrator")
    client = Client()
    client.force_login(user)
    before = _rows()
    response = client.post(path.format(**desk), _filled(data, desk))
    told = path.startswith("/documents/{document}/approve/")  # each post is refused by itself there
    assert (response.status_code, _rows()) == (302 if told else 403, before)


@pytest.mark.parametrize(("path", "data"), MANAGE_ACTIONS.items())
@pytest.mark.parametrize("who", ["editor", "approver"])
def test_only_administrators_manage(
    request: pytest.FixtureRequest, desk: Numbers, path: str, data: dict[str, str], who: str
) -> None:
    client: Client = request.getfixturevalue(who)
    before = _rows()
    response = client.post(path.format(**desk), _filled(data, desk))
    assert (response.status_code, _rows()) == (403, before)


@pytest.mark.parametrize(("path", "data"), [*REVIEW_ACTIONS.items(), *MANAGE_ACTIONS.items()])
def test_nobody_acts_without_sign_in(stranger: Client, desk: Numbers, path: str, data: dict[str, str]) -> None:
    before = _rows()
    response = stranger.post(path.format(**desk), _filled(data, desk))
    assert (response.status_code, _rows()) == (302, before)


@pytest.mark.parametrize(("path", "data"), [*REVIEW_ACTIONS.items(), *MANAGE_ACTIONS.items()])
def test_action_without_csrf_token_is_refused(desk: Numbers, path: str, data: dict[str, str]) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_user("administrator"))
    before = _rows()
    response = client.post(path.format(**desk), _filled(data, desk))
    assert (response.status_code, _rows()) == (403, before)


@pytest.mark.parametrize("path", [*LOOK, *REVIEW, *MANAGE, *REVIEW_ACTIONS, *MANAGE_ACTIONS])
def test_get_never_changes_anything(administrator: Client, desk: Numbers, path: str) -> None:
    before = _rows()
    administrator.get(path.format(**desk))
    assert _rows() == before


@pytest.mark.parametrize("path", [path for path in [*REVIEW_ACTIONS, *MANAGE_ACTIONS] if "{" in path])
def test_address_of_what_is_not_there_is_not_found(administrator: Client, db: None, path: str) -> None:
    gone = dict.fromkeys(NUMBERS, 987654)
    data = _filled({**REVIEW_ACTIONS, **MANAGE_ACTIONS}[path], gone)
    assert administrator.post(path.format(**gone), data).status_code == 404


def test_viewer_sees_no_buttons_to_act(viewer: Client, desk: Numbers) -> None:
    page = viewer.get("/").content.decode()
    assert "Approve and send" not in page
    assert "/stop/" not in page


def test_admin_signs_in_at_the_desk(stranger: Client) -> None:
    response = stranger.get("/admin/login/")
    assert (response.status_code, response.headers["Location"]) == (302, "/sign-in/?next=%2Fadmin%2F")


@pytest.mark.parametrize(("who", "status"), [("viewer", 403), ("editor", 403), ("administrator", 200)])
def test_admin_is_for_administrators(request: pytest.FixtureRequest, who: str, status: int) -> None:
    client: Client = request.getfixturevalue(who)
    assert client.get("/admin/", follow=True).status_code == status


def test_admin_shows_no_secret_and_changes_no_state(administrator: Client, desk: Numbers) -> None:
    channel = administrator.get(f"/admin/publisher/channel/{desk['channel']}/change/")
    assert (channel.status_code, "credentials" in channel.content.decode().lower()) == (200, False)
    assert administrator.get("/admin/publisher/post/add/").status_code == 403
    page = administrator.get(f"/admin/publisher/post/{desk['post']}/change/").content.decode()
    assert 'name="_save"' not in page
