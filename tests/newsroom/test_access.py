"""The way in: one-time links, throttled passwords, roles."""

from datetime import timedelta

import pytest
from django.utils import timezone

from publisher.enums import Role
from publisher.errors import InvalidInput, NotAllowed
from publisher.models import Event, Invitation, SignInFailure, User
from publisher.newsroom import access, grants
from publisher.newsroom.signin import steps
from tests.factories import make_channel

GOOD = "correct horse battery"


def token(link: str | None) -> str:
    assert link is not None
    return link.rstrip("/").rsplit("/", 1)[1]


def test_first_person_becomes_administrator(db: None) -> None:
    user = access.redeem(token(access.first_person_link()), name="Alice", email="Alice@Example.org", password=GOOD)
    assert (user.email, user.role, access.first_person_link()) == ("alice@example.org", Role.ADMINISTRATOR, None)


def test_link_works_once(db: None) -> None:
    link = token(access.first_person_link())
    access.redeem(link, name="Alice", email="alice@example.org", password=GOOD)
    with pytest.raises(NotAllowed):
        access.redeem(link, name="Mallory", email="mallory@example.org", password=GOOD)


def test_link_of_an_earlier_start_stops_working(db: None) -> None:
    earlier = token(access.first_person_link())
    access.first_person_link()
    with pytest.raises(NotAllowed):
        access.open_invitation(earlier)


def test_link_grows_old(administrator: User) -> None:
    link = access.invite("dana@example.org", Role.EDITOR, administrator)
    Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    with pytest.raises(NotAllowed):
        access.open_invitation(link)


def test_token_is_not_kept(administrator: User) -> None:
    link = access.invite("dana@example.org", Role.EDITOR, administrator)
    assert link not in str(Invitation.objects.values().get())


def test_invited_colleague_gets_the_role_and_the_address_of_the_invitation(administrator: User) -> None:
    link = access.invite("dana@example.org", Role.VIEWER, administrator)
    user = access.redeem(link, name="Dana", email="other@example.org", password=GOOD)
    assert (user.email, user.role) == ("dana@example.org", Role.VIEWER)


@pytest.mark.parametrize("password", ["short", "password1234", "123456789012", "alice@example.org"])
def test_weak_password_is_refused_and_the_link_stays_good(db: None, password: str) -> None:
    link = token(access.first_person_link())
    with pytest.raises(InvalidInput):
        access.redeem(link, name="Alice", email="alice@example.org", password=password)
    assert access.redeem(link, name="Alice", email="alice@example.org", password=GOOD).name == "Alice"


def test_editor_may_not_invite(editor: User) -> None:
    with pytest.raises(NotAllowed):
        access.invite("dana@example.org", Role.EDITOR, editor)


def test_right_password_lets_in(editor: User) -> None:
    assert steps.by_password(" Emma@example.org ", GOOD, "127.0.0.1") == editor


def test_wrong_password_and_unknown_address_sound_alike(editor: User) -> None:
    with pytest.raises(NotAllowed) as wrong:
        steps.by_password("emma@example.org", "wrong", "127.0.0.1")
    with pytest.raises(NotAllowed) as unknown:
        steps.by_password("nobody@example.org", "wrong", "127.0.0.1")
    assert wrong.value.sentence == unknown.value.sentence


def test_after_five_wrong_passwords_even_the_right_one_has_to_wait(editor: User) -> None:
    for _ in range(5):
        with pytest.raises(NotAllowed):
            steps.by_password("emma@example.org", "wrong", "127.0.0.1")
    with pytest.raises(NotAllowed) as caught:
        steps.by_password("emma@example.org", GOOD, "127.0.0.1")
    assert caught.value.sentence == "Too many failed tries. Wait 15 minutes, then try again."
    SignInFailure.objects.update(at=timezone.now() - timedelta(minutes=16))
    assert steps.by_password("emma@example.org", GOOD, "127.0.0.1") == editor


def test_one_network_address_cannot_try_every_account(editor: User) -> None:
    for number in range(20):
        with pytest.raises(NotAllowed):
            steps.by_password(f"guess{number}@example.org", "wrong", "203.0.113.9")
    with pytest.raises(NotAllowed):
        steps.by_password("emma@example.org", GOOD, "203.0.113.9")
    assert steps.by_password("emma@example.org", GOOD, "127.0.0.1") == editor


def test_last_administrator_stays_one(administrator: User) -> None:
    with pytest.raises(InvalidInput):
        access.set_role(administrator.pk, Role.EDITOR, administrator)
    assert User.objects.get(pk=administrator.pk).role == Role.ADMINISTRATOR


def test_password_link_sets_a_new_password(editor: User) -> None:
    access.redeem(
        token(access.password_link(editor, "alice@example.org")), name="", email="", password="another fine phrase"
    )
    assert steps.by_password("emma@example.org", "another fine phrase", "127.0.0.1") == editor


ALL = {"view", "write", "approve", "stop", "manage"}


@pytest.mark.parametrize(
    ("role", "may"),
    [
        (Role.ADMINISTRATOR, ALL),
        (Role.APPROVER, ALL - {"manage"}),
        (Role.EDITOR, {"view", "write", "stop"}),
        (Role.VIEWER, {"view"}),
    ],
)
def test_roles_may_do_what_they_say(role: Role, may: set[str]) -> None:
    assert {action for action in access.MAY if access.can(User(role=role), action)} == may


def test_somebody_shut_out_may_do_nothing() -> None:
    user = User(role=Role.ADMINISTRATOR, is_active=False)
    assert [action for action in access.MAY if access.can(user, action)] == []


def test_role_on_one_channel_counts_there_and_nowhere_else(viewer: User, administrator: User) -> None:
    here, elsewhere = make_channel(), make_channel()
    grants.give(viewer.pk, here.pk, Role.APPROVER, administrator)
    may = {name: access.can(viewer, "approve", channel) for name, channel in [("here", here), ("there", elsewhere)]}
    assert may | {"all": access.can(viewer, "approve")} == {"here": True, "there": False, "all": False}
    assert (access.can_somewhere(viewer, "approve"), access.can_somewhere(viewer, "manage")) == (True, False)


def test_role_on_one_channel_takes_nothing_away(approver: User, administrator: User) -> None:
    channel = make_channel()
    grants.give(approver.pk, channel.pk, Role.VIEWER, administrator)
    assert access.can(approver, "approve", channel)


def test_role_that_was_taken_away_meanwhile_counts_no_more(viewer: User, administrator: User) -> None:
    """The caller's object is older than the rows."""
    channel = make_channel()
    grants.give(viewer.pk, channel.pk, Role.APPROVER, administrator)
    access.require(viewer, "approve", channel)
    assert access.can(viewer, "approve", channel)  # and so it stands on the object
    grants.take(viewer.pk, channel.pk, administrator)
    with pytest.raises(NotAllowed):
        access.require(viewer, "approve", channel)


def test_somebody_shut_out_meanwhile_may_do_nothing(approver: User, administrator: User) -> None:
    access.set_active(approver.pk, administrator, active=False)
    with pytest.raises(NotAllowed):
        access.require(approver, "approve")


def test_only_administrators_give_roles(approver: User) -> None:
    channel = make_channel()
    with pytest.raises(NotAllowed):
        grants.give(approver.pk, channel.pk, Role.ADMINISTRATOR, approver)
    with pytest.raises(NotAllowed):
        grants.take(approver.pk, channel.pk, approver)


def test_roles_on_channels_stand_in_the_history(viewer: User, administrator: User) -> None:
    channel = make_channel()
    grants.give(viewer.pk, channel.pk, Role.EDITOR, administrator)
    grants.take(viewer.pk, channel.pk, administrator)
    found = Event.objects.filter(subject="team", subject_id=viewer.pk).order_by("pk")
    assert [(event.verb, event.data) for event in found] == [
        ("grant", {"role": "editor", "channel": channel.pk}),
        ("take grant", {"channel": channel.pk}),
    ]
