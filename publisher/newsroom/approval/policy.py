"""How a channel's posts are approved. Stricter is one administrator's to say; laxer needs two of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from publisher.enums import DocumentKind
from publisher.errors import InvalidInput
from publisher.models import Channel, Proposal, User
from publisher.newsroom import access
from publisher.newsroom.approval import proposals
from publisher.newsroom.record import audit

ACT = "relax approval"


@dataclass(frozen=True, slots=True)
class Policy:
    four_eyes: bool
    approvals: int
    by_kind: Mapping[str, int]
    """Only where it is another number than `approvals`."""

    @classmethod
    def of(cls, channel: Channel) -> "Policy":
        return cls(channel.four_eyes, channel.approvals, dict(channel.approvals_by_kind))

    def is_laxer_than(self, other: "Policy") -> bool:
        kinds = [str(kind) for kind in DocumentKind]
        fewer = any(self.count_for(kind) < other.count_for(kind) for kind in kinds)
        return fewer or (other.four_eyes and not self.four_eyes)

    def as_data(self) -> dict[str, Any]:
        return {"four_eyes": self.four_eyes, "approvals": self.approvals, "by_kind": dict(self.by_kind)}

    def count_for(self, kind: str) -> int:
        return self.by_kind.get(kind, self.approvals)


def set(  # noqa: A001  # the verb of the house: policy.set
    channel_id: int, user: User, *, four_eyes: bool, approvals: int, by_kind: Mapping[str, int], reason: str = ""
) -> Proposal | None:
    """Change it now when that makes it stricter; else give the proposal that another administrator must confirm."""
    wanted = _checked(four_eyes, approvals, by_kind)
    with transaction.atomic():
        channel = _locked(channel_id)
        access.require(user, "manage", channel)
        if wanted.is_laxer_than(Policy.of(channel)):
            return proposals.propose(ACT, user, "channel", channel_id, reason=reason, data=wanted.as_data())
        _store(channel, wanted, user.email)
    return None


def relax(proposal: Proposal, user: User) -> None:
    """The second administrator has said yes."""
    channel = _locked(proposal.subject_id)
    _store(channel, Policy(**proposal.data), user.email, proposed_by=proposal.by)


def _store(channel: Channel, policy: Policy, by: str, **told: str) -> None:
    Channel.objects.filter(pk=channel.pk).update(
        four_eyes=policy.four_eyes, approvals=policy.approvals, approvals_by_kind=dict(policy.by_kind)
    )
    audit.record(by, "channel", channel.pk, "approval policy", data=policy.as_data() | told)


def _locked(channel_id: int) -> Channel:
    channel = Channel.objects.select_for_update(of=("self",)).filter(pk=channel_id).first()
    if channel is None:
        raise InvalidInput("channel.unknown", id=channel_id)
    return channel


def _checked(four_eyes: bool, approvals: int, by_kind: Mapping[str, int]) -> Policy:
    unknown = [kind for kind in by_kind if kind not in {str(known) for known in DocumentKind}]
    if unknown:
        raise InvalidInput("rule.unknown_kind", kind=unknown[0], known=", ".join(DocumentKind))
    if not {approvals, *by_kind.values()} <= {1, 2}:
        raise InvalidInput("approval.one_or_two")
    return Policy(four_eyes, approvals, {kind: count for kind, count in by_kind.items() if count != approvals})
