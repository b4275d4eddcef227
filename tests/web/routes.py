"""The table of who may do what at which address (routes.txt), and the newsroom that its addresses are about."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from django.apps import apps
from django.conf import settings
from django.test import Client
from django.urls import URLPattern, URLResolver
from django.utils import timezone

from publisher import urls
from publisher.enums import AlarmKind
from publisher.models import (
    Asset,
    Comment,
    Emergency,
    Grant,
    Hashtag,
    Hold,
    LanguageWait,
    NoticeAddress,
    Person,
    SandboxAccount,
    SandboxImage,
    SandboxPost,
    SensitivePeriod,
    SignInFailure,
)
from publisher.newsroom.alerts import alarms
from publisher.newsroom.approval import policy, proposals, signing
from publisher.newsroom.drafts import media
from publisher.newsroom.sealing import seal
from publisher.newsroom.signin import factors
from publisher.types import Media, Part
from tests.factories import make_attempt, make_channel, make_document, make_post, make_rule, make_source, make_user
from tests.sandbox.caller import picture

TABLE = Path(__file__).with_name("routes.txt")
PEOPLE = ("out", "viewer", "editor", "elsewhere", "approver", "administrator")
"""Signed out; the roles; `elsewhere` looks on, and has all rights on another channel."""
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
RELAXED = {"four_eyes": False, "approvals": 1, "by_kind": {}}


@dataclass(frozen=True)
class Row:
    name: str
    method: str
    path: str
    """Names things of `open_desk`; `it` is the thing that is acted on."""
    right: str
    """Which thing `it` is …"""
    wrong: str
    """… and one whose state forbids the act; blank where there is none."""
    data: str
    """What is sent, as a form."""
    expected: str
    """The status for each of PEOPLE, then for the administrator with the wrong thing; `=`: and nothing has changed."""


def rows() -> list[Row]:
    lines = TABLE.read_text(encoding="utf-8").splitlines()
    return [Row(*(cell.strip() for cell in line.split("|"))) for line in lines if line and not line.startswith("#")]


def names(patterns: list[URLPattern | URLResolver] | None = None) -> Iterator[str]:
    """Every route of the service; Django's admin, which has its own rule for all of it, once."""
    for each in urls.urlpatterns if patterns is None else patterns:
        if isinstance(each, URLPattern):
            yield each.name or "admin-login"
        elif each.app_name == "admin":
            yield "admin"
        else:
            yield from names(each.url_patterns)


def open_desk() -> SimpleNamespace:
    """A newsroom with a thing in every state that an address asks for."""
    source, channel, rule = make_source(kind="listing"), make_channel(), make_rule()
    document, other = make_document(source), make_document(source)
    account, _token = SandboxAccount.objects.open(channel.handle, "The Press Office")
    now = timezone.now()
    desk: dict[str, Any] = {"source": source, "channel": channel, "rule": rule, "document": document, "other": other}
    desk |= {"account": account, "posted": SandboxPost.objects.create(account=account, text="Hello", created_at=now)}
    png = picture()
    desk["image"] = SandboxImage.objects.create(
        account=account, data=png, type="image/png", sha256="0" * 64, width=40, height=30, created_at=now
    )
    desk |= {"picture": media.store(png), "spare": make_channel()}
    desk["review"] = review = make_post(document, channel, comment_count=1)
    for state in ("rejected", "scheduled", "failed", "uncertain"):
        desk[state] = make_post(make_document(source), channel, state=state)
    desk["out"] = out = make_post(other, channel, state="published")
    desk["partly"] = make_post(make_document(source), channel, state="failed", parts=(Part(text="1"), Part(text="2")))
    make_attempt(desk["partly"], "published")
    given = {"text": "By hand", "media": (Media(sha256=desk["picture"], alt="A flag", type="image/png"),)}
    by_hand = make_channel("manual", account={"id": "whatsapp", "handle": "", "name": "WhatsApp channel"})
    desk["hand"] = hand = make_post(make_document(source), by_hand, state="processing", parts=(Part(**given),))
    signing.sign(hand, "alice@example.org", not_before=now)
    make_attempt(hand, "pending")
    desk |= library(desk["picture"])
    desk["embargoed"] = make_document(source, embargo_until=now + timedelta(days=1))
    desk["alarm"] = alarms.raise_alarm(AlarmKind.VANISHED, "alarm.vanished", document=other)
    desk["corrected"] = alarms.raise_alarm(
        AlarmKind.CORRECTION, "alarm.correction", document=other, params={"count": 1}, data={"posts": [out.pk]}
    )
    desk["decided"] = alarms.raise_alarm(
        AlarmKind.CORRECTION,
        "alarm.correction",
        document=document,
        params={"count": 1},
        data={"posts": [desk["out"].pk]},
    )
    alarms.close(desk["decided"].pk, "alice@example.org", "seen")
    desk["flood"] = alarms.raise_alarm(
        AlarmKind.MASS_CHANGE,
        "alarm.mass_change",
        source=source,
        params={"source": source.name, "count": 1, "shown": 1},
        data={"documents": [make_document(source, baseline=True, drafted_at=None).pk]},
    )
    desk["closed"] = alarms.raise_alarm(AlarmKind.VANISHED, "alarm.vanished", document=document)
    alarms.close(desk["closed"].pk, "alice@example.org", "seen")
    desk["hold"] = Hold.objects.create(scope="channel", channel=channel, set_by="alice@example.org")
    desk["lifted"] = Hold.objects.create(
        scope="channel", channel=channel, set_by="alice@example.org", lifted_at=now, lifted_by="alice@example.org"
    )
    for name, days in (("period", 1), ("ended", -1)):
        desk[name] = SensitivePeriod.objects.create(
            name=name, starts_at=now - timedelta(days=2), ends_at=now + timedelta(days=days), set_by="alice@example.org"
        )
    desk["hashtag"] = Hashtag.objects.create(topic="Budget", tag="EUBudget")
    desk["awaited"] = LanguageWait.objects.create(document=other, channel=channel, until=now)
    desk["speaker"] = Person.objects.create(name="Kaja Kallas")
    desk["paced"] = make_post(channel=channel, state="scheduled", pace="waits")
    boss = make_user("administrator")
    desk["proposal"] = proposals.propose(policy.ACT, boss, "channel", channel.pk, data=RELAXED)
    desk["dropped"] = proposals.drop(
        proposals.propose(policy.ACT, boss, "channel", make_channel().pk, data=RELAXED).pk, boss
    )
    for name in ("emergency", "looked"):
        alone = signing.sign(review, "alice@example.org", not_before=now, alone=True)
        seen = {"reviewed_by": "bob@example.org", "reviewed_at": now} if name == "looked" else {}
        desk[name] = Emergency.objects.create(
            post=review, approval=alone, reason="Flood", by="alice@example.org", **seen
        )
    desk["writer"] = writer = make_user("editor")
    desk["comment"] = Comment.objects.create(
        post=review, revision=review.revision, asks=True, text="Shorter", user=boss, by=boss.email
    )
    desk["taken"] = Comment.objects.create(
        post=review,
        revision=review.revision,
        asks=True,
        text="x",
        by=writer.email,
        withdrawn_at=now,
        withdrawn_by="bob",
    )
    desk["user"] = make_user("viewer")
    desk["joined"] = make_user("viewer", issuer="https://id.example.org", subject="12")
    desk["protected"] = make_user("viewer")
    factors.add_passkey(desk["protected"], "Key ring", {})
    desk["place"] = NoticeAddress.objects.create(name="Desk", sealed=seal({"address": "a@b.org"}), service="E-mail")
    return SimpleNamespace(**desk)


def library(held: str) -> dict[str, Any]:
    """A file that a post holds, by its hash, and two that no post does."""
    asset, film = (Asset(type=kind, added_at=timezone.now()) for kind in ("image/png", "video/mp4"))
    asset.sha256, film.sha256 = media.store(b"a picture"), "f" * 64
    asset.save()
    film.save()
    return {"held": Asset.objects.get(sha256=held), "asset": asset, "film": film, "file": media.path(held)}


def sessions() -> dict[str, str]:
    """A sign-in of each of PEOPLE: what their cookie says."""
    found = {}
    for who in PEOPLE[1:]:
        user = make_user("viewer" if who == "elsewhere" else who)
        if who == "elsewhere":
            Grant.objects.create(user=user, channel=make_channel(), role="administrator")
        client = Client()
        client.force_login(user)
        found[who] = client.cookies[settings.SESSION_COOKIE_NAME].value
    return found


def browser(session: str, **more: Any) -> Client:
    client = Client(raise_request_exception=False, **more)
    if session:
        client.cookies[settings.SESSION_COOKIE_NAME] = session
    return client


def send(client: Client, row: Row, desk: SimpleNamespace, thing: str = "", method: str = "", **more: Any) -> Any:
    things = vars(desk) | {"it": getattr(desk, thing or row.right or "source")}
    body = row.data.format(**things)
    form = "application/x-www-form-urlencoded"
    return client.generic(method or row.method, row.path.format(**things), body, form, **more)


def contents() -> dict[str, list[Any]]:
    """Every row of ours: what an action may have changed."""
    kept = [model for model in apps.get_app_config("publisher").get_models() if model is not SignInFailure]
    return {model.__name__: list(model._default_manager.order_by("pk").values()) for model in kept}
