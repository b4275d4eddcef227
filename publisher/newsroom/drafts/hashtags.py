"""Hashtags by topic: a table for each language, from the institution's topics to the hashtags of drafts."""

import re
from collections.abc import Sequence
from functools import cached_property

from django.db import transaction

from publisher.enums import Severity
from publisher.errors import InvalidInput
from publisher.models import Hashtag, User
from publisher.newsroom import access
from publisher.newsroom.documents.identity import primary
from publisher.newsroom.drafts.matching import plain
from publisher.newsroom.pages import Page, paged
from publisher.newsroom.record import audit
from publisher.text.hashtags import camel, hard_to_read
from publisher.types import Entry, Issue, Part

ROWS = 50
LONGEST = 200
LONGEST_TAG = 100
_TAG = re.compile(r"\w*[^\W\d_]\w*")


def page(number: int, search: str = "") -> Page[Hashtag]:
    """By topic, a page at a time; `search` is a part of the topic or of the hashtag."""
    rows = Hashtag.objects.all()
    if search.strip():
        rows = rows.filter(topic__icontains=search.strip()) | rows.filter(tag__icontains=search.strip().lstrip("#"))
    return paged(rows, number, ROWS)


def set(user: User, topic: str, tag: str, language: str = "") -> Hashtag:  # noqa: A001  # the verb of the house
    """Say which hashtag a topic has in a language (blank: in every one without its own); several words become one in
    camel case. Raises InvalidInput."""
    access.require(user, "manage")
    topic, language = " ".join(topic.split()), primary(language.strip())
    written = camel(tag) if " " in tag.strip() else tag.strip().lstrip("#")
    if not plain(topic) or len(topic) > LONGEST:
        raise InvalidInput("hashtag.topic", longest=LONGEST)
    if not _TAG.fullmatch(written) or len(written) > LONGEST_TAG:
        raise InvalidInput("hashtag.wrong", tag=tag.strip())
    if language and not re.fullmatch(r"[a-z]{2,3}", language):
        raise InvalidInput("rule.language", value=language)
    with transaction.atomic():
        row, made = Hashtag.objects.select_for_update().get_or_create(
            topic=topic, language=language, defaults={"tag": written}
        )
        if made or row.tag != written:
            Hashtag.objects.filter(pk=row.pk).update(tag=written)
            row.tag = written
            data = {"topic": topic, "language": language, "tag": written}
            audit.record(user.email, "hashtag", row.pk, "add" if made else "change", data=data)
    return row


def remove(hashtag_id: int, user: User) -> None:
    access.require(user, "manage")
    with transaction.atomic():
        row = Hashtag.objects.select_for_update().filter(pk=hashtag_id).first()
        if row is None:
            raise InvalidInput("hashtag.unknown", id=hashtag_id)
        data = {"topic": row.topic, "language": row.language, "tag": row.tag}
        audit.record(user.email, "hashtag", row.pk, "remove", data=data)
        row.delete()


def check(entry: Entry, parts: Sequence[Part]) -> list[Issue]:
    """What makes hashtags hard to read for whoever has them read out: a hint, no more."""
    found, source = [], "\n".join([entry.title, entry.lead, entry.body, *entry.topics])
    for number, part in enumerate(parts):
        field = f"parts.{number}.text" if len(parts) > 1 else "text"
        for tag, better in hard_to_read(part.text, source):
            key = "hashtag.flat" if better else "hashtag.long"
            params = {"tag": tag, "better": better}
            found.append(Issue(field=field, key=key, params=params, severity=Severity.WARNING))
    return found


class Hashtags:
    """All of the tables, read once, when first asked for: many drafts share them."""

    def of(self, entry: Entry, given: Sequence[str], most: int) -> list[str]:
        """`given` (a rule's, all of them), and of the document's topics as many more as make `most`."""
        found = {tag.casefold(): tag for tag in given}
        language = primary(entry.language)
        for topic in map(plain, entry.topics):
            tag = self._rows.get((topic, language)) or self._rows.get((topic, ""))
            if tag and len(found) < most:
                found.setdefault(tag.casefold(), tag)
        return list(found.values())

    @cached_property
    def _rows(self) -> dict[tuple[str, str], str]:
        rows = Hashtag.objects.order_by().values_list("topic", "language", "tag")
        return {(plain(topic), language): tag for topic, language, tag in rows}
