"""Stops and sensitive periods, in words."""

from collections.abc import Iterable

from django import template
from django.utils.translation import gettext as _

from publisher.enums import HoldScope
from publisher.models import Channel, Hold, SensitivePeriod, User
from publisher.newsroom.sending import holds
from publisher.web import words

register = template.Library()


@register.filter
def stop_words(hold: Hold) -> str:
    """What a stop keeps from going out, in one sentence; its times stand beside it."""
    if hold.scope == HoldScope.CHANNEL and hold.channel:
        return _("Nothing goes out on %(channels)s.") % {"channels": hold.channel.name}
    if hold.scope == HoldScope.DOCUMENT:
        return _("Nothing goes out about one document.")
    if hold.scope == HoldScope.EVERYTHING:
        return _("Everything is stopped: nothing goes out.")
    where = _named(Channel.objects.filter(pk__in=hold.channel_ids)) if hold.channel_ids else ""
    if hold.scope == HoldScope.TOPIC:
        about = ", ".join(hold.words)
        if where or hold.channel_ids:
            return _("Nothing about “%(words)s” goes out on %(channels)s.") % {"words": about, "channels": where or "–"}
        return _("Nothing about “%(words)s” goes out.") % {"words": about}
    if hold.channel_ids:
        return _("For a time, nothing goes out on %(channels)s.") % {"channels": where or "–"}
    return _("For a time, nothing goes out at all.")


@register.filter
def period_words(period: SensitivePeriod) -> str:
    """What falls into a sensitive period."""
    kinds = ", ".join(str(words.KINDS.get(kind, kind)) for kind in period.kinds) or _("every kind of document")
    there = _named(period.channels.all()) or _("every channel")
    told = _("%(kinds)s, on %(channels)s") % {"kinds": kinds, "channels": there}
    if period.words:
        told = _("%(scope)s, only about “%(words)s”") % {"scope": told, "words": ", ".join(period.words)}
    return _("What a rule alone would send waits for a person: %(scope)s.") % {"scope": told}


@register.simple_tag(takes_context=True)
def may_lift(context: template.Context, hold: Hold) -> bool:
    """Whether the person before the page may lift this stop, alone or as one of two."""
    user = context.get("user")
    return isinstance(user, User) and holds.may_lift(user, hold)


def _named(channels: Iterable[Channel]) -> str:
    return ", ".join(channel.name for channel in channels)
