"""Tags and filters for alarms and for what changed between two versions."""

from collections.abc import Mapping
from typing import Any

from django import template

from publisher.models import Hold
from publisher.newsroom.documents.corrections import condensed as condense
from publisher.web import words

register = template.Library()


@register.filter
def alarm_kind(value: str) -> str:
    return str(words.ALARMS.get(value, value))


@register.filter
def alarm_step(value: str) -> str:
    """What to do next, in one sentence."""
    return str(words.ALARM_STEPS.get(value, ""))


@register.filter
def act(value: str) -> str:
    return str(words.ACTS.get(value, value))


@register.filter
def field_name(value: str) -> str:
    return str(words.FIELDS.get(value, value))


@register.filter
def condensed(change: Any) -> list[Any]:
    """The paragraphs of a field that changed, with one around each; None for what is left out."""
    return list(condense(change))


@register.filter
def of_document(holds: Mapping[int, Hold], document_id: int) -> Hold | None:
    """The stop that stands for a document."""
    return holds.get(document_id)
