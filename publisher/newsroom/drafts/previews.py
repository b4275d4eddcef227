"""What followers would see, and what stands against it: for the editor, at approval and before sending alike."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import lru_cache

from publisher import config, messages
from publisher.compose.draft import AS_ONE
from publisher.compose.verify import check_words
from publisher.enums import Proof, Severity
from publisher.models import Channel, Post, Version
from publisher.networks import registry
from publisher.networks.limit_types import ImageLimits, Limits
from publisher.networks.media import Encoded, load_image
from publisher.newsroom import channels
from publisher.newsroom.drafts import hashtags
from publisher.newsroom.drafts import media as media_files
from publisher.newsroom.drafts.pictures import NO_CARD
from publisher.text import alts
from publisher.text.fold import find_fold
from publisher.text.languages import primary
from publisher.types import Draft, Entry, Issue, Media, Part, Preview, PreviewPart, entry_from_json

_SHOWN = ImageLimits(bytes=4_000_000)
"""For a network that takes no pictures: there is nothing that is sent."""
ALT_MISSING = {"check.alt_missing", "check.alt_missing_video"}


def as_draft(channel: Channel, parts: Sequence[Part], *, kind: str = "other", language: str = "") -> Draft:
    return Draft(network=channel.network, kind=kind, parts=tuple(parts), language=language)  # type: ignore[arg-type]  # a DocumentKind's value


def preview(post: Post) -> Preview:
    assert post.revision is not None
    return preview_parts(post.channel, post.revision.content, language=post.revision.language)


def preview_parts(channel: Channel, parts: Sequence[Part], *, language: str = "") -> Preview:
    return registry.get(channel.network).preview(as_draft(channel, parts, language=language), channels.limits(channel))


def fold(channel: Channel, part: PreviewPart) -> int | None:
    """The place (code points) in its shown text behind which followers see it only when they ask for more."""
    limits = registry.get_limits(channel.network) if channel.network in registry.KINDS else None
    if limits is None or not limits.fold:
        return None
    text = "".join(run.text for run in part.runs)
    begin = len(text) - len(text.lstrip())
    if part.title and text.startswith(part.title, begin):
        begin = len(text) - len(text[begin + len(part.title) :].lstrip())
    found = find_fold(text[begin:], limits.fold, limits.fold_lines)
    return None if found is None else _before_link(part, begin + found)


def _before_link(part: PreviewPart, place: int) -> int:
    """`place`, or where the link begins in whose midst it is."""
    begin = 0
    for run in part.runs:
        end = begin + len(run.text)
        if begin < place < end and run.href:
            return begin
        begin = end
    return place


def check(post: Post, source: Entry | None = None) -> list[Issue]:
    """The checks of the current revision, and what drafting had to say about it. `source`: as `sources` found it."""
    assert post.revision is not None
    found = check_parts(post.channel, post.revision.content, post=post, source=source)
    seen = {(issue.field, issue.key) for issue in found}
    for item in post.revision.issues:
        issue = Issue(field=item["field"], key=item["key"], params=item["params"], severity=Severity(item["severity"]))
        still = issue.field.endswith(("template", "link")) or _stands(issue, post.revision.content)
        if still and (issue.field, issue.key) not in seen:
            found.append(issue)
    return found


def check_parts(
    channel: Channel, parts: Sequence[Part], *, post: Post | None = None, source: Entry | None = None
) -> list[Issue]:
    """What the network would refuse and, for the parts of `post`, what its document does not say."""
    limits = channels.limits(channel)
    found = list(registry.get(channel.network).check(as_draft(channel, parts), limits))
    found = [*_as_the_newsroom_wants(found), *_hints(parts, limits)]
    if post and post.edits and post.edits.revision:
        found += _unlike(post.edits.revision.content, parts, channel)
    source = source or (source_of(post) if post else None)
    if post is None or source is None:
        return found
    texts = [part.text for part in parts]
    found += check_words(source, texts, language=language_of(post), known=names_around(post))
    return found + hashtags.check(source, parts)


def _stands(issue: Issue, parts: Sequence[Part]) -> bool:
    """Whether what drafting had to say still holds, where no check of the parts alone could tell."""
    return (issue.key == NO_CARD and not parts[0].media) or (issue.key == AS_ONE and len(parts) == 1)


def _as_the_newsroom_wants(issues: Sequence[Issue]) -> list[Issue]:
    """A missing description stands against a post unless the newsroom only advises to write one."""
    if config.get().alt_text == "required":
        return list(issues)
    return [replace(one, severity=Severity.WARNING) if one.key in ALT_MISSING else one for one in issues]


def _hints(parts: Sequence[Part], limits: Limits) -> Iterable[Issue]:
    """What could be better about the descriptions of each part, by their numbers."""
    for index, part in enumerate(parts):
        field = f"parts.{index}.alt" if len(parts) > 1 else "alt"
        for number, media in enumerate(part.media, start=1):
            if limits.alt_of(media) and (key := alts.hint(media.alt, part.text)):
                yield Issue(field=field, key=f"alt.{key}", params={"number": number}, severity=Severity.WARNING)


def picture(channel: Channel, sha256: str, focus: str = "", *, card: bool = False) -> Encoded:
    """A picture exactly as it is sent to this channel's network, by the code that sends it; `card`: as a link card's.

    Raises Refused when its bytes are gone, or it cannot be made fit.
    """
    limits = channels.limits(channel)
    return _fitted(sha256, focus, (limits.card_image if card else limits.image) or _SHOWN)


@lru_cache(maxsize=48)
def _fitted(sha256: str, focus: str, limits: ImageLimits) -> Encoded:
    return load_image(Media(sha256=sha256, focus=focus), media_files.load, limits)


def _unlike(out: Sequence[Part], parts: Sequence[Part], channel: Channel) -> list[Issue]:
    """What an edit cannot do to a post that is out: change how many parts it has, or their pictures."""
    if len(out) != len(parts):
        return [Issue(field="thread", key="check.edit_parts", params={"count": len(out)})]
    found, many = [], len(parts) > 1
    may_change = channels.limits(channel).edit_alts
    for index, (old, new) in enumerate(zip(out, parts, strict=True)):
        field = f"parts.{index}.media" if many else "media"
        if [item.sha256 for item in old.media] != [item.sha256 for item in new.media]:
            found.append(Issue(field=field, key="check.edit_pictures"))
        elif not may_change and [item.alt for item in old.media] != [item.alt for item in new.media]:
            params: dict[str, object] = {"network": registry.LABELS[channel.network]}
            found.append(Issue(field=field, key="check.edit_alts", params=params))
    return found


def names_around(post: Post) -> list[str]:
    """Names that need no proof in the document: of who publishes it and of the account."""
    names = [post.channel.name, str(post.channel.account.get("name") or "")]
    return [*names, post.document.source.name] if post.document.source else names


def language_of(post: Post) -> str:
    return post.revision.language if post.revision else ""


def source_of(post: Post) -> Entry | None:
    """The words that a post is held against; None when nothing is kept of its document."""
    return sources([post]).get(post.pk)


def sources(posts: Iterable[Post]) -> dict[int, Entry]:
    """For each post (by id) the words it is held against, in two queries: the version that it was written from, else
    its document's newest in the post's language, else the newest in the document's own."""
    posts = list(posts)
    kept: dict[int, list[Version]] = {}
    for version in Version.objects.filter(document__in={post.document_id for post in posts}).defer("entry"):
        kept.setdefault(version.document_id, []).append(version)
    chosen = {post.pk: found.pk for post in posts if (found := _choose(post, kept.get(post.document_id, [])))}
    entries = dict(Version.objects.filter(pk__in=set(chosen.values())).values_list("pk", "entry"))
    read = {pk: entry_from_json(entry) for pk, entry in entries.items()}
    return {post: read[version] for post, version in chosen.items()}


def _choose(post: Post, versions: Sequence[Version]) -> Version | None:
    written_from = post.revision.version_id if post.revision else None
    for version in versions:
        if version.pk == written_from:
            return version
    for language in (language_of(post), post.document.language):
        same = [version for version in versions if version.primary_language == primary(language)]
        if language and same:
            return same[-1]
    return versions[-1] if versions else None


def errors(issues: Sequence[Issue]) -> list[Issue]:
    return [issue for issue in issues if issue.severity is Severity.ERROR]


def proof(network: str) -> str:
    """What to know of a network that gives no receipt, before a post goes there; blank of all others."""
    found = registry.get_limits(network).proof if network in registry.KINDS else Proof.RECEIPT
    return "" if found is Proof.RECEIPT else messages.sentence(f"proof.{found}")
