"""Lifting an embargo before its time: never by one person alone, and only that one embargo."""

from django.db import transaction
from django.utils import timezone

from publisher import messages
from publisher.enums import PostState
from publisher.errors import InvalidInput
from publisher.models import Document, Post, Proposal, User
from publisher.newsroom import access
from publisher.newsroom.approval import proposals
from publisher.newsroom.record import audit

ACT = "lift embargo"


def lift(document_id: int, user: User, *, reason: str) -> Document:
    """The first person proposes, and the embargo stands; a second one lifts it. Nothing goes out by that alone: what
    was approved for the end of the embargo keeps its time until somebody signs an earlier one.

    Raises NotAllowed, InvalidInput (no reason, no embargo).
    """
    if not reason.strip():
        raise InvalidInput("embargo.no_reason")
    with transaction.atomic():
        document = Document.objects.select_for_update(of=("self",)).filter(pk=document_id).first()
        if document is None:
            raise InvalidInput("document.unknown", id=document_id)
        access.require(user, "approve")
        if document.embargo is None:
            raise InvalidInput("embargo.none")
        moment = document.embargo.isoformat()
        proposed = proposals.of(ACT, "document", document_id)
        if proposed is None:
            proposals.propose(ACT, user, "document", document_id, reason=reason, data={"until": moment})
            return document
        proposals.take(proposed.pk, user)
        lift_confirmed(proposed, user)
    document.refresh_from_db()
    return document


def lift_confirmed(proposal: Proposal, user: User) -> None:
    """The second person has said yes. A source that names another moment meanwhile has put up another embargo."""
    document = Document.objects.select_for_update(of=("self",)).filter(pk=proposal.subject_id).first()
    if document is None or document.embargo is None or document.embargo.isoformat() != proposal.data.get("until"):
        raise InvalidInput("embargo.other")
    Document.objects.filter(pk=document.pk).update(embargo_lifted=document.embargo_until)
    # Nobody agreed to an earlier time for these; whoever looks at them reads why they still wait.
    waiting = Post.objects.filter(document=document, state=PostState.SCHEDULED, due_at__gt=timezone.now())
    kept = waiting.update(reason=messages.sentence("embargo.lifted_early"))
    told = {"until": proposal.data["until"], "proposed_by": proposal.by, "keep_their_time": kept}
    audit.record(user.email, "document", document.pk, "lift embargo", reason=proposal.reason, data=told)
