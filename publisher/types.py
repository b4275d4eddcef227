"""The data that flows through the house, as values that never change.

Entries come from `watch`, drafts from `compose`, receipts from `networks`; `newsroom` stores them.
`to_json` gives the shapes that the command line prints and the rows keep; names do not change once released.
"""

import dataclasses
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from publisher import messages
from publisher.enums import DocumentKind, Precision, Severity

PDF = "application/pdf"
"""The one kind of document that goes with a post."""


def later(default: Any) -> Any:
    """A field that came when rows and hashes without it were there: it is left out of JSON while it says nothing."""
    return dataclasses.field(default=default, metadata={"later": True})


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """Words of a speaker, as they stand in the document."""

    text: str
    speaker: str = ""
    start: int = -1
    """Where they begin in the document's body, in code points; -1 where they do not stand there."""
    end: int = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """A question of a journalist and the answer to it. Paragraphs as in a body."""

    question: str
    answer: str
    speaker: str = ""
    """Who answers; blank where that is not certain."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alternate:
    """The same document in another language."""

    language: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """A picture that a source shows beside a document."""

    url: str
    alt: str = ""
    type: str = ""
    credit: str = ""
    """Who is to be named, or under which licence it may be used, as the source words it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A document as a source showed it at one moment. Times are UTC; text is plain, a blank line ends a paragraph."""

    url: str
    title: str
    guid: str = ""
    """As the feed has it; blank where it has none."""
    reference: str = ""
    """The institution's own number, like IP/26/1900."""
    kind: DocumentKind = DocumentKind.OTHER
    lead: str = ""
    language: str = ""
    """BCP 47, lower case primary tag: en, de, pt-BR."""
    published_at: datetime | None = None
    precision: Precision = Precision.INSTANT
    updated_at: datetime | None = None
    embargo_until: datetime | None = None
    speakers: tuple[str, ...] = ()
    quotes: tuple[Quote, ...] = ()
    image: Image | None = None
    video: str = ""
    body: str = ""
    source: str = ""
    """The address of the feed or page it was read from."""
    exchanges: tuple[Exchange, ...] = ()
    """Questions and answers that stand in the body."""
    place: str = ""
    zone: str = ""
    """The institution's time zone (IANA)."""
    alternates: tuple[Alternate, ...] = ()
    """Its versions in other languages."""
    topics: tuple[str, ...] = ()
    """Policy areas and the like, as the institution names them."""
    reading_minutes: int = 0
    """As the institution says; 0 where it does not."""
    video_seconds: int = 0
    """How long the video runs; 0 where that is not known."""
    starts_at: datetime | None = None
    """When an event begins; of events only."""
    ends_at: datetime | None = None
    machine_translated: bool = False
    withdrawn: bool = False
    """The institution says that the text no longer holds."""
    recipe: str = ""
    """By which of our recipes its page was read; "general" without one of its site, blank when only a feed was read."""
    floating: bool = later(default=False)
    """`published_at` was written without a zone, and the institution's is not known: it is read as UTC."""

    @property
    def id(self) -> str:
        """The identity: the institution's reference, else the guid, else the canonical URL."""
        return self.reference or self.guid or self.url

    @property
    def paragraphs(self) -> tuple[str, ...]:
        return tuple(self.body.split("\n\n")) if self.body else ()

    @property
    def hash(self) -> str:
        """SHA-256 (hex) over what a reader sees: title, lead, body, links, embargo. Dates of the feed do not count."""
        return self._hash(self.url)

    @property
    def words(self) -> str:
        """The same without the document's own address: a new address alone is no change."""
        return self._hash("")

    def _hash(self, url: str) -> str:
        seen = [
            self.title,
            self.lead,
            self.body,
            url,
            self.image.url if self.image else "",
            self.video,
            self.embargo_until.isoformat() if self.embargo_until else "",
        ]
        if self.starts_at:  # of an event also when and where it is, and whether it still is
            seen += [self.starts_at.isoformat(), self.place, str(self.withdrawn)]
        return _sha256(seen)


@dataclass(frozen=True, slots=True, kw_only=True)
class Media:
    """A picture, video or document that goes with a post. `sha256` names the stored bytes: an approval covers them."""

    url: str = ""
    alt: str = ""
    sha256: str = ""
    type: str = ""
    width: int = 0
    height: int = 0
    seconds: float = later(0.0)
    """How long a video runs; 0 where that is not known."""
    captions: str = later("")
    """SHA-256 of the stored subtitles of a video (WebVTT), in the language of the post."""
    focus: str = later("")
    """The point of a picture that must stay in sight where it is cropped, as a person chose it: "x,y", from -1 to 1,
    from the middle to the right and to the top. Blank: nobody chose."""
    size: int = later(0)
    """Bytes of a video or document, which goes out as it is; 0 where that is not known."""
    codecs: str = later("")
    """Of a video, like "h264, aac"; blank where that is not known."""
    frame_rate: float = later(0.0)
    """Pictures that a video shows in a second, on average; 0 where that is not known."""

    @property
    def is_video(self) -> bool:
        return self.type.startswith("video/")

    @property
    def is_document(self) -> bool:
        return self.type == PDF


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A link card: what a network shows for a link."""

    url: str
    title: str = ""
    description: str = ""
    image: Media | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One post on a network; a thread has several."""

    text: str
    media: tuple[Media, ...] = ()
    card: Card | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """One thing to mend (error) or to look at (warning), beside the field it concerns.

    `field` is text, media, alt, card, thread or template, with `parts.N.` before it in a thread.
    """

    field: str
    key: str
    params: Mapping[str, object] = dataclasses.field(default_factory=dict)
    severity: Severity = Severity.ERROR

    @property
    def message(self) -> str:
        return messages.sentence(self.key, **self.params)


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What one network is to say about one document."""

    network: str
    kind: DocumentKind
    parts: tuple[Part, ...]
    language: str = ""
    template: str = ""
    """The template file it was made with, relative to the template folder."""
    template_hash: str = ""
    """SHA-256 of that file as it stood, with the files that it includes."""
    issues: tuple[Issue, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A piece of text as followers see it; with `href` it is a link, a mention or a hashtag."""

    text: str
    href: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewPart:
    runs: tuple[Run, ...]
    length: int
    limit: int
    media: tuple[Media, ...] = ()
    card: Card | None = None
    payload: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    """The request's body as it will be sent, save for ids that the network gives only during the call."""
    title: str = later("")
    """The words at its beginning that the network shows as the title of the post."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    network: str
    parts: tuple[PreviewPart, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """Proof that a part is out."""

    id: str
    url: str
    data: Mapping[str, str] = dataclasses.field(default_factory=dict)
    """What a reply, an edit or a deletion needs besides (Bluesky: uri and cid)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What followers did with a part, as the network counts it; None where it does not tell."""

    impressions: int | None = None
    """How often it was shown, be it called views, impressions or reach."""
    likes: int | None = None
    replies: int | None = None
    reposts: int | None = None
    """Passed on, with words of their own or without."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """The network took the request and is still working on it; `data` is what `resume` needs. Rows keep it sealed."""

    data: Mapping[str, str]
    after: float = 5
    """Seconds until the next look."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Who a channel's credentials are on the network, and what that network grants them."""

    id: str
    handle: str
    name: str = ""
    url: str = ""
    avatar: str = ""
    limits: Mapping[str, int] = dataclasses.field(default_factory=dict)
    """Fields of `networks.limit_types.Limits` that this server or account sets otherwise."""
    data: Mapping[str, str] = dataclasses.field(default_factory=dict)
    expires_at: datetime | None = None
    warning: str = later("")
    """What will not work, now or some day, and what to do about it, in words; posting works."""


_OF_JSON = frozenset({str, int, float, bool, type(None)})
_CANONICAL = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def to_json(value: object) -> Any:
    """`value` as JSON types: dataclasses become objects, times ISO 8601."""
    kind: Any = type(value)
    if kind in _OF_JSON:  # nearly all values are: asked first, because a document has hundreds
        return value
    if names := _fields(kind):
        # A call for each of a document's thirty fields would cost more than all else here.
        found = ((name, getattr(value, name)) for name in names)
        given = {name: item if type(item) in _OF_JSON else to_json(item) for name, item in found}
        for name in _later(kind):
            if not given[name]:
                del given[name]
        return given
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): to_json(item) for key, item in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [to_json(item) for item in value]
    return value


@cache
def _fields(kind: type) -> tuple[str, ...]:
    """The names of the fields of a dataclass; of other types none."""
    return tuple(field.name for field in dataclasses.fields(kind)) if dataclasses.is_dataclass(kind) else ()


@cache
def _later(kind: type) -> tuple[str, ...]:
    return tuple(field.name for field in dataclasses.fields(kind) if field.metadata.get("later"))


def digest(value: object) -> str:
    """SHA-256 (hex) of the canonical JSON of `value`: sorted keys, no blanks, UTF-8."""
    return _sha256(to_json(value))


def _sha256(value: object) -> str:
    return hashlib.sha256(_CANONICAL.encode(value).encode()).hexdigest()


def entry_to_json(entry: Entry) -> dict[str, Any]:
    """The document as the command line prints it and a Version keeps it."""
    return {"id": entry.id, **to_json(entry), "hash": entry.hash}


def entry_from_json(data: Mapping[str, Any]) -> Entry:
    fields = {name: data[name] for name in (field.name for field in dataclasses.fields(Entry)) if name in data}
    for name in ("published_at", "updated_at", "embargo_until", "starts_at", "ends_at"):
        if fields.get(name):
            fields[name] = datetime.fromisoformat(fields[name])
    fields["kind"] = DocumentKind(fields.get("kind", DocumentKind.OTHER))
    fields["precision"] = Precision(fields.get("precision", Precision.INSTANT))
    fields["speakers"] = tuple(fields.get("speakers", ()))
    fields["quotes"] = tuple(Quote(**quote) for quote in fields.get("quotes", ()))
    fields["exchanges"] = tuple(Exchange(**exchange) for exchange in fields.get("exchanges", ()))
    fields["alternates"] = tuple(Alternate(**alternate) for alternate in fields.get("alternates", ()))
    fields["topics"] = tuple(fields.get("topics", ()))
    fields["image"] = Image(**fields["image"]) if fields.get("image") else None
    return Entry(**fields)


def part_from_json(data: Mapping[str, Any]) -> Part:
    card = data.get("card")
    return Part(
        text=data["text"],
        media=tuple(Media(**item) for item in data.get("media", ())),
        card=(Card(**{**card, "image": Media(**card["image"]) if card.get("image") else None}) if card else None),
    )
