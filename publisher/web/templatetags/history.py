"""The history in words."""

from django import template

from publisher.web import verbs

register = template.Library()


@register.filter
def subject_name(value: str) -> str:
    return verbs.subject(value)


@register.filter
def done_to(verb: str, subject: str) -> str:
    """What was done: {{ event.verb|done_to:event.subject }}."""
    return verbs.say(subject, verb)
