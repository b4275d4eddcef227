"""When an approved post really goes out, in words: a stop or a paused channel may stand in the way."""

from django.utils import timezone
from django.utils.translation import gettext as _

from publisher.enums import ChannelHealth
from publisher.models import Post
from publisher.newsroom.sending import holds


def outlook(post: Post) -> str:
    """What happens next with a post that was just approved or sent again."""
    if holds.file() is not None or holds.standing(post):
        return _("It waits until the stop is lifted.")
    if not post.channel.active:
        return _("It waits until the channel is resumed.")
    if post.channel.health == ChannelHealth.BLOCKED:
        return _("It waits until the channel is connected again.")
    if post.due_at and post.due_at > timezone.now():
        return _("It goes out when the embargo ends.")
    return _("It is going out now.")
