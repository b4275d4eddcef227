"""What a message says: what happened, the next step, where to take it. Pure: notices in, words out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from publisher import config, messages
from publisher.models import Notice

MOST = 20
"""Notices that one message tells in full."""
SETTINGS = "/notifications/"
"""The page of the desk where each person says what they want to be told."""


@dataclass(frozen=True, slots=True)
class Letter:
    subject: str
    text: str


def write(notices: Sequence[Notice], *, to_person: bool = True) -> Letter:
    """One message for all of these notices; for one of them the usual case."""
    said = messages.sentence
    first = notices[0]
    paragraphs = [_paragraph(notice) for notice in notices[:MOST]]
    if len(notices) > MOST:
        paragraphs.append(said("notice.and_more", count=len(notices) - MOST))
    subject = title(first)
    if len(notices) > 1:
        alike = len({notice.kind for notice in notices}) == 1
        subject = f"{subject} (+{len(notices) - 1})" if alike else said("notice.together", count=len(notices))
    desk = config.get().address
    if to_person:
        paragraphs.append("-- \n" + said("notice.why_you", desk=desk, settings=desk + SETTINGS))
    return Letter(f"[Publisher] {subject}", "\n\n".join(paragraphs) + "\n")


def title(notice: Notice) -> str:
    return messages.sentence(f"notice.title.{notice.kind}", subject=notice.subject)


def sentence(notice: Notice) -> str:
    """What happened. Times stand on the newsroom's clock."""
    params = {name: _shown(value) for name, value in notice.params.items() if name != "lines"}
    return messages.sentence(notice.key, **params)


def lines(notice: Notice) -> list[str]:
    """What a digest lists."""
    return [messages.sentence(key, **params) for key, params in notice.params.get("lines", [])]


def step(notice: Notice) -> str:
    """That of its own sentence where it has one, else that of its kind."""
    own = notice.key.replace("notice.", "notice.step.", 1)
    return messages.sentence(own if own != notice.key and own in messages.CATALOGUE else f"notice.step.{notice.kind}")


def _paragraph(notice: Notice) -> str:
    told = [title(notice), sentence(notice), *lines(notice)]
    told.append(messages.sentence("notice.what_to_do", step=step(notice)))
    if notice.link:
        told.append(config.get().address + notice.link)
    return "\n".join(told)


def _shown(value: Any) -> Any:
    if not isinstance(value, str) or len(value) < 19 or value[10:11] != "T":
        return value
    try:
        at = datetime.fromisoformat(value)
    except ValueError:
        return value
    return at.astimezone(config.get().zone).strftime("%H:%M (%-d %B)") if at.tzinfo else value
