"""The way of notices to people: who is told is settled once (`spread`), then each telling is claimed, sent, recorded.

Nothing is lost: a row stays until the other side has taken the message, or three days have passed. A process that dies
between sending and recording sends that message again when its claim has run out; by e-mail it then bears the same
Message-ID, so that most mailboxes show it once. That is the worst that can happen, and for a message it is the right
way round: for posts it is not (`delivery`).
"""

import logging
import random
import threading
import uuid
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import groupby

from django.db import transaction
from django.db.models import Prefetch, Q, QuerySet
from django.utils import timezone

from publisher.enums import NoticeKind
from publisher.errors import InvalidInput
from publisher.models import Notice, NoticeAddress, Telling, User
from publisher.newsroom import access
from publisher.newsroom.alerts import letters, mail, places, wishes
from publisher.newsroom.alerts.mail import NotTaken, ServerDown
from publisher.newsroom.pages import Page, paged

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=5)
"""Longer than one message may take: some ten answers of a mail server, ten seconds each."""
QUIET = timedelta(minutes=15)
"""After a message about something, more of the same waits this long and then comes together."""
GIVE_UP_AFTER = timedelta(days=3)
KEPT_FOR = timedelta(days=90)
"""How long what was told is shown after it was settled."""
TOGETHER = 5
"""More messages than this for one person at one time become one."""
BATCH = 200
_one_round = threading.Lock()


def something_is_due(now: datetime | None = None) -> bool:
    now = now or timezone.now()
    return _unspread(now).exists() or _free(now).exists()


def run() -> None:
    """Spread and send what is due. One round at a time in a process: a slow mail server must not take all workers."""
    if not _one_round.acquire(blocking=False):
        return
    try:
        spread()
        send()
    finally:
        _one_round.release()


def spread(now: datetime | None = None) -> None:
    """Settle, once for each notice that is due, who is told."""
    now = now or timezone.now()
    for pk in list(_unspread(now).values_list("pk", flat=True)[:BATCH]):
        with transaction.atomic():
            if Notice.objects.filter(pk=pk, spread_at=None, over_at=None).update(spread_at=now) == 1:
                notice = Notice.objects.get(pk=pk)
                Telling.objects.bulk_create(_tellings(notice, now))


def send(now: datetime | None = None) -> None:
    """Send what waits, to one person or place after the other."""
    now = now or timezone.now()
    mail_is_down = False
    waiting = _free(now).order_by().values_list("user", "address").distinct()
    for user_id, address_id in list(waiting):
        claimed = _claim(user_id, address_id, now)
        for batch in _batches(claimed):
            if mail_is_down and by_mail(batch[0]):
                _release(batch)
                continue
            mail_is_down = not _send(batch) or mail_is_down


def deliver(telling: Telling, notices: Sequence[Notice], *, number: str) -> None:
    """Hand one message to the other side. Raises NotTaken. `number` is the same whenever it is the same message."""
    letter = letters.write(notices, to_person=telling.user_id is not None)
    to = telling.user.email if telling.user else places.opened(telling.address)
    if by_mail(telling):
        mail.send(to, letter.subject, letter.text, number=number)
    else:
        places.send(to, letter)


def try_out(user: User, place_id: int | None = None) -> str:
    """Send a test at once: to the person, or to a place. Gives where it went. Raises NotTaken, InvalidInput."""
    if place_id is None:
        access.require(user, "view")
        if not mail.can_send():
            raise InvalidInput("mail.none")
        telling = Telling(user=user)
    else:
        access.require(user, "manage")
        telling = Telling(address=places.get(place_id))
    notice = Notice(kind=NoticeKind.TEST, key="notice.test", params={"name": user.name or user.email})
    deliver(telling, [notice], number=f"test-{uuid.uuid4().hex}")
    return str(telling.address or user.email)


def page(number: int = 1, size: int = 50) -> Page[Notice]:
    """Notices with who was told, newest first."""
    ends = Telling.objects.select_related("user", "address")
    return paged(Notice.objects.prefetch_related(Prefetch("tellings", ends)), number, size)


def can_tell() -> bool:
    """Whether there is any way to anybody."""
    return mail.can_send() or NoticeAddress.objects.filter(active=True).exclude(service=places.MAIL).exists()


def prune(now: datetime | None = None) -> None:
    """Forget what is long settled. What still stands stays, or it would be told a second time."""
    old = (now or timezone.now()) - KEPT_FOR
    Notice.objects.filter(Q(over_at__lt=old) | Q(kind=NoticeKind.DIGEST, raised_at__lt=old)).delete()


def by_mail(telling: Telling) -> bool:
    return telling.address is None or telling.address.service == places.MAIL


def trouble() -> str:
    """The sentence about messages that do not get through at present; blank when all is well."""
    stuck = _waiting().exclude(problem="").order_by("-next_at").first()
    return stuck.problem if stuck else ""


def waiting_count() -> int:
    """Messages that have not been taken: those tried in vain, and those given up in the last days."""
    given_up = Telling.objects.filter(given_up_at__gt=timezone.now() - GIVE_UP_AFTER)
    return _waiting().exclude(problem="").count() + given_up.count()


# --- who --------------------------------------------------------------------------------------------------------------


def _tellings(notice: Notice, now: datetime) -> Iterator[Telling]:
    kind = NoticeKind(notice.kind)
    if mail.can_send():
        for user in wishes.readers(kind):
            if not notice.people or user.pk in notice.people:
                yield Telling(notice=notice, user=user, next_at=_when(notice, now, user=user))
    if notice.people:
        return  # what is for some alone is not said in front of all
    for address in NoticeAddress.objects.filter(active=True):
        wanted = not address.kinds or kind in address.kinds
        if wanted and (mail.can_send() or address.service != places.MAIL):
            yield Telling(notice=notice, address=address, next_at=_when(notice, now, address=address))


def _when(notice: Notice, now: datetime, **end: object) -> datetime:
    if not notice.about:
        return now
    same = Telling.objects.filter(notice__about=notice.about, sent_at__gt=now - QUIET, **end)
    last = same.order_by("-sent_at").values_list("sent_at", flat=True).first()
    return last + QUIET if last else now


# --- claim, send, record ----------------------------------------------------------------------------------------------


def _unspread(now: datetime) -> "QuerySet[Notice]":
    return Notice.objects.filter(spread_at=None, over_at=None, due_at__lte=now)


def _waiting() -> "QuerySet[Telling]":
    """Not taken yet, and its cause is still there."""
    return Telling.objects.filter(sent_at=None, given_up_at=None, notice__over_at=None)


def _free(now: datetime) -> "QuerySet[Telling]":
    return _waiting().filter(Q(claimed_until=None) | Q(claimed_until__lte=now), next_at__lte=now)


def _claim(user_id: int | None, address_id: int | None, now: datetime) -> list[Telling]:
    token = uuid.uuid4().hex
    mine = list(_free(now).filter(user=user_id, address=address_id).values_list("pk", flat=True)[:BATCH])
    free = Telling.objects.filter(Q(claimed_until=None) | Q(claimed_until__lte=now), pk__in=mine)
    free.filter(sent_at=None, given_up_at=None).update(claim=token, claimed_until=timezone.now() + LEASE)
    claimed = Telling.objects.filter(claim=token).select_related("notice", "user", "address")
    return list(claimed.order_by("notice__about", "id"))


def _batches(claimed: Sequence[Telling]) -> list[list[Telling]]:
    """What goes out in one message each."""

    def thing(telling: Telling) -> str:
        return telling.notice.about or f"notice:{telling.notice_id}"

    batches = [list(group) for _, group in groupby(sorted(claimed, key=thing), key=thing)]
    if len(batches) > TOGETHER:
        return [sorted(claimed, key=lambda telling: telling.pk)]
    return sorted(batches, key=lambda batch: batch[0].pk)


def _send(batch: Sequence[Telling]) -> bool:
    """Send one message and record what came of it. False when the mail server takes nothing at all."""
    numbers = [telling.pk for telling in batch]
    still = Telling.objects.filter(pk__in=numbers, claim=batch[0].claim)
    # A claim lasts for one message; those that come later in the round need it anew.
    if still.update(claimed_until=timezone.now() + LEASE) != len(batch):
        return True  # somebody else has them
    try:
        notices = [telling.notice for telling in batch]
        deliver(batch[0], notices, number=f"notice-{batch[0].pk}-{batch[-1].pk}")
    except NotTaken as error:
        _put_off(batch, error)
        return not isinstance(error, ServerDown)
    except Exception as error:  # a bug in one message must not keep all others
        log.exception("a message could not be sent; this is a bug")
        _put_off(batch, NotTaken("notice.broken", type(error).__name__))
        return True
    still.update(sent_at=timezone.now(), claim="", claimed_until=None, problem="", diagnostic="")
    return True


def _put_off(batch: Sequence[Telling], error: NotTaken) -> None:
    log.warning("a message was not taken: %s", error)
    now = timezone.now()
    for telling in batch:
        tries = telling.tries + 1
        wait = min(timedelta(minutes=tries**2), timedelta(hours=1)) * random.uniform(1, 1.2)  # noqa: S311  # no secret
        given_up = now if now - telling.notice.raised_at > GIVE_UP_AFTER else None
        Telling.objects.filter(pk=telling.pk, claim=telling.claim).update(
            tries=tries,
            next_at=now + wait,
            given_up_at=given_up,
            claim="",
            claimed_until=None,
            problem=error.sentence,
            diagnostic=error.diagnostic[:2000],
        )


def _release(batch: Sequence[Telling]) -> None:
    """Not tried in this round; the next one does."""
    for telling in batch:
        Telling.objects.filter(pk=telling.pk, claim=telling.claim).update(
            claim="", claimed_until=None, next_at=timezone.now() + timedelta(minutes=1)
        )
