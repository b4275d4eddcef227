"""Acts that need two people, by their names: who may take part, and what is done when the second says yes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.db import transaction

from publisher.models import Channel, Proposal, User
from publisher.newsroom import access
from publisher.newsroom.approval import agreement, embargoes, policy, proposals
from publisher.newsroom.sending import holds


@dataclass(frozen=True, slots=True)
class PairAct:
    right: access.Action
    do: Callable[[Proposal, User], None]


ACTS: Mapping[str, PairAct] = {
    policy.ACT: PairAct("manage", policy.relax),
    embargoes.ACT: PairAct("approve", embargoes.lift_confirmed),
    holds.ACT: PairAct("approve", holds.lift_confirmed),
    agreement.ACT: PairAct("approve", agreement.confirm),
}


def confirm(proposal_id: int, user: User) -> Proposal:
    """The second of two: the act is done in the same transaction. Raises NotAllowed, StaleState, InvalidInput."""
    with transaction.atomic():
        found = proposals.get(proposal_id)
        act = ACTS[found.act]
        access.require(user, act.right, _channel(found))
        found = proposals.take(proposal_id, user)
        act.do(found, user)
    return found


def drop(proposal_id: int, user: User) -> Proposal:
    found = proposals.get(proposal_id)
    access.require(user, ACTS[found.act].right, _channel(found))
    return proposals.drop(proposal_id, user)


def _channel(found: Proposal) -> Channel | None:
    return Channel.objects.filter(pk=found.subject_id).first() if found.subject == "channel" else None
