"""Rules that send by themselves where four eyes count: such a rule is an approval given in advance, so a second person
agrees to the rule. Until then, and again after each change of it, what it would send waits for review."""

from collections.abc import Sequence

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


def missing(rules: Sequence[Rule]) -> set[int]:
    """Those (by id) that would send by themselves, and on some channel with four eyes do not yet. Three queries at most
    where channels and sources were fetched with them."""
    strict = set(Channel.objects.filter(four_eyes=True).values_list("pk", flat=True))
    found = set()
    for rule in rules:
        if rule.mode == RuleMode.AUTOMATIC and strict:
            own = {channel.pk for channel in rule.channels.all()}
            if (not own or own & strict) and not is_agreed(rule):
                found.add(rule.pk)
    return found


def why_they_wait(rules: Sequence[Rule]) -> dict[int, str]:
    """For each rule in force (by id) that waits for something before it sends by itself, the sentence for that."""
    waiting = missing([rule for rule in rules if rule.active])
    if not waiting:
        return {}
    asked = set(proposals.waiting().filter(act=ACT, subject="rule").values_list("subject_id", flat=True))
    unasked = messages.sentence("rule.waits_unasked" if eyes.several() else "rule.waits_alone")
    return {pk: messages.sentence("rule.waits") if pk in asked else unasked for pk in waiting}


def why_it_waits(rule: Rule) -> str:
    """The same for one rule; blank where it waits for nothing."""
    return why_they_wait([rule]).get(rule.pk, "")


def ask(rule: Rule, user: User) -> Proposal | None:
    """Ask a second person, where one is needed and there is one. Raises NotAllowed for somebody without a name."""
    if not rule.active or not missing([rule]):
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
