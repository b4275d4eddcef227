"""The editor's form and the parts of a post: one into the other.

The form names each part by its number in the revision it was made from (the base), and each picture by its number in
that part, so that a part taken out or a picture dropped shifts nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.http import QueryDict

from publisher.types import Card, Media, Part

NEW = "new"


@dataclass(frozen=True, slots=True, kw_only=True)
class EditedPicture:
    number: int
    media: Media
    dropped: bool = False


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
            pictures=tuple(EditedPicture(number=place, media=media) for place, media in enumerate(part.media)),
            card=part.card,
        )
        for number, part in enumerate(parts)
    ]


def from_form(data: QueryDict, base: Sequence[Part]) -> list[EditedPart]:
    """What was typed, over the base: text and descriptions change, pictures and the card can only go."""
    known = {item.origin: item for item in from_parts(base)}
    typed = zip(data.getlist("origin"), data.getlist("text"), strict=False)
    return [_typed(data, known.get(origin, EditedPart(origin=NEW, text="")), text) for origin, text in typed]


def changed(edited: Sequence[EditedPart], action: str, lines: Sequence[str] = ()) -> list[EditedPart]:
    """After "add", "remove-<place>", or "line-<place>": one of `lines` at the end of the last part."""
    verb, _, place = action.partition("-")
    if verb == "line" and place.isdecimal() and int(place) < len(lines) and edited:
        last = edited[-1]
        return [*edited[:-1], replace(last, text=f"{last.text.rstrip()}\n\n{lines[int(place)]}".lstrip())]
    if verb == "add":
        return [*edited, EditedPart(origin=NEW, text="")]
    if verb == "remove" and place.isdecimal() and len(edited) > 1:
        return [item for index, item in enumerate(edited) if index != int(place)]
    return list(edited)


def _typed(data: QueryDict, before: EditedPart, text: str) -> EditedPart:
    pictures = []
    for picture in before.pictures:
        name = f"{before.origin}-{picture.number}"
        alt = " ".join(data.get(f"alt-{name}", picture.media.alt).split())
        media = replace(picture.media, alt=alt)
        pictures.append(replace(picture, media=media, dropped=f"drop-{name}" in data))
    return replace(
        before,
        text=text.replace("\r\n", "\n"),
        pictures=tuple(pictures),
        card_dropped=f"nocard-{before.origin}" in data,
    )
