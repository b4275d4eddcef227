"""Rules: which documents go to which channels, and whether a person looks first. What they take is in `matching`."""

from collections.abc import Sequence

from django.db import transaction

from publisher import messages
from publisher.errors import InvalidInput
from publisher.models import Channel, Rule, Source, User
from publisher.newsroom import access
from publisher.newsroom.approval import agreement
from publisher.newsroom.drafts import take_back
from publisher.newsroom.drafts.terms import Terms
from publisher.newsroom.record import audit


def add(user: User, terms: Terms, *, active: bool = True) -> Rule:
    """Where it would send by itself past four eyes, a second person is asked to agree to it first (`agreement`)."""
    access.require(user, "manage")
    terms = terms.checked()
    _require_known(terms.source_ids, terms.channel_ids)
    with transaction.atomic():
        rule = Rule.objects.create(**terms.columns, owner=_owner(user), active=active)
        rule.sources.set(terms.source_ids)
        rule.channels.set(terms.channel_ids)
        audit.record(user.email, "rule", rule.pk, "add", data=terms.data | {"active": active})
        agreement.ask(rule, user)
    return rule


def get(rule_id: int) -> Rule:
    """Raises InvalidInput when there is none."""
    rule = Rule.objects.filter(pk=rule_id).first()
    if rule is None:
        raise InvalidInput("rule.unknown", id=rule_id)
    return rule


def named(name: str) -> Rule:
    """By number or by name. Raises InvalidInput when there is none, or several are called so."""
    found = list(Rule.objects.filter(name__iexact=name.strip())[:2])
    if len(found) == 1:
        return found[0]
    if name.isdecimal():
        return get(int(name))
    raise InvalidInput("rule.ambiguous" if found else "rule.unknown", id=name)


def update(rule_id: int, user: User, terms: Terms) -> Rule:
    """It says something else now: whoever agreed to it did not agree to this, and what it has scheduled by itself goes
    back to a person."""
    access.require(user, "manage")
    terms = terms.checked()
    _require_known(terms.source_ids, terms.channel_ids)
    with transaction.atomic():
        rule = _locked(rule_id)
        if terms.hash == Terms.of(rule).hash:
            return rule
        agreed = {"confirmed_hash": "", "confirmed_by": "", "confirmed_at": None}
        Rule.objects.filter(pk=rule_id).update(**terms.columns, **agreed, owner=_owner(user))
        rule = get(rule_id)
        rule.sources.set(terms.source_ids)
        rule.channels.set(terms.channel_ids)
        audit.record(user.email, "rule", rule.pk, "change", data=terms.data)
        take_back.of_rule(rule, messages.sentence("rule.changed", name=rule.name))
        agreement.forget(rule, user)
        agreement.ask(rule, user)
    return rule


def switch(rule_id: int, user: User, *, active: bool) -> Rule:
    """Put it in force, or out of it: what it has scheduled by itself then goes back to a person."""
    access.require(user, "manage")
    with transaction.atomic():
        rule = _locked(rule_id)
        if rule.active == active:
            return rule
        rule.active = active
        rule.save(update_fields=["active"])
        audit.record(user.email, "rule", rule.pk, "switch on" if active else "switch off")
        if active:
            agreement.ask(rule, user)
        else:
            take_back.of_rule(rule, messages.sentence("rule.switched_off", name=rule.name))
    return rule


def remove(rule_id: int, user: User) -> None:
    access.require(user, "manage")
    with transaction.atomic():
        rule = _locked(rule_id)
        audit.record(user.email, "rule", rule_id, "remove", data={"name": rule.name})
        take_back.of_rule(rule, messages.sentence("rule.switched_off", name=rule.name))
        agreement.forget(rule, user)
        rule.delete()


def _locked(rule_id: int) -> Rule:
    rule = Rule.objects.select_for_update(of=("self",)).filter(pk=rule_id).first()
    if rule is None:
        raise InvalidInput("rule.unknown", id=rule_id)
    return rule


def _require_known(source_ids: Sequence[int], channel_ids: Sequence[int]) -> None:
    for source_id in set(source_ids) - set(Source.objects.in_bulk(source_ids)):
        raise InvalidInput("source.unknown", id=source_id)
    for channel_id in set(channel_ids) - set(Channel.objects.in_bulk(channel_ids)):
        raise InvalidInput("channel.unknown", id=channel_id)


def _owner(user: User) -> User | None:
    """Who must not approve what the rule drafts (`eyes`); nobody in particular on the command line without a name."""
    return user if user.pk else None
