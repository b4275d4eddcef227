"""Filters for notices: their words, and who was told."""

from django import template

from publisher.models import Notice, Telling
from publisher.newsroom.alerts import letters
from publisher.web import words

register = template.Library()


@register.filter
def notice_kind(value: str) -> str:
    return str(words.NOTICES.get(value, value))


@register.filter
def notice_title(notice: Notice) -> str:
    return letters.title(notice)


@register.filter
def told_to(telling: Telling) -> str:
    return str(telling.user or telling.address)
