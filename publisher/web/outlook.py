"""When a post really goes out, in words: what a click on Approve will do, and what it has done.

A stop, a paused channel, the channel's pace or the post's own time may stand in the way.
"""

from dataclasses import dataclass, field
from datetime import datetime

from django.utils import formats, timezone
from django.utils.translation import gettext as _

from publisher.enums import ChannelHealth, LatePolicy, PostState
from publisher.models import Post
from publisher.newsroom.sending import holds, late, pacing, when
from publisher.newsroom.sending.pacing import Wait


@dataclass(frozen=True, slots=True)
class Click:
    """What a person reads before they approve a post."""

    text: str
    button: str
    """What approving does; blank where nobody can approve it without naming a time."""
    now: bool = False
    """Whether sending it now is another thing, and offered beside."""
    hour: datetime | None = None
    """The channel's next free best hour, if it names any."""


@dataclass(slots=True)
class Known:
    """What one page has found out about channels, so that it asks once for each."""

    waits: dict[int, Wait | None] = field(default_factory=dict)
    hours: dict[int, datetime | None] = field(default_factory=dict)

    def wait(self, post: Post) -> Wait | None:
        if post.channel.spend_cap is not None:  # what it costs is each post's own
            return pacing.waits(post, timezone.now())
        if post.channel_id not in self.waits:
            self.waits[post.channel_id] = pacing.waits(post, timezone.now())
        return self.waits[post.channel_id]

    def hour(self, post: Post) -> datetime | None:
        if not post.channel.slots or post.document.embargo:
            return None
        if post.channel_id not in self.hours:
            self.hours[post.channel_id] = when.earliest(post.channel, timezone.now())
        return self.hours[post.channel_id]


def before(post: Post, known: Known | None = None) -> Click | None:
    """What approving a post in review will do; None in any other state."""
    if post.state != PostState.REVIEW:
        return None
    known, now = known or Known(), timezone.now()
    hour = known.hour(post)
    if post.due_at is None or post.due_at < (post.document.embargo or post.due_at):
        wait = None if post.document.embargo else known.wait(post)
        text = _("If you approve it now: %(wait)s") % {"wait": wait.sentence} if wait else ""
        return Click(text, _("Approve and send"), hour=hour)
    at = {"when": written(post.due_at)}
    if post.due_at > now:
        return Click(_("Its time is %(when)s.") % at, _("Approve for its time"), now=True, hour=hour)
    if not late.slot_passed(post, now):
        return Click("", _("Approve and send"), hour=hour)
    passed = _("Its time, %(when)s, has passed.") % at
    policy = late.policy_of(post)
    if policy is LatePolicy.SEND:
        return Click(f"{passed} " + _("Approved, it goes out at once."), _("Approve and send"), hour=hour)
    if policy is LatePolicy.EXPIRE:
        text = _("Such posts expire on this channel; you can also send it now, or choose another time.")
        return Click(f"{passed} {text}", _("Let it expire"), now=True, hour=hour)
    return Click(f"{passed} " + _("Send it now, or choose another time."), "", now=True, hour=hour)


def outlook(post: Post) -> str:
    """What happens next with a post that was just approved or sent again."""
    if holds.file() is not None or holds.standing(post):
        return _("It waits until the stop is lifted.")
    if not post.channel.active:
        return _("It waits until the channel is resumed.")
    if post.channel.health == ChannelHealth.BLOCKED:
        return _("It waits until the channel is connected again.")
    now = timezone.now()
    if post.due_at and post.due_at > now:
        if post.document.embargo and post.due_at <= post.document.embargo:
            return _("It goes out when the embargo ends.")
        return _("It goes out %(when)s.") % {"when": written(post.due_at)}
    wait = pacing.waits(post, now) if post.state == PostState.SCHEDULED else None
    return wait.sentence if wait else _("It is going out now.")


def written(moment: datetime) -> str:
    return formats.date_format(timezone.localtime(moment), "D j M Y, H:i")
