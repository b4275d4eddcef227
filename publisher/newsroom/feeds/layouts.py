"""A listing whose page has been rebuilt: somebody must pick its parts anew, so it is an alarm and not silence."""

from publisher.enums import AlarmKind
from publisher.errors import FetchError
from publisher.models import Source
from publisher.newsroom.alerts import alarms
from publisher.newsroom.record import audit

KEY = "source.layout"
"""What `watch.listing` says of a page that its recipe does not fit any more."""


def noticed(source: Source, error: FetchError) -> None:
    """A visit failed; if it failed because of this, call a person."""
    if error.key == KEY:
        alarms.raise_alarm(AlarmKind.LAYOUT, KEY, source=source, data={"found": error.diagnostic[:500]})


def mended(source: Source) -> None:
    """A visit could read the page: an alarm about it has settled itself."""
    alarm = alarms.standing(AlarmKind.LAYOUT, source=source)
    if alarm is not None:
        alarms.close(alarm.pk, audit.SERVICE, "The page can be read again.")
