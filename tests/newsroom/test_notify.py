"""People are told: once for each cause, through a real mail server and a real chat, and nothing is lost on the way."""

import logging
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import transaction
from django.urls import resolve
from django.utils import timezone

from publisher import messages
from publisher.enums import AlarmKind, ChannelHealth, NoticeKind, PostState, Role
from publisher.errors import AccountBlocked, InvalidInput, NotAllowed
from publisher.models import Channel, Event, Notice, NoticeAddress, Post, SandboxAccount, Source, Telling, User
from publisher.models.sandbox import SandboxFailure
from publisher.newsroom import channels
from publisher.newsroom.alerts import alarms, notify, outbox, places, wishes
from publisher.newsroom.approval import review
from publisher.newsroom.record import audit
from publisher.newsroom.sending import delivery
from publisher.newsroom.workflow import move
from tests.factories import make_channel, make_document, make_post, make_user
from tests.peers.sinks import Chat, Mailbox, use

LATER = timedelta(minutes=10)


def run(after: timedelta = LATER) -> None:
    """A round of the outbox, so much later."""
    now = timezone.now() + after
    outbox.spread(now)
    outbox.send(now)


def fail(post: Post, reason: str = "The network refused the post.") -> Post:
    return move(post, "refuse", actor=audit.SERVICE, reason=reason)


def sending(**fields: object) -> Post:
    return make_post(state=PostState.SENDING, **fields)  # type: ignore[arg-type]  # fields of the row


# --- what people hear of ----------------------------------------------------------------------------------------------


def test_failed_post_is_told_once_with_the_next_step_and_a_link(mailbox: Mailbox, editor: User) -> None:
    post = fail(sending())
    run()
    run(2 * LATER)
    assert mailbox.to == [editor.email]
    (text,) = mailbox.texts
    assert mailbox.subjects == [f"[Publisher] Not sent: {post.document.title}"]
    assert text.splitlines()[:4] == [
        f"Not sent: {post.document.title}",
        f"This post did not go out on {post.channel.name}. The network refused the post.",
        "What to do: Open the post: try again as it was approved, or change it and have it approved again.",
        f"http://127.0.0.1:8000/posts/{post.pk}/",
    ]


def test_message_is_marked_as_automatic_and_keeps_its_number(mailbox: Mailbox, editor: User) -> None:
    fail(sending())
    run()
    ((_, first),) = mailbox.taken
    Telling.objects.update(sent_at=None)  # as if we had died before writing it down
    run(2 * LATER)
    second = mailbox.taken[1][1]
    assert (first["Auto-Submitted"], first["From"]) == ("auto-generated", "publisher@example.org")
    assert first["Message-ID"] == second["Message-ID"]


@pytest.mark.parametrize(
    ("state", "verb", "subject"),
    [
        (PostState.SENDING, "refuse", "[Publisher] Not sent: "),
        (PostState.SENDING, "lose", "[Publisher] Sent or not? "),
        (PostState.SCHEDULED, "expire", "[Publisher] Too late to send: "),
    ],
)
def test_each_state_that_needs_a_person_is_told(
    mailbox: Mailbox, editor: User, state: PostState, verb: str, subject: str
) -> None:
    post = move(make_post(state=state), verb, actor=audit.SERVICE, reason="Why.")
    run()
    assert mailbox.subjects == [subject + post.document.title]


def test_uncertain_post_that_the_look_up_settles_in_time_wakes_nobody(mailbox: Mailbox, editor: User) -> None:
    post = move(sending(), "lose", actor=audit.SERVICE, reason="No answer.")
    run(timedelta(seconds=60))
    move(post, "find", actor=audit.SERVICE, published_at=timezone.now())
    run()
    assert mailbox.taken == []


def test_post_that_a_person_has_seen_to_meanwhile_is_not_told(mailbox: Mailbox, editor: User) -> None:
    post = fail(sending())
    move(post, "retry", actor=editor.email, due_at=timezone.now())
    run()
    assert mailbox.taken == []


def test_what_settles_while_the_mail_server_is_away_is_not_told_any_more(mailbox: Mailbox, editor: User) -> None:
    post = fail(sending())
    outbox.spread(timezone.now() + LATER)
    move(post, "retry", actor=editor.email, due_at=timezone.now())
    outbox.send(timezone.now() + LATER)
    assert (mailbox.taken, outbox.waiting_count()) == ([], 0)


def test_post_that_fails_again_after_a_retry_is_told_again(mailbox: Mailbox, editor: User) -> None:
    post = fail(sending())
    run()
    move(post, "retry", actor=editor.email, due_at=timezone.now())
    move(post, "claim", actor=audit.SERVICE, claimed_by="w", claimed_until=timezone.now())
    fail(post)
    run(3 * LATER)
    assert len(mailbox.taken) == 2


def test_notice_is_undone_with_its_cause(editor: User) -> None:
    post = sending()
    with transaction.atomic():
        fail(post)
        transaction.set_rollback(True)
    assert Notice.objects.count() == 0


def test_every_alarm_is_told_with_its_sentence(mailbox: Mailbox, editor: User, source: Source) -> None:
    alarm = alarms.raise_alarm(AlarmKind.LAYOUT, "source.layout", source=source)
    alarms.raise_alarm(AlarmKind.LAYOUT, "source.layout", source=source)
    run()
    assert mailbox.subjects == ["[Publisher] Page rebuilt: Press Corner"]
    assert mailbox.texts[0].splitlines()[1:4] == [
        alarm.sentence,
        "What to do: Pick the parts of the page anew on the source's page.",
        f"http://127.0.0.1:8000/alarms/{alarm.pk}/",
    ]


def test_alarm_that_settles_itself_at_once_is_told_to_nobody(mailbox: Mailbox, editor: User, source: Source) -> None:
    alarm = alarms.raise_alarm(AlarmKind.GAP, "source.layout", source=source)
    alarms.close(alarm.pk, audit.SERVICE)
    run()
    assert mailbox.taken == []


def test_title_under_embargo_does_not_leave_the_desk(mailbox: Mailbox, editor: User) -> None:
    document = make_document(title="Secret measure", embargo_until=timezone.now() + timedelta(days=1))
    fail(sending(document=document))
    run()
    assert "Secret measure" not in mailbox.subjects[0] + mailbox.texts[0]


@pytest.mark.parametrize("kind", NoticeKind)
def test_every_kind_has_a_title_and_a_step(kind: NoticeKind) -> None:
    assert messages.sentence(f"notice.title.{kind}", subject="X")
    assert messages.sentence(f"notice.step.{kind}")


def test_every_kind_of_alarm_is_a_kind_of_notice() -> None:
    assert set(AlarmKind) - set(NoticeKind) == set()


@pytest.mark.parametrize("path", ["/posts/1/", "/alarms/1/", "/channels/", "/notifications/", "/"])
def test_links_lead_to_pages_of_the_desk(path: str) -> None:
    assert resolve(path)


# --- one message per cause --------------------------------------------------------------------------------------------


def test_blocked_account_is_one_message_however_many_posts_fail(
    mailbox: Mailbox, channel: Channel, account: SandboxAccount, waiting: Callable[..., Post], editor: User
) -> None:
    approver = make_user(Role.APPROVER)
    for person in User.objects.exclude(pk=editor.pk):
        wishes.choose(person, [])
    SandboxAccount.objects.set_failure(account.handle, SandboxFailure.SUSPENDED)
    for number in (1, 2):
        post = waiting(number)
        assert post.revision_id is not None
        review.approve(post.pk, approver, revision_id=post.revision_id)
    for post in Post.objects.all():
        delivery.deliver(post.pk)
    channels.block(channel, AccountBlocked("network.account_blocked", network="Sandbox", why="Again."))
    run()
    assert mailbox.subjects == [f"[Publisher] Shut out: {channel.name}"]


def test_channel_blocked_anew_after_reconnecting_is_told_anew(mailbox: Mailbox, editor: User) -> None:
    channel = make_channel()
    for after in (LATER, 5 * LATER):
        channels.block(channel, AccountBlocked("network.credentials", network="Sandbox"))
        run(after)
        Channel.objects.filter(pk=channel.pk).update(health=ChannelHealth.OK, problem="")
        notify.channel_checked(channels.get(channel.pk))
    assert len(mailbox.taken) == 2


def test_posts_that_fail_together_on_one_channel_share_a_message(mailbox: Mailbox, editor: User) -> None:
    channel = make_channel()
    for _ in range(3):
        fail(sending(channel=channel))
    run()
    (subject,) = mailbox.subjects
    assert subject.endswith("(+2)")
    assert mailbox.texts[0].count("What to do:") == 3
    assert Telling.objects.filter(sent_at=None).count() == 0


def test_more_of_the_same_waits_a_quarter_of_an_hour(mailbox: Mailbox, editor: User) -> None:
    channel = make_channel()
    fail(sending(channel=channel))
    run(timedelta(minutes=1))
    fail(sending(channel=channel))
    fail(sending(channel=channel))
    run(timedelta(minutes=2))
    assert len(mailbox.taken) == 1
    run(timedelta(minutes=20))
    assert (len(mailbox.taken), mailbox.subjects[1].endswith("(+1)")) == (2, True)


def test_flood_of_different_things_is_one_message(mailbox: Mailbox, editor: User) -> None:
    for _ in range(30):
        fail(sending())
    run()
    assert mailbox.subjects == ["[Publisher] Not sent: " + mailbox.subjects[0].partition("sent: ")[2]]
    assert "… and 10 more; the desk shows all." in mailbox.texts[0]


# --- who hears of it --------------------------------------------------------------------------------------------------


def test_everybody_who_may_act_is_told_and_who_only_looks_is_not(
    mailbox: Mailbox, administrator: User, editor: User, viewer: User
) -> None:
    fail(sending())
    run()
    assert sorted(mailbox.to) == [administrator.email, editor.email]


def test_person_may_turn_a_kind_off_and_a_viewer_may_turn_one_on(mailbox: Mailbox, editor: User, viewer: User) -> None:
    wishes.choose(editor, [NoticeKind.EXPIRED])
    wishes.choose(viewer, [NoticeKind.FAILED])
    fail(sending())
    run()
    assert mailbox.to == [viewer.email]


def test_person_who_was_shut_out_is_told_nothing(mailbox: Mailbox, editor: User) -> None:
    User.objects.update(is_active=False)
    fail(sending())
    run()
    assert mailbox.taken == []


def test_what_is_for_one_person_reaches_nobody_else(
    mailbox: Mailbox, chat: Chat, administrator: User, editor: User
) -> None:
    places.add(administrator, name="Press team", address=chat.address)
    notify.tell("mention:1", NoticeKind.PERSONAL, "notice.test", subject="X", params={"name": "X"}, people=[editor])
    run()
    assert (mailbox.to, chat.taken) == ([editor.email], [])


def test_emergency_cannot_be_turned_off(editor: User) -> None:
    wishes.choose(editor, [])
    assert wishes.choices(editor)[NoticeKind.EMERGENCY]


# --- chats ------------------------------------------------------------------------------------------------------------


def test_chat_is_told_the_kinds_that_it_takes(mailbox: Mailbox, chat: Chat, administrator: User) -> None:
    places.add(administrator, name="Press team", address=chat.address, kinds=[NoticeKind.EXPIRED])
    fail(sending())
    post = move(make_post(state=PostState.SCHEDULED), "expire", actor=audit.SERVICE)
    run()
    assert [told["title"] for told in chat.taken] == [f"[Publisher] Too late to send: {post.document.title}"]


def test_newsroom_without_mail_server_is_told_in_its_chat(chat: Chat, administrator: User) -> None:
    places.add(administrator, name="Press team", address=chat.address)
    fail(sending())
    run()
    assert (len(chat.taken), Telling.objects.count()) == (1, 1)


def test_e_mail_address_of_the_newsroom_is_told_through_the_mail_server(mailbox: Mailbox, administrator: User) -> None:
    wishes.choose(administrator, [])
    places.add(administrator, name="Duty desk", address="duty@example.org")
    fail(sending())
    run()
    assert mailbox.to == ["duty@example.org"]


def test_chat_that_does_not_take_it_is_asked_again(chat: Chat, administrator: User) -> None:
    places.add(administrator, name="Press team", address=chat.address)
    chat.status = 500
    fail(sending())
    run()
    telling = Telling.objects.get()
    assert (telling.tries, telling.sent_at) == (1, None)
    assert telling.problem.startswith("JSON did not take the message.")
    chat.status = 200
    run(4 * LATER)
    assert (len(chat.taken), outbox.trouble()) == (1, "")


@pytest.mark.parametrize("address", ["nonsense", "nonsense://x", "press team", "slack://", "", "syslog://", "dbus://"])
def test_address_of_no_service_is_refused(administrator: User, address: str) -> None:
    with pytest.raises(InvalidInput):
        places.add(administrator, name="Press team", address=address)


def test_address_is_sealed_and_in_no_event(administrator: User, chat: Chat) -> None:
    place = places.add(administrator, name="Press team", address=chat.address)
    assert "t0ken" not in place.sealed
    assert [event for event in Event.objects.values() if "t0ken" in str(event)] == []
    assert (place.service, places.opened(place)) == ("JSON", chat.address)


def test_two_places_of_one_name_are_refused(administrator: User, chat: Chat) -> None:
    places.add(administrator, name="Press team", address=chat.address)
    with pytest.raises(InvalidInput) as refused:
        places.add(administrator, name=" Press team ", address=chat.address)
    assert refused.value.key == "place.name_taken"


def test_only_who_manages_adds_and_removes_places(administrator: User, editor: User, chat: Chat) -> None:
    place = places.add(administrator, name="Press team", address=chat.address)
    with pytest.raises(NotAllowed):
        places.add(editor, name="Other", address=chat.address)
    with pytest.raises(NotAllowed):
        places.remove(place.pk, editor)
    places.remove(place.pk, administrator)
    assert NoticeAddress.objects.count() == 0


def test_no_secret_is_logged_or_kept(
    mailbox: Mailbox, chat: Chat, administrator: User, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    places.add(administrator, name="Press team", address=chat.address)
    use(monkeypatch, smtp_password="wr0ng")
    chat.status = 403
    fail(sending())
    run()
    kept = " ".join(Telling.objects.values_list("problem", flat=True)) + str(list(Telling.objects.values()))
    assert Telling.objects.exclude(problem="").count() == 2
    assert [secret for secret in ("t0ken", "wr0ng", "d3IwbmcK") if secret in kept + caplog.text] == []


# --- nothing is lost --------------------------------------------------------------------------------------------------


def test_mail_server_that_is_away_loses_nothing(
    mailbox: Mailbox, editor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    port, away = mailbox.port, 9
    use(monkeypatch, smtp_port=away)
    fail(sending())
    run()
    telling = Telling.objects.get()
    assert telling.problem == (
        "The mail server 127.0.0.1, port 9, cannot be reached. Messages wait and are sent again by themselves."
    )
    assert (outbox.trouble(), outbox.waiting_count()) == (telling.problem, 1)
    use(monkeypatch, smtp_port=port)
    run(4 * LATER)
    assert (mailbox.to, outbox.trouble()) == ([editor.email], "")


def test_mail_server_that_is_away_is_asked_once_a_round(
    mailbox: Mailbox, administrator: User, editor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(monkeypatch, smtp_port=9)
    fail(sending())
    run()
    assert sorted(Telling.objects.values_list("tries", flat=True)) == [0, 1]


def test_wrong_password_is_told_as_such(mailbox: Mailbox, editor: User, monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, smtp_password="wrong")
    fail(sending())
    run()
    assert outbox.trouble() == messages.sentence("mail.credentials", host="127.0.0.1")


def test_mail_server_without_encryption_gets_nothing_unless_that_is_set(
    mailbox: Mailbox, editor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(monkeypatch, smtp_security="starttls")
    fail(sending())
    run()
    assert mailbox.taken == []
    assert outbox.trouble() == messages.sentence("mail.not_secure", host="127.0.0.1", port=mailbox.port)


def test_unknown_mailbox_keeps_nobody_else_waiting(mailbox: Mailbox, administrator: User, editor: User) -> None:
    mailbox.refuses.add(administrator.email)
    fail(sending())
    run()
    assert mailbox.to == [editor.email]


def test_message_is_given_up_after_three_days_and_stays_counted(mailbox: Mailbox, editor: User) -> None:
    mailbox.answer = "554 no"
    fail(sending())
    run()
    Notice.objects.update(raised_at=timezone.now() - timedelta(days=4))
    run(4 * LATER)
    run(8 * LATER)
    telling = Telling.objects.get()
    assert (telling.tries, telling.given_up_at is not None, outbox.waiting_count()) == (2, True, 1)


def test_claim_of_a_process_that_died_runs_out(mailbox: Mailbox, editor: User) -> None:
    fail(sending())
    now = timezone.now()
    outbox.spread(now + LATER)
    assert len(outbox._claim(editor.pk, None, now + LATER)) == 1  # … and killed here
    outbox.send(now + LATER - timedelta(minutes=6))
    assert mailbox.taken == []
    run(LATER + outbox.LEASE)
    assert mailbox.to == [editor.email]


def test_two_workers_tell_once(mailbox: Mailbox, editor: User) -> None:
    fail(sending())
    now = timezone.now() + timedelta(minutes=1)
    outbox.spread(now)
    outbox.spread(now)
    claims = [outbox._claim(editor.pk, None, now), outbox._claim(editor.pk, None, now)]
    assert [len(claim) for claim in claims] == [1, 0]


def test_what_is_long_settled_is_forgotten_and_what_stands_is_not(mailbox: Mailbox, editor: User) -> None:
    settled, standing = fail(sending()), fail(sending())
    run()
    move(settled, "edit", actor=editor.email)
    outbox.prune(timezone.now() + timedelta(days=89))
    assert Notice.objects.count() == 2
    outbox.prune(timezone.now() + timedelta(days=91))
    assert [notice.cause for notice in Notice.objects.all()] == [f"post:{standing.pk}:failed"]


def test_notice_that_cannot_be_put_into_words_keeps_no_other_waiting(mailbox: Mailbox, editor: User) -> None:
    notify.tell("broken:1", NoticeKind.ALARM, "no.such.sentence", subject="X")
    post = fail(sending())
    run()
    assert mailbox.subjects == [f"[Publisher] Not sent: {post.document.title}"]
