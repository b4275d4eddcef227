"""Tags of the source pages: the rhythm and the next look of a source, in words."""

from datetime import datetime, timedelta

from django import template
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from publisher.enums import SourceKind
from publisher.models import Source
from publisher.newsroom.feeds.health import Condition, Health
from publisher.web import words

register = template.Library()

_TONES = {
    Condition.FINE: "is-published",
    Condition.FAILING: "is-failed",
    Condition.STOPPED: "is-failed",
    Condition.HELD: "is-uncertain",
}


@register.filter
def rhythm(per_day: float | None) -> str:
    """`Usually brings about 3 a day`, in the unit in which it is a small whole number."""
    if per_day is None:
        return ""
    if (number := round(per_day)) >= 1:
        return ngettext("Usually brings about one a day", "Usually brings about %(n)s a day", number) % {"n": number}
    if (number := round(per_day * 7)) >= 1:
        return ngettext("Usually brings about one a week", "Usually brings about %(n)s a week", number) % {"n": number}
    if (number := round(per_day * 30)) >= 1:
        return ngettext("Usually brings about one a month", "Usually brings about %(n)s a month", number) % {
            "n": number
        }
    return _("Seldom brings anything")


@register.filter
def next_look(when: datetime) -> str:
    """`next look at 14:20`, with the day where that is not today."""
    here = timezone.localtime(when)
    clock = formats.date_format(here, "H:i")
    today = timezone.localdate()
    if when <= timezone.now():
        return _("next look in a moment")
    if here.date() == today:
        return _("next look at %(time)s") % {"time": clock}
    if here.date() == today + timedelta(days=1):
        return _("next look tomorrow at %(time)s") % {"time": clock}
    return _("next look on %(day)s at %(time)s") % {"day": formats.date_format(here, "D j M"), "time": clock}


@register.filter
def until(when: datetime) -> str:
    """`16:00`, with the day where that is not today."""
    here = timezone.localtime(when)
    return formats.date_format(here, "H:i" if here.date() == timezone.localdate() else "D j M, H:i")


@register.filter
def every(seconds: int) -> str:
    """How often a person wants a source to be looked at."""
    if not seconds:
        return _("as its own rhythm and the site ask for")
    if seconds < 60:
        return ngettext("every second", "every %(n)s seconds", seconds) % {"n": seconds}
    if seconds < 7200:
        return ngettext("every minute", "every %(n)s minutes", seconds // 60) % {"n": seconds // 60}
    return _("every %(n)s hours") % {"n": round(seconds / 3600)}


@register.filter
def source_kind(value: str) -> str:
    return str(words.SOURCE_KINDS.get(value, value))


@register.simple_tag
def condition(source: Source, health: Health) -> dict[str, str]:
    """The word for how the source is doing, and its colour."""
    failing = words.SOURCE_STATUS if source.kind == SourceKind.FEED else words.SOURCE_STATUS | words.OTHER_STATUS
    text = str(words.CONDITIONS.get(health.condition) or failing.get(source.status) or source.status)
    return {"word": text, "tone": _TONES.get(health.condition, "")}
