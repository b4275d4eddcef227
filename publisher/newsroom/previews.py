"""What followers would see, and what stands against it: for the editor, at approval and before sending alike."""

from collections.abc import Sequence

from publisher.enums import Severity
from publisher.models import Channel, Post
from publisher.networks import registry
from publisher.newsroom import channels
from publisher.types import Draft, Issue, Part, Preview


def as_draft(channel: Channel, parts: Sequence[Part], *, kind: str = "other", language: str = "") -> Draft:
    return Draft(network=channel.network, kind=kind, parts=tuple(parts), language=language)  # type: ignore[arg-type]  # a DocumentKind's value


def preview(post: Post) -> Preview:
    assert post.revision is not None
    return preview_parts(post.channel, post.revision.content, language=post.revision.language)


def preview_parts(channel: Channel, parts: Sequence[Part], *, language: str = "") -> Preview:
    return registry.get(channel.network).preview(as_draft(channel, parts, language=language), channels.limits(channel))


def check(post: Post) -> list[Issue]:
    """The checks of the current revision, and what drafting had to say about it."""
    assert post.revision is not None
    found = check_parts(post.channel, post.revision.content)
    seen = {(issue.field, issue.key) for issue in found}
    for item in post.revision.issues:
        issue = Issue(field=item["field"], key=item["key"], params=item["params"], severity=Severity(item["severity"]))
        if issue.field.endswith("template") and (issue.field, issue.key) not in seen:
            found.append(issue)
    return found


def check_parts(channel: Channel, parts: Sequence[Part]) -> list[Issue]:
    return registry.get(channel.network).check(as_draft(channel, parts), channels.limits(channel))


def errors(issues: Sequence[Issue]) -> list[Issue]:
    return [issue for issue in issues if issue.severity is Severity.ERROR]
