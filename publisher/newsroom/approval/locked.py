"""A post with its row locked: what is decided about it then is decided about what the row holds."""

from publisher.errors import InvalidInput, StaleState
from publisher.models import Post


def seen(post_id: int, revision_id: int) -> Post:
    """If what was on the screen is still what it says. Call it in a transaction. Raises StaleState."""
    post = locked(post_id)
    if post.revision_id != revision_id:
        raise StaleState("post.changed_meanwhile", f"revision {post.revision_id}, not {revision_id}")
    return post


def locked(post_id: int) -> Post:
    """Call it in a transaction. Raises InvalidInput."""
    rows = Post.objects.select_for_update(of=("self",))
    post = rows.select_related("channel", "document", "revision", "rule").filter(pk=post_id).first()
    if post is None:
        raise InvalidInput("post.unknown", id=post_id)
    return post
