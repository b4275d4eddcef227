"""What needs two people: one proposes, another confirms. What is confirmed is done in `pairs`."""

from collections.abc import Mapping
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from publisher.enums import ProposalOutcome
from publisher.errors import InvalidInput, NotAllowed, StaleState
from publisher.models import Proposal, User
from publisher.newsroom.record import audit
from publisher.types import to_json

LASTS = timedelta(days=1)


def propose(
    act: str, user: User, subject: str, subject_id: int, *, reason: str = "", data: Mapping[str, object] | None = None
) -> Proposal:
    """The first of two. The right to do it has been looked at by the caller.

    Raises NotAllowed for somebody without a name, StaleState when it has been proposed already.
    """
    if user.pk is None:
        raise NotAllowed("approval.say_who")
    now = timezone.now()
    with transaction.atomic():
        _expire()
        try:
            with transaction.atomic():
                made = Proposal.objects.create(
                    act=act,
                    subject=subject,
                    subject_id=subject_id,
                    reason=reason.strip(),
                    data=to_json(data or {}),
                    user=user,
                    by=user.email,
                    ends_at=now + LASTS,
                )
        except IntegrityError:
            raise StaleState("proposal.open_already") from None
        audit.record(user.email, subject, subject_id, f"propose: {act}", reason=made.reason, data=made.data)
    return made


def take(proposal_id: int, user: User) -> Proposal:
    """The second of two says yes: closes it, with its row locked. Call it in the transaction that does the act.

    Raises NotAllowed for who proposed it, StaleState for one that is closed or too old.
    """
    found = _locked(proposal_id)
    if user.pk is None:
        raise NotAllowed("approval.say_who")
    if found.user_id == user.pk or found.by == user.email:
        raise NotAllowed("proposal.own")
    if found.ends_at <= timezone.now():
        raise StaleState("proposal.too_old")
    _close(found, user.email, ProposalOutcome.DONE)
    audit.record(user.email, found.subject, found.subject_id, f"confirm: {found.act}", data={"by": found.by})
    return found


def drop(proposal_id: int, user: User) -> Proposal:
    """Nothing is done. Whoever may propose it, or did, may drop it; the caller has looked at the right."""
    with transaction.atomic():
        found = _locked(proposal_id)
        _close(found, user.email, ProposalOutcome.DROPPED)
        audit.record(user.email, found.subject, found.subject_id, f"drop: {found.act}")
    return found


def get(proposal_id: int) -> Proposal:
    found = Proposal.objects.filter(pk=proposal_id).first()
    if found is None:
        raise InvalidInput("proposal.unknown", id=proposal_id)
    return found


def waiting() -> "QuerySet[Proposal]":
    """Those that somebody can still confirm, newest first."""
    return Proposal.objects.filter(closed_at=None, ends_at__gt=timezone.now())


def of(act: str, subject: str, subject_id: int) -> Proposal | None:
    return waiting().filter(act=act, subject=subject, subject_id=subject_id).first()


def _locked(proposal_id: int) -> Proposal:
    found = Proposal.objects.select_for_update(of=("self",)).filter(pk=proposal_id).first()
    if found is None:
        raise InvalidInput("proposal.unknown", id=proposal_id)
    if found.closed_at is not None:
        raise StaleState("proposal.closed")
    return found


def _close(found: Proposal, by: str, outcome: ProposalOutcome) -> None:
    rows = Proposal.objects.filter(pk=found.pk, closed_at=None).update(
        closed_at=timezone.now(), closed_by=by, outcome=outcome
    )
    if rows != 1:
        raise StaleState("proposal.closed")
    found.refresh_from_db()


def _expire() -> None:
    """One that nobody confirmed in time makes room for the next."""
    old = Proposal.objects.filter(closed_at=None, ends_at__lte=timezone.now())
    old.update(closed_at=timezone.now(), closed_by=audit.SERVICE, outcome=ProposalOutcome.EXPIRED)
