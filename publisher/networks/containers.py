"""Meta's way of two steps, as Threads and Instagram go it: a container is made, and published once it is ready.

A container is what settles whether a post is out: it says PUBLISHED, and it can be published but once. So its number
is kept before anything else is done with it, and it is looked at before it is published.
"""

from publisher.errors import Refused, Retry, StartAnew, Uncertain
from publisher.networks.graph import is_gone
from publisher.networks.wire import Wire, sentence

READY, WORKING, OUT = "FINISHED", "IN_PROGRESS", "PUBLISHED"
LOOK = 20.0
"""Seconds between two looks at a container. Meta asks for no more than one a minute over five minutes for videos."""
PASSING = ("UNKNOWN", "FAILED_DOWNLOADING", "FAILED_PROCESSING")
"""Errors of a container that say nothing against what is in it: how they begin."""


def state_of(wire: Wire, container: str, *, status: str, why: str) -> str:
    """READY, WORKING or OUT, by the fields named `status` and `why`.

    Raises StartAnew where nothing can come of the container any more, Refused where a picture or video in it is not
    taken, Uncertain where it cannot be seen.
    """
    try:
        told = wire.ask("GET", container, params={"fields": f"id,{status},{why}"}, needs=(status,)).object
    except Refused as error:
        if is_gone(error):
            raise Uncertain("network.uncertain", error.diagnostic, network=wire.label) from None
        raise Retry("network.unavailable", error.diagnostic, network=wire.label) from None
    state, reason = str(told[status]), str(told.get(why) or "")
    if state in (READY, WORKING, OUT):
        return state
    diagnostic = f"container {container}: {state} {reason}"[:300]
    if state == "EXPIRED" or (state == "ERROR" and (not reason or reason.startswith(PASSING))):
        raise StartAnew("meta.container_lost", diagnostic, network=wire.label)
    if state == "ERROR":
        raise Refused("meta.media_refused", diagnostic, network=wire.label, why=sentence(reason))
    raise Retry("network.unavailable", diagnostic, network=wire.label)


def is_published(wire: Wire, container: str, *, status: str, why: str) -> bool | None:
    """Whether the post of a container is out; None where the container cannot be seen."""
    try:
        return state_of(wire, container, status=status, why=why) == OUT
    except (StartAnew, Refused):
        return False
    except Uncertain:
        return None
