"""Tags for moments: how long ago, how soon, and when on the newsroom's clock."""

from datetime import datetime
from math import ceil

from django import template
from django.conf import settings
from django.utils import formats, timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from publisher.enums import Precision
from publisher.models import Document, Post
from publisher.web import shown

register = template.Library()

DAY = 86400


@register.simple_tag
def ages() -> dict[str, str]:
    """The wordings of an age; desk.js uses the same ones when a page stays open."""
    return {
        "now": _("just now"),
        "minutes": _("%s min ago"),
        "hours": _("%s h ago"),
        "days": _("%s d ago"),
        "in_minutes": _("in %s min"),
        "in_hours": _("in %s h"),
        "in_days": _("in %s d"),
    }


def age_in_words(when: datetime, now: datetime) -> str:
    """How long ago (or how soon), in one unit; the date when it is more than a week away."""
    wording = ages()
    seconds = int((now - when).total_seconds())
    distance = abs(seconds)
    if distance >= 7 * DAY:
        return formats.date_format(timezone.localtime(when), "j M Y")
    if distance < 60:
        return wording["now"]
    unit, size = ("minutes", 60) if distance < 3600 else ("hours", 3600) if distance < DAY else ("days", DAY)
    return wording[unit if seconds > 0 else f"in_{unit}"] % (distance // size)


def clock(when: datetime) -> str:
    """The moment on the newsroom's clock, zone named."""
    return f"{formats.date_format(timezone.localtime(when), 'D j M Y, H:i')} ({settings.TIME_ZONE})"


@register.simple_tag
def age(when: datetime | None, otherwise: str = "") -> SafeString | str:
    """Relative, with the full time on the newsroom's clock as its title."""
    if when is None:
        return otherwise
    text = age_in_words(when, timezone.now())
    return format_html('<time datetime="{}" title="{}" data-age>{}</time>', when.isoformat(), clock(when), text)


@register.simple_tag
def countdown(post: Post) -> SafeString | str:
    """How long until a post goes out, in minutes and seconds; desk.js counts them down."""
    when = shown.goes_out(post)
    if when is None:
        return ""
    minutes, seconds = divmod(max(0, ceil((when - timezone.now()).total_seconds())), 60)
    hours, minutes = divmod(minutes, 60)
    text = f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"
    return format_html('<time role="timer" datetime="{}" data-countdown>{}</time>', when.isoformat(), text)


@register.simple_tag
def at(when: datetime | None) -> SafeString | str:
    """Absolute, on the newsroom's clock."""
    if when is None:
        return ""
    text = formats.date_format(timezone.localtime(when), "D j M Y, H:i")
    return format_html('<time datetime="{}" title="{}">{}</time>', when.isoformat(), clock(when), text)


@register.simple_tag
def document_age(document: Document) -> SafeString | str:
    """When it came out; where the source tells the day only, the day."""
    when = document.published_at or document.first_seen_at
    if document.published_at and document.precision == Precision.DAY:
        day = formats.date_format(timezone.localtime(when), "D j M Y")
        return format_html('<time datetime="{}">{}</time>', timezone.localtime(when).date().isoformat(), day)
    return age(when)


@register.filter
def is_ahead(when: datetime) -> bool:
    return when > timezone.now()
