"""The editor's form and the parts of a post: one into the other.

The form names each part by its number in the revision it was made from (the base), and each picture or video by its
number in that part, or by its hash when it was added since; so that a part taken out, or a picture moved or left out,
shifts nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from django.http import QueryDict

from publisher.types import Card, Media, Part

NEW = "new"


@dataclass(frozen=True, slots=True, kw_only=True)
class EditedPicture:
    name: str
    """Its number in the part of the base, or its hash."""
    media: Media
    dropped: bool = False
    credit: str = ""
    """Who is to be named for it."""
    animated: bool = False
    """Whether it moved when it was uploaded."""
    alt_most: int = 0
    """Characters of its description; 0 = the network takes none."""

    @property
    def left(self) -> int:
        """Where the point that must stay in sight lies, in percent from the left; the middle where nobody chose."""
        return self._side(0)

    @property
    def up(self) -> int:
        """The same from the bottom."""
        return self._side(1)

    def _side(self, number: int) -> int:
        return round(50 * (float(self.media.focus.split(",")[number]) + 1)) if self.media.focus else 50


@dataclass(frozen=True, slots=True, kw_only=True)
class EditedPart:
    """One part as it stands in the editor. `origin` is its number in the base, or "new"."""

    origin: str
    text: str
    pictures: tuple[EditedPicture, ...] = ()
    card: Card | None = None
    card_dropped: bool = False

    @property
    def part(self) -> Part:
        """What it says now."""
        media = tuple(picture.media for picture in self.pictures if not picture.dropped)
        return Part(text=self.text, media=media, card=None if self.card_dropped else self.card)


def from_parts(parts: Sequence[Part]) -> list[EditedPart]:
    return [
        EditedPart(
            origin=str(number),
            text=part.text,
            pictures=tuple(EditedPicture(name=str(place), media=media) for place, media in enumerate(part.media)),
            card=part.card,
        )
        for number, part in enumerate(parts)
    ]


def hashes(data: QueryDict) -> list[str]:
    """The files that were added since the base: to be looked up in the library."""
    named = [name for origin in data.getlist("origin") for name in data.getlist(f"picture-{origin}")]
    return [name for name in named if not name.isdecimal()]


def from_form(data: QueryDict, base: Sequence[Part], library: Mapping[str, Media] | None = None) -> list[EditedPart]:
    """What was typed, over the base. `library` are the files that were added since, by their hashes."""
    known = {item.origin: item for item in from_parts(base)}
    typed = zip(data.getlist("origin"), data.getlist("text"), strict=False)
    return [
        _typed(
            data, known.get(origin, EditedPart(origin=origin if _is_new(origin) else NEW, text="")), text, library or {}
        )
        for origin, text in typed
    ]


def added(edited: Sequence[EditedPart], place: int, media: Sequence[Media]) -> list[EditedPart]:
    """With these files at the end of a part (counted from 0); what is there already is not put there twice."""
    if not 0 <= place < len(edited):
        return list(edited)
    part = edited[place]
    there = {picture.media.sha256 for picture in part.pictures if not picture.dropped}
    new = [EditedPicture(name=item.sha256, media=item) for item in media if item.sha256 not in there]
    kept = [picture for picture in part.pictures if picture.media.sha256 not in {item.media.sha256 for item in new}]
    return [*edited[:place], replace(part, pictures=(*kept, *new)), *edited[place + 1 :]]


def changed(edited: Sequence[EditedPart], action: str, lines: Sequence[str] = ()) -> list[EditedPart]:
    """After "add", "remove-<place>", "line-<place>" (one of `lines` at the end of the last part), or
    "earlier-<place>-<number>" (a picture before the one that stands before it)."""
    verb, _, place = action.partition("-")
    if verb == "line" and place.isdecimal() and int(place) < len(lines) and edited:
        last = edited[-1]
        return [*edited[:-1], replace(last, text=f"{last.text.rstrip()}\n\n{lines[int(place)]}".lstrip())]
    if verb == "add":
        origins = {item.origin for item in edited}
        fresh = next(name for count in range(len(edited) + 1) if (name := f"{NEW}{count or ''}") not in origins)
        return [*edited, EditedPart(origin=fresh, text="")]
    if verb == "remove" and place.isdecimal() and len(edited) > 1:
        return [item for index, item in enumerate(edited) if index != int(place)]
    if verb == "earlier":
        return _earlier(edited, *place.partition("-")[::2])
    return list(edited)


def _is_new(origin: str) -> bool:
    return origin.startswith(NEW) and origin.isalnum()


def _earlier(edited: Sequence[EditedPart], place: str, number: str) -> list[EditedPart]:
    if not (place.isdecimal() and number.isdecimal() and int(place) < len(edited)):
        return list(edited)
    part, at = edited[int(place)], int(number)
    pictures = list(part.pictures)
    if 0 < at < len(pictures):
        pictures[at - 1], pictures[at] = pictures[at], pictures[at - 1]
    return [replace(part, pictures=tuple(pictures)) if item is part else item for item in edited]


def _focus(data: QueryDict, name: str, before: str) -> str:
    """What must stay in sight, from two sliders in percent, from the left and from the bottom; blank: by itself."""
    if f"left-{name}" not in data:
        return before
    sides = [data.get(f"{side}-{name}", "") for side in ("left", "up")]
    if f"aim-{name}" not in data or not all(side.isdecimal() and len(side) < 4 for side in sides):
        return ""
    return ",".join(f"{min(int(side), 100) / 50 - 1:.2f}" for side in sides)


def _typed(data: QueryDict, before: EditedPart, text: str, library: Mapping[str, Media]) -> EditedPart:
    there = {picture.name: picture for picture in before.pictures}
    there |= {name: EditedPicture(name=name, media=media) for name, media in library.items()}
    order = data.getlist(f"picture-{before.origin}") or [picture.name for picture in before.pictures]
    pictures = []
    for picture in (there[name] for name in dict.fromkeys(order) if name in there):
        name = f"{before.origin}-{picture.name}"
        alt = " ".join(data.get(f"alt-{name}", picture.media.alt).split())
        media = replace(picture.media, alt=alt, focus=_focus(data, name, picture.media.focus))
        pictures.append(replace(picture, media=media, dropped=f"drop-{name}" in data))
    return replace(
        before,
        text=text.replace("\r\n", "\n"),
        pictures=tuple(pictures),
        card_dropped=f"nocard-{before.origin}" in data,
    )
