"""What two people do to one post: what the other one changed, word by word."""

from publisher.models import Post
from publisher.text.diff import FieldChange, diff


def since(post: Post, revision_id: int | None) -> list[FieldChange]:
    """From the revision that somebody began with to the one that is current now."""
    before = post.revisions.filter(pk=revision_id or 0).first()
    both = (before.content if before else (), post.revision.content if post.revision else ())
    old, new = ("\n\n".join(part.text for part in parts) for parts in both)
    return [FieldChange("body", diff(old, new))] if old != new else []
