"""What the task engine runs: thin calls into the newsroom.

The rows are the truth. Every few seconds `sweep` looks for what is due and was not done: a lost queue loses nothing.
"""

import logging
import threading
from datetime import timedelta

from django.contrib.sessions.backends.db import SessionStore
from django.db import close_old_connections
from django.utils import timezone

from publisher import config
from publisher.enums import PostState
from publisher.models import SignInFailure
from publisher.newsroom import channels, engine, expiry, setup
from publisher.newsroom.alerts import digest, outbox
from publisher.newsroom.approval import presence
from publisher.newsroom.connect import handshakes
from publisher.newsroom.documents import rechecks, translations, unposted
from publisher.newsroom.drafts import drafting, public
from publisher.newsroom.engine import handles
from publisher.newsroom.feeds import events, push, silence, watching
from publisher.newsroom.record import anchors
from publisher.newsroom.sending import claiming, delivery, figures, lookups, workers

log = logging.getLogger(__name__)

SWEEP_EVERY = 5.0
"""Seconds between two sweeps."""
BACKLOG = 500
"""Tasks in the engine above which the sweep adds none; it asks for at most some 800 things at a time."""
CHORES = {
    "plan rechecks": timedelta(minutes=5),
    "prune": timedelta(hours=6),
    "check channels": timedelta(hours=6),
    "set up": timedelta(minutes=5),
    "renew pushes": timedelta(minutes=1),
    "draft events": timedelta(minutes=15),
    "look for silence": timedelta(hours=1),
    "look for what waits": timedelta(minutes=1),
    "check channels before posts": timedelta(minutes=1),
    "look for ends": timedelta(hours=1),
    "look for languages": timedelta(minutes=2),
    "plan figures": timedelta(minutes=10),
    "read figures": timedelta(minutes=1),
    "anchor": timedelta(hours=1),
    "write digest": timedelta(minutes=1),
}
CHECK_CHANNELS_EVERY = timedelta(hours=24)


@handles("deliver")
def deliver(post_id: int) -> None:
    delivery.deliver(post_id)


@handles("resume")
def resume(post_id: int) -> None:
    lookups.resume(post_id)


@handles("settle")
def settle(post_id: int) -> None:
    lookups.settle(post_id)


@handles("draft")
def draft(document_id: int) -> None:
    drafting.draft(document_id)


@handles("draft events")
def draft_events() -> None:
    """Those that begin today."""
    events.draft_due()


@handles("poll")
def poll() -> None:
    watching.poll_due()


@handles("subscribe")
def subscribe(source_id: int) -> None:
    push.subscribe(source_id)


@handles("unsubscribe")
def unsubscribe(hub: str, topic: str, token: str) -> None:
    push.unsubscribe(hub, topic, token)


@handles("renew pushes")
def renew_pushes() -> None:
    push.renew()


@handles("look for silence")
def look_for_silence() -> None:
    silence.look()


@handles("look for what waits")
def look_for_what_waits() -> None:
    unposted.look()


@handles("recheck")
def recheck() -> None:
    rechecks.read_due()


@handles("plan rechecks")
def plan_rechecks() -> None:
    rechecks.adopt()


@handles("check channels")
def check_channels() -> None:
    for channel_id in channels.unchecked_since(timezone.now() - CHECK_CHANNELS_EVERY):
        channels.check(channel_id)


@handles("check channels before posts")
def check_channels_before_posts() -> None:
    for channel_id, due_at in channels.unchecked_before_posts(timezone.now()).items():
        channels.check(channel_id, due_at=due_at)


@handles("look for ends")
def look_for_ends() -> None:
    """Credentials that end soon."""
    expiry.look()


@handles("look for languages")
def look_for_languages() -> None:
    """Pages of documents in languages that channels wait for."""
    translations.look()


@handles("plan figures")
def plan_figures() -> None:
    figures.plan()


@handles("read figures")
def read_figures() -> None:
    figures.read_due()


@handles("write digest")
def write_digest() -> None:
    digest.write_due()


@handles("send notices")
def send_notices() -> None:
    outbox.run()


@handles("warm up")
def warm_up() -> None:
    delivery.warm_up()


@handles("set up")
def set_up() -> None:
    """A network or a feed that was away when the service started may be there now."""
    for problem in setup.from_settings(config.get()):
        log.warning("what the settings describe cannot be set up yet: %s", problem)


@handles("anchor")
def anchor() -> None:
    """The head of the history, written down apart from it."""
    anchors.write()


@handles("prune")
def prune() -> None:
    SessionStore.clear_expired()
    SignInFailure.objects.filter(at__lt=timezone.now() - timedelta(days=1)).delete()
    outbox.prune()
    presence.prune()
    public.prune()
    handshakes.prune()


@handles("sweep")
def sweep() -> None:
    """Find what is due: dead claims, posts to send or look up, documents to draft, sources to look at."""
    lookups.lose_dead_claims()
    if engine.waiting() > BACKLOG:
        return  # the workers are behind: asking again for the same would only make the queue longer
    for post_id in claiming.due():
        engine.enqueue("deliver", post_id)
    for post_id in lookups.waiting(PostState.UNCERTAIN):
        engine.enqueue("settle", post_id)
    for post_id in lookups.waiting(PostState.PROCESSING):
        engine.enqueue("resume", post_id)
    for document_id in watching.undrafted():
        engine.enqueue("draft", document_id)
    if outbox.something_is_due():
        engine.enqueue("send notices")
    if rechecks.something_is_due():
        engine.enqueue("recheck")
    if watching.something_is_due():
        engine.enqueue("poll")


class Sweeper(threading.Thread):
    """Calls `sweep` every few seconds, and the rarer chores, until stopped."""

    def __init__(self) -> None:
        super().__init__(name="sweeper", daemon=True)
        self._stop_asked = threading.Event()
        # The settings were read at the start of the desk; the other chores are due when a worker starts.
        long_ago = timezone.now() - timedelta(days=365)
        self._done_at = {verb: timezone.now() if verb == "set up" else long_ago for verb in CHORES}

    def run(self) -> None:
        workers.me()
        engine.enqueue("warm up")
        while not self._stop_asked.is_set():
            pause = SWEEP_EVERY
            try:
                close_old_connections()
                sweep()
                self._do_chores()
                pause = self._pause()
            except Exception:
                log.exception("the sweep failed; the next one comes in %s seconds", SWEEP_EVERY)
            finally:
                close_old_connections()
            self._stop_asked.wait(pause)

    def _do_chores(self) -> None:
        now = timezone.now()
        for verb, every in CHORES.items():
            if now - self._done_at[verb] >= every:
                self._done_at[verb] = now
                engine.enqueue(verb)

    def _pause(self) -> float:
        """Seconds until the next sweep: less when a source is due before."""
        due = watching.next_due_at()
        if due is None:
            return SWEEP_EVERY
        return min(max((due - timezone.now()).total_seconds(), 0.5), SWEEP_EVERY)

    def stop(self) -> None:
        self._stop_asked.set()
