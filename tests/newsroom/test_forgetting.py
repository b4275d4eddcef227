"""Who is forgotten is found nowhere, and the record of what they did is whole."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.utils import timezone

from publisher.errors import InvalidInput, NotAllowed
from publisher.models import Alarm, Approval, Event, Hold, Invitation, Post, Source, User
from publisher.newsroom import access, queries
from publisher.newsroom.approval import review
from publisher.newsroom.record import audit, chain, forgetting, provenance
from publisher.newsroom.sending import holds
from publisher.newsroom.signin import steps

Waiting = Callable[..., Post]


def everything() -> str:
    """All rows of all tables, as text."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608  # our own tables
            found += [repr(row) for row in cursor.fetchall()]
    return "\n".join(found)


def test_forgotten_person_stands_nowhere_and_the_chain_holds(
    administrator: User, approver: User, waiting: Waiting
) -> None:
    post = waiting()
    review.approve(post.pk, approver, revision_id=post.revision_id or 0)
    hold = holds.set(approver, scope="everything", reason="A pause")
    access.set_role(approver.pk, "editor", administrator)
    email, name = approver.email, approver.name
    number = forgetting.forget(approver.pk, administrator)
    assert email not in everything()
    assert name not in everything()
    seen = chain.verify()
    assert (seen.intact, seen.count) == (True, Event.objects.count())
    assert [event.actor for event in Event.objects.filter(verb="approve")] == [number]
    assert provenance.of(post.pk)["approvals"][0]["by"] == number
    assert Hold.objects.get(pk=hold.pk).set_by == number
    assert Approval.objects.get().user_id == approver.pk  # four eyes still know that it is one and the same
    assert approver.pk not in [user.pk for user in queries.users()]
    with pytest.raises(NotAllowed):
        steps.by_password(email, "correct horse battery", "127.0.0.1")


def test_same_address_coming_back_is_somebody_else(administrator: User, editor: User) -> None:
    email = editor.email
    audit.record(email, "post", 1, "edit")
    number = forgetting.forget(editor.pk, administrator)
    audit.record(email, "post", 2, "edit")
    assert [event.actor for event in Event.objects.filter(verb="edit")] == [number, email]
    assert chain.verify().intact


def test_invitation_of_a_forgotten_person_goes(administrator: User, editor: User) -> None:
    access.password_link(editor, administrator.email)
    forgetting.forget(editor.pk, administrator)
    assert not Invitation.objects.exists()


def test_notes_of_alarms_are_renamed(administrator: User, editor: User, source: Source) -> None:
    now = timezone.now()
    acts = {"acts": {"1": {"by": editor.email}}}
    alarm = Alarm.objects.create(kind="silence", key="alarm.moved", source=source, data=acts, raised_at=now)
    number = forgetting.forget(editor.pk, administrator)
    assert Alarm.objects.get(pk=alarm.pk).data == {"acts": {"1": {"by": number}}}


def test_nobody_is_forgotten_by_themselves_or_by_who_may_not(administrator: User, editor: User) -> None:
    with pytest.raises(InvalidInput, match="another administrator"):
        forgetting.forget(administrator.pk, administrator)
    with pytest.raises(NotAllowed):
        forgetting.forget(administrator.pk, editor)
    forgetting.forget(editor.pk, administrator)
    with pytest.raises(InvalidInput):
        forgetting.forget(editor.pk, administrator)
