"""Posts, ready for the templates: the preview and what stands against them, sorted to the parts."""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from django.utils import timezone

from publisher.enums import PostState, Severity
from publisher.errors import PublisherError
from publisher.models import Channel, Post
from publisher.newsroom.documents import corrections, quoting
from publisher.newsroom.documents.quoting import Quoted
from publisher.newsroom.drafts import previews
from publisher.newsroom.sending import by_hand
from publisher.types import Entry, Issue, Part, Preview, PreviewPart
from publisher.web.source_text import DraftPiece, show_draft

WIDE, TALL = 1.2, 0.8
"""Width by height, from which on and below which a picture is laid out as a wide or a tall one."""
JUST_DUE = timedelta(minutes=1)
"""How long after its time a scheduled post counts as about to go out; longer, and something holds it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownPart:
    part: PreviewPart
    issues: list[Issue]
    pieces: list[DraftPiece]
    """The words, cut where a quotation or something doubtful begins or ends."""

    @property
    def over(self) -> bool:
        return self.part.length > self.part.limit

    @property
    def title(self) -> list[DraftPiece]:
        return [piece for piece in self.pieces if piece.title]

    @property
    def above(self) -> list[DraftPiece]:
        """What followers see at once, below the title if there is one."""
        rest = [piece for piece in self.pieces if not piece.title and not piece.folded]
        return _without_gap(rest) if self.title else rest

    @property
    def below(self) -> list[DraftPiece]:
        """What they see when they ask for more."""
        return _without_gap([piece for piece in self.pieces if piece.folded])

    @property
    def tiles(self) -> str:
        """How many pictures, and of which shape the first (of two: both); networks lay them out by that."""
        count = len(self.part.media)
        shapes = [media.width / media.height for media in self.part.media if media.height]
        shape = min(shapes[:2]) if count == 2 and shapes else shapes[0] if shapes else 1
        return f"n{count}{' many' if count > 4 else ''}{' wide' if shape > WIDE else ' tall' if shape < TALL else ''}"

    @property
    def small_card(self) -> bool:
        """Whether the card's picture is no wider than high: some networks show it beside the words then."""
        image = self.part.card.image if self.part.card else None
        return image is not None and 0 < image.width <= image.height


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownPost:
    """`issues` are those that belong to no single part; `problem` says why there is no preview."""

    post: Post | None
    channel: Channel
    parts: list[ShownPart] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    problem: str = ""
    quotations: tuple[Quoted, ...] = ()
    source: Entry | None = None
    """The words it is held against."""
    replaced_by: Post | None = None
    """The post whose words stand in its place on the network, where it was edited there."""

    @property
    def blocked(self) -> bool:
        """The network would refuse it like this."""
        return bool(self.problem) or any(issue.severity == Severity.ERROR for issue in self.told)

    @property
    def translated(self) -> bool:
        """A machine translated what it rests on: whoever approves it says that they have checked it."""
        return self.source is not None and self.source.machine_translated

    @property
    def told(self) -> list[Issue]:
        """What stands against the whole of it, in a thread too."""
        return [*self.issues, *(issue for part in self.parts for issue in part.issues)]

    @property
    def name(self) -> str:
        return str(self.channel.account.get("name") or self.channel.name)

    @property
    def handle(self) -> str:
        return "@" + self.channel.handle.lstrip("@") if self.channel.handle else ""


def _without_gap(pieces: list[DraftPiece]) -> list[DraftPiece]:
    return [replace(pieces[0], text=pieces[0].text.lstrip()), *pieces[1:]] if pieces else []


def mark(post: Post) -> str:
    """What a page tells of a post it shows; another one as soon as the post would look different."""
    rest = repr(
        (post.reason, post.due_at, post.not_before, post.url, post.assigned_to_id, post.changes_asked_id)
    ).encode()
    return f"{post.revision_id}:{post.state}:{zlib.crc32(rest):x}"


def goes_out(post: Post) -> datetime | None:
    """When a scheduled post is sent: at its time, or when a network asked us to come back."""
    return max(post.due_at, post.not_before or post.due_at) if post.due_at else None


def on_its_way(post: Post) -> bool:
    """Whether it may look different in a moment, so that the page should ask again soon."""
    when = goes_out(post)
    if post.state == PostState.SCHEDULED and when:
        return timedelta(seconds=-5) <= timezone.now() - when < JUST_DUE
    return post.state in {PostState.SENDING, PostState.PROCESSING} and not by_hand.waits(post)


def show_all(posts: Sequence[Post]) -> list[ShownPost]:
    """The posts of a page, their documents read together."""
    sources = previews.sources(posts)
    newer = corrections.replacements(posts)
    return [replace(show(post, sources.get(post.pk)), replaced_by=newer.get(post.pk)) for post in posts]


def show(post: Post, source: Entry | None = None) -> ShownPost:
    """The current revision of a post (with channel and revision loaded) as followers will see it."""
    source = source or previews.source_of(post)
    try:
        preview = previews.preview(post)
        # What is on its way or out has passed the checks; they would only speak of what cannot be changed.
        issues = previews.check(post, source) if post.state == PostState.REVIEW else []
    except PublisherError as error:
        return ShownPost(post=post, channel=post.channel, problem=error.sentence)
    parts = post.revision.content if post.revision else ()
    return replace(_sorted(post, post.channel, preview, issues, _quotations(source, parts)), source=source)


def show_parts(post: Post, parts: Sequence[Part]) -> ShownPost:
    """The same for a text that is being typed for `post`. Raises PublisherError."""
    channel, source = post.channel, previews.source_of(post)
    issues = previews.check_parts(channel, parts, post=post, source=source)
    return _sorted(None, channel, previews.preview_parts(channel, parts), issues, _quotations(source, parts))


def _quotations(source: Entry | None, parts: Sequence[Part]) -> list[Quoted]:
    return quoting.quotations(source, parts) if source else []


def _sorted(
    post: Post | None, channel: Channel, preview: Preview, issues: Sequence[Issue], quotations: Sequence[Quoted]
) -> ShownPost:
    by_part: list[list[Issue]] = [[] for _ in preview.parts]
    rest: list[Issue] = []
    for issue in issues:
        index = _part_of(issue, len(by_part))
        (rest if index is None else by_part[index]).append(issue)
    parts = [
        ShownPart(
            part=part,
            issues=found,
            pieces=show_draft(
                part,
                [one for one in quotations if one.part == number],
                [(str(issue.params["words"]), issue.severity) for issue in found if "start" in issue.params],
                previews.fold(channel, part),
            ),
        )
        for number, (part, found) in enumerate(zip(preview.parts, by_part, strict=True))
    ]
    return ShownPost(post=post, channel=channel, parts=parts, issues=rest, quotations=tuple(quotations))


def _part_of(issue: Issue, count: int) -> int | None:
    """Fields read "parts.1.alt" in a thread and "alt" in a single post."""
    head, _, tail = issue.field.partition(".")
    if head == "parts":
        number = tail.partition(".")[0]
        return int(number) if number.isdecimal() and int(number) < count else None
    return 0 if count == 1 and head in {"text", "media", "alt", "card"} else None
