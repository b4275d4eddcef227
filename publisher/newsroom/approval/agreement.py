"""Rules that send by themselves where four eyes count: such a rule is an approval given in advance, so a second person
agrees to the rule. Until then, and again after each change of it, what it would send waits for review."""

from django.db.models import QuerySet
from django.utils import timezone

from publisher import messages
from publisher.enums import RuleMode
from publisher.errors import NotAllowed, StaleState
from publisher.models import Channel, Proposal, Rule, User
from publisher.newsroom import access
from publisher.newsroom.approval import eyes, proposals
from publisher.newsroom.drafts.terms import Terms, is_agreed
from publisher.newsroom.record import audit

ACT = "confirm rule"


def strict_channels(rule: Rule) -> "QuerySet[Channel]":
    """The channels with four eyes that the rule may send to by itself."""
    if rule.mode != RuleMode.AUTOMATIC:
        return Channel.objects.none()
    strict = Channel.objects.filter(four_eyes=True)
    return strict.filter(rules=rule) if rule.channels.exists() else strict


def is_missing(rule: Rule) -> bool:
    """Whether the rule would send by itself, and on some channel does not yet."""
    return not is_agreed(rule) and strict_channels(rule).exists()


def why_it_waits(rule: Rule) -> str:
    """The sentence for what a rule in force waits for before it sends by itself; blank where it waits for nothing."""
    if not rule.active or not is_missing(rule):
        return ""
    if proposals.of(ACT, "rule", rule.pk):
        return messages.sentence("rule.waits")
    return messages.sentence("rule.waits_unasked" if eyes.several() else "rule.waits_alone")


def ask(rule: Rule, user: User) -> Proposal | None:
    """Ask a second person, where one is needed and there is one. Raises NotAllowed for somebody without a name."""
    if not rule.active or not is_missing(rule):
        return None
    if user.pk is None:
        raise NotAllowed("approval.say_who")
    if not eyes.several() or proposals.of(ACT, "rule", rule.pk):
        return None
    return proposals.propose(ACT, user, "rule", rule.pk, data={"hash": Terms.of(rule).hash, "name": rule.name})


def ask_again(rule: Rule, user: User) -> Proposal | None:
    """Nobody confirmed it in time, or nobody else was here then."""
    access.require(user, "manage")
    return ask(rule, user)


def forget(rule: Rule, user: User) -> None:
    """What was proposed is no longer what the rule says."""
    for found in Proposal.objects.filter(act=ACT, subject="rule", subject_id=rule.pk, closed_at=None):
        proposals.drop(found.pk, user)


def confirm(proposal: Proposal, user: User) -> None:
    """The second person has said yes to the rule as it stood when it was proposed."""
    rule = Rule.objects.select_for_update(of=("self",)).filter(pk=proposal.subject_id).first()
    if rule is None or Terms.of(rule).hash != proposal.data.get("hash"):
        raise StaleState("rule.changed_meanwhile")
    if rule.owner_id == user.pk:
        raise NotAllowed("proposal.own")
    told = {"confirmed_hash": proposal.data["hash"], "confirmed_by": user.email, "confirmed_at": timezone.now()}
    Rule.objects.filter(pk=rule.pk).update(**told)
    data = {"hash": proposal.data["hash"], "proposed_by": proposal.by}
    audit.record(user.email, "rule", rule.pk, "agree", data=data)
