"""What a rule says, as data: what its event tells, what a second person agrees to."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import time
from typing import Any

from publisher.enums import DocumentKind, RuleMode
from publisher.errors import InvalidInput
from publisher.models import Rule
from publisher.newsroom.documents import people
from publisher.newsroom.documents.identity import primary
from publisher.newsroom.drafts.matching import plain
from publisher.types import digest

LONGEST_WAIT = 7 * 24 * 60
"""Minutes of a cool-off: after a week it is no news any more."""
MOST_PER_HOUR = 1000
LONGEST_NAME = 190
"""With "rule: " before it, it is who approves: a column of 200."""
LONGEST_VALUE, MOST_VALUES = 200, 500
_HASHTAG = re.compile(r"\w*[^\W\d_]\w*")
"""Letters, digits and underscores with a letter among them: what X, Bluesky and Mastodon all take for one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """Each field is explained in `models.rule`."""

    name: str
    mode: str = RuleMode.REVIEW
    cool_off: int = 0
    per_hour: int = 0
    use_slots: bool = False
    kinds: Sequence[str] = ()
    source_ids: Sequence[int] = ()
    languages: Sequence[str] = ()
    people: Sequence[str] = ()
    topics: Sequence[str] = ()
    words: Sequence[str] = ()
    not_words: Sequence[str] = ()
    weekdays: Sequence[int] = ()
    starts: time | None = None
    ends: time | None = None
    channel_ids: Sequence[int] = ()
    template: str = ""
    hashtags: Sequence[str] = ()
    position: int = 100

    @classmethod
    def of(cls, rule: Rule) -> "Terms":
        """Two queries, for its sources and channels; none where they were fetched with it."""
        ids = {"source_ids": rule.sources.all(), "channel_ids": rule.channels.all()}
        said: dict[str, Any] = {each.name: getattr(rule, each.name) for each in fields(cls) if each.name not in ids}
        said |= {name: sorted(row.pk for row in rows) for name, rows in ids.items()}
        return cls(**said)

    @property
    def columns(self) -> dict[str, Any]:
        """What stands in the rule's own row; the rest are its relations."""
        kept = {each.name: getattr(self, each.name) for each in fields(self) if not each.name.endswith("_ids")}
        return {name: list(value) if isinstance(value, tuple) else value for name, value in kept.items()}

    @property
    def data(self) -> dict[str, Any]:
        """All of it as JSON types."""
        times = {name: value.isoformat("minutes") if value else "" for name, value in self._times.items()}
        ids = {"sources": sorted(self.source_ids), "channels": sorted(self.channel_ids)}
        return self.columns | times | ids

    @property
    def hash(self) -> str:
        return digest(self.data)

    @property
    def _times(self) -> Mapping[str, time | None]:
        return {"starts": self.starts, "ends": self.ends}

    def checked(self) -> "Terms":
        """The same, tidied. Raises InvalidInput for what cannot be meant."""
        if not self.name.strip():
            raise InvalidInput("rule.name_missing")
        if self.mode not in set(RuleMode):
            raise InvalidInput("rule.unknown_mode", mode=self.mode, known=", ".join(RuleMode))
        if not 0 <= self.cool_off <= LONGEST_WAIT:
            raise InvalidInput("rule.cool_off", most=LONGEST_WAIT)
        if not 0 <= self.per_hour <= MOST_PER_HOUR:
            raise InvalidInput("rule.per_hour", most=MOST_PER_HOUR)
        if not set(self.weekdays) <= set(range(7)):
            raise InvalidInput("rule.weekdays")
        if self.starts is not None and self.starts == self.ends:
            raise InvalidInput("rule.hours")
        by_itself = self.mode == RuleMode.AUTOMATIC
        return replace(
            self,
            name=self.name.strip()[:LONGEST_NAME],
            cool_off=self.cool_off if by_itself else 0,
            per_hour=self.per_hour if by_itself else 0,
            use_slots=self.use_slots and by_itself,
            kinds=_each(self.kinds, "rule.unknown_kind", _kind),
            source_ids=tuple(sorted({*self.source_ids})),
            languages=_each(self.languages, "rule.language", _language),
            people=_each(self.people, "rule.person", lambda name: name if people.key(name) else ""),
            topics=_each(self.topics, "rule.word", lambda text: text if plain(text) else ""),
            words=_each(self.words, "rule.word", lambda text: text if plain(text) else ""),
            not_words=_each(self.not_words, "rule.word", lambda text: text if plain(text) else ""),
            weekdays=tuple(sorted({*self.weekdays})),
            channel_ids=tuple(sorted({*self.channel_ids})),
            template=self.template.strip(),
            hashtags=_each(self.hashtags, "rule.hashtag", _hashtag),
        )


def is_agreed(rule: Rule | None) -> bool:
    """Whether a second person has agreed to the rule as it stands now."""
    return rule is not None and bool(rule.confirmed_hash) and rule.confirmed_hash == Terms.of(rule).hash


def _each(values: Iterable[str], wrong: str, read: Callable[[str], str]) -> tuple[str, ...]:
    """Each value once, in its order; blank ones are left out. `wrong`: the sentence for one that `read` cannot take."""
    found: dict[str, None] = {}
    for value in map(str.strip, values):
        if not value:
            continue
        if not (known := read(value)):
            raise InvalidInput(wrong, value=value, kind=value, known=", ".join(DocumentKind))
        found[known[:LONGEST_VALUE]] = None
    if len(found) > MOST_VALUES:
        raise InvalidInput("rule.too_many", most=MOST_VALUES)
    return tuple(found)


def _kind(text: str) -> str:
    return text if text in set(DocumentKind) else ""


def _language(text: str) -> str:
    tag = primary(text)
    return tag if re.fullmatch(r"[a-z]{2,3}", tag) else ""


def _hashtag(text: str) -> str:
    word = text.lstrip("#")
    return word if _HASHTAG.fullmatch(word) else ""
