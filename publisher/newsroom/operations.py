"""Keeping the service well: the doctor, backups."""

import shutil
import sqlite3
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from django.db import connection

from publisher import config, messages
from publisher.compose.templates import Templates
from publisher.enums import ChannelHealth, PostState
from publisher.errors import InvalidInput, NetworkError, PublisherError
from publisher.models import Channel, Post, Rule, Source, guards
from publisher.newsroom import access, engine, queries
from publisher.newsroom.alerts import outbox, places
from publisher.newsroom.drafts import bucket
from publisher.newsroom.record import anchors
from publisher.newsroom.sealing import unseal
from publisher.newsroom.sending import workers

DATABASE = "publisher.sqlite3"
KEYS = "keys"
KEPT = (KEYS, "media")
"""Folders of the data folder that a backup holds beside the database."""
ENOUGH = 500 * 1024 * 1024
"""Bytes of free disk below which the doctor warns."""


def examine() -> Iterator[tuple[str, bool, str]]:
    """Each check: its name, whether all is well, and a sentence."""
    settings = config.get()
    free = shutil.disk_usage(settings.data_dir).free
    yield "data folder", free > ENOUGH, f"{settings.data_dir}: {free // 1024 // 1024:,} MB free."
    yield "database", True, connection.vendor
    try:
        waiting = engine.waiting()
        yield "task engine", True, f"{waiting} task(s) waiting."
    except Exception as error:  # noqa: BLE001  # whatever the storage raises is the finding
        yield "task engine", False, f"It cannot be reached ({type(error).__name__}). Check PUBLISHER_QUEUE_URL."
    broken = Templates(settings.templates_dir).broken()
    yield "post templates", not broken, " ".join(error.sentence for error in broken) or "All can be read."
    for source in Source.objects.filter(active=True).exclude(problem=""):
        yield f"source {source.pk}", False, f"{source.name}: {source.problem}"
    yield (
        "sources",
        Source.objects.filter(active=True).exists(),
        f"{Source.objects.filter(active=True).count()} watched.",
    )
    for channel in Channel.objects.filter(active=True):
        try:
            unseal(channel.credentials)
            well = channel.health != ChannelHealth.BLOCKED
            yield f"channel {channel.pk}", well, f"{channel.name}: {channel.problem or channel.health}"
        except PublisherError as error:
            yield f"channel {channel.pk}", False, f"{channel.name}: {error.sentence}"
    yield "rules", Rule.objects.filter(active=True).exists(), f"{Rule.objects.filter(active=True).count()} in force."
    for state in (PostState.UNCERTAIN, PostState.FAILED):
        count = Post.objects.filter(state=state).count()
        yield f"{state} posts", count == 0, f"{count}"
    yield _second_factors()
    yield _messages()
    if bucket.is_set():
        yield _storage()
    standing = queries.holds()
    yield (
        "stops",
        not standing,
        "; ".join(f"{hold.set_by}: {hold.reason or hold.scope}" for hold in standing) or "None.",
    )
    seen = anchors.verify()
    yield (
        "history",
        seen.intact,
        " ".join(each.sentence for each in seen.findings[:3]) or f"{seen.count} events in order.",
    )
    fallen = guards.missing(connection)
    yield "history's guards", not fallen, f"Missing: {', '.join(fallen)}." if fallen else "All stand."


def _second_factors() -> tuple[str, bool, str]:
    """Whether those who must have one have it."""
    asked = [user for user in queries.users() if user.is_active and access.asks_for_factor(user)]
    without = [user.email for user in asked if not access.is_protected(user)]
    if config.get().second_factor == "off":
        return "second factors", True, "Nobody is asked for one."
    told = f"Missing, so they cannot act: {', '.join(without)}." if without else f"All {len(asked)} have one."
    return "second factors", not without, told


def _messages() -> tuple[str, bool, str]:
    """Whether people are told of what needs them."""
    stuck = outbox.trouble()
    if stuck:
        return "messages", False, f"{outbox.waiting_count()} wait. {stuck}"
    if not outbox.can_tell():
        return "messages", True, messages.sentence("notice.nobody")
    sender = config.get().sender
    ways = ([f"e-mail from {sender}"] if sender else []) + [place.name for place in places.listed()]
    return "messages", True, f"By {', '.join(ways)}."


def _storage() -> tuple[str, bool, str]:
    """Whether networks can fetch files from the bucket."""
    try:
        return "storage", True, bucket.try_out()
    except NetworkError as error:
        return "storage", False, error.sentence


def backup(file: Path, *, keys: bool = True) -> int:
    """Write database, keys and pictures into one .tar.gz. Returns its size in bytes. Raises InvalidInput.

    Without `keys` nobody opens with it what is sealed: whoever restores it brings the folder `keys` from elsewhere.
    What stood under that name before is replaced only by a whole backup.
    """
    _on_sqlite()
    data = config.get().data_dir
    try:
        with tempfile.TemporaryDirectory(dir=file.parent) as scratch:
            copy, archive = Path(scratch) / DATABASE, Path(scratch) / "backup"
            with closing(sqlite3.connect(data / DATABASE)) as source, closing(sqlite3.connect(copy)) as target:
                source.backup(target)  # a consistent copy, also while the service writes
                _forget_sign_ins(target)
            archive.touch(0o600)  # it holds the keys
            with tarfile.open(archive, "w:gz") as packed:
                packed.add(copy, DATABASE)
                for name in KEPT:
                    if (data / name).is_dir() and (keys or name != KEYS):
                        packed.add(data / name, name)
            archive.replace(file)
    except (OSError, sqlite3.Error) as error:
        raise InvalidInput("backup.cannot_write", type(error).__name__, path=str(file)) from error
    return file.stat().st_size


def _forget_sign_ins(copy: sqlite3.Connection) -> None:
    """Whoever finds a backup may not take over a session that was open when it was made."""
    copy.execute("PRAGMA secure_delete = ON")
    copy.execute("DELETE FROM django_session")
    copy.commit()
    copy.execute("VACUUM")


def restore(file: Path) -> None:
    """Unpack a backup into the data folder, which must hold no database yet. Raises InvalidInput."""
    _on_sqlite()
    data = config.get().data_dir
    if (data / DATABASE).exists():
        raise InvalidInput("backup.not_empty", path=str(data))
    try:
        with tarfile.open(file, "r:gz") as archive:
            if DATABASE not in archive.getnames():
                raise InvalidInput("backup.none", path=str(file))
            archive.extractall(data, filter="data")
        with closing(sqlite3.connect(data / DATABASE)) as restored:
            claims = restored.execute("SELECT DISTINCT claimed_by FROM publisher_post WHERE claimed_by <> ''")
            # What was being sent then may be out: nobody is at it any more, so it is looked up at the next start.
            for name in [name for (name,) in claims if name.isalnum()]:
                workers.bury(name)
    except (OSError, tarfile.TarError, EOFError, sqlite3.Error) as error:
        raise InvalidInput("backup.none", type(error).__name__, path=str(file)) from error


def _on_sqlite() -> None:
    if connection.vendor != "sqlite":
        raise InvalidInput("backup.postgresql")
