"""The page Notifications: what I am told, where all are told, what became of it."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from selectolax.lexbor import LexborHTMLParser

from publisher.enums import NoticeKind
from publisher.models import Channel, NoticeAddress, NoticeWish, User
from publisher.newsroom.alerts import outbox, wishes
from publisher.newsroom.workflow import move
from tests.factories import make_channel, make_post
from tests.peers.sinks import Chat, Mailbox

PAGE = "/notifications/"


def page(client: Client, path: str = PAGE) -> str:
    return client.get(path).content.decode()


def fail() -> None:
    move(make_post(state="sending"), "refuse", actor="publisher", reason="The network refused the post.")
    now = timezone.now() + timedelta(minutes=1)
    outbox.spread(now)
    outbox.send(now)


def test_person_says_what_they_want_to_be_told(editor: Client) -> None:
    answer = editor.post("/notifications/wishes/", {"kinds": ["failed", "digest"]})
    assert (answer.status_code, answer.headers["Location"]) == (302, PAGE)
    wanted = {kind for kind, yes in wishes.choices(User.objects.get()).items() if yes}
    assert wanted == {NoticeKind.FAILED, NoticeKind.DIGEST, NoticeKind.TEST, NoticeKind.EMERGENCY, NoticeKind.ANCHOR}
    assert page(editor).count('name="kinds"') == page(editor).count('type="checkbox"')
    assert 'value="failed" id="id_kinds_0" checked' in page(editor)


def test_viewer_chooses_for_themselves_alone(viewer: Client, editor: Client) -> None:
    viewer.post("/notifications/wishes/", {"kinds": ["failed"]})
    assert [wish.user.role for wish in NoticeWish.objects.all()] == ["viewer"]


def test_kind_that_is_none_is_refused(editor: Client) -> None:
    assert editor.post("/notifications/wishes/", {"kinds": ["weather"]}).status_code == 422


def test_test_goes_to_who_asks(editor: Client, mailbox: Mailbox) -> None:
    answer = editor.post("/notifications/test/", follow=True)
    email = User.objects.get().email
    assert (mailbox.to, f"A test was sent to {email}." in answer.content.decode()) == ([email], True)


def test_test_that_fails_says_why(editor: Client, mailbox: Mailbox) -> None:
    mailbox.answer = "554 no"
    answer = editor.post("/notifications/test/")
    assert (answer.status_code, "took no message for" in answer.content.decode()) == (422, True)


def test_page_without_mail_server_says_what_to_set(editor: Client) -> None:
    assert "PUBLISHER_SMTP_HOST" in page(editor)


def test_place_is_added_tried_out_and_removed_and_its_address_never_shown(administrator: Client, chat: Chat) -> None:
    administrator.post("/notifications/places/", {"name": "Press team", "address": chat.address})
    place = NoticeAddress.objects.get()
    assert ("Press team" in page(administrator), "t0ken" in page(administrator)) == (True, False)
    administrator.post(f"/notifications/places/{place.pk}/test/")
    assert len(chat.taken) == 1
    administrator.post(f"/notifications/places/{place.pk}/remove/")
    assert NoticeAddress.objects.count() == 0


@pytest.mark.parametrize(
    ("name", "address"), [("", "json://x"), ("Press", "nonsense"), ("Press", ""), ("Press", "syslog://")]
)
def test_wrong_place_is_shown_with_a_sentence_and_without_its_address(
    administrator: Client, name: str, address: str
) -> None:
    answer = administrator.post("/notifications/places/", {"name": name, "address": address})
    assert (answer.status_code, "issue error" in answer.content.decode()) == (422, True)
    assert not address or f'value="{address}"' not in answer.content.decode()


def test_page_tells_who_was_told(editor: Client, mailbox: Mailbox) -> None:
    fail()
    text = page(editor)
    assert ("Not sent: Statement number" in text, f"{User.objects.get()}: told" in text) == (True, True)


def test_mail_server_that_fails_is_shown_on_every_page_to_who_can_mend_it(
    administrator: Client, viewer: Client, mailbox: Mailbox
) -> None:
    mailbox.answer = "554 no"
    fail()
    assert "Messages to people do not get through." in page(administrator, "/")
    assert "Messages to people do not get through." not in page(viewer, "/")
    assert "1 message waits." in page(viewer)


@pytest.mark.parametrize(
    ("left", "said"),
    [
        (timedelta(days=6, hours=2), ["Connected", "Access ends in 6 days"]),
        (timedelta(days=1, hours=2), ["Connected", "Access ends in 1 day"]),
        (timedelta(hours=2), ["Connected", "Access ends within a day"]),
        (timedelta(hours=-2), ["Access has ended"]),
    ],
)
def test_channel_shows_when_its_access_ends(viewer: Client, left: timedelta, said: list[str]) -> None:
    channel = make_channel()
    Channel.objects.update(account={**channel.account, "expires_at": (timezone.now() + left).isoformat()})
    states = LexborHTMLParser(viewer.get("/channels/").content).css(".state")
    assert [state.text() for state in states] == said
