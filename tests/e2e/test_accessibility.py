"""Every page in light and dark, at a desk and on a phone: WCAG 2.2 AA as far as a program can tell."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page

from publisher.enums import AlarmKind
from publisher.models import Alarm, Asset, Hashtag, LanguageWait, PostFigures, User
from publisher.newsroom import access
from publisher.newsroom.alerts import alarms
from publisher.newsroom.approval import assignment, comments, presence
from publisher.newsroom.documents import vanished
from publisher.newsroom.drafts import media, periods
from publisher.newsroom.sending import holds
from publisher.types import Card, Media, Part
from tests.factories import make_channel, make_document, make_post, make_rule, make_source, make_user
from tests.sandbox.caller import picture as picture_of
from tests.web.test_alarms import corrected

SIZES = {"desk": {"width": 1280, "height": 800}, "phone": {"width": 360, "height": 740}}
SMALL_TARGETS = """() => [...document.querySelectorAll("button, a.button, summary, input, select, textarea, nav a")]
    .filter((item) => item.checkVisibility() && item.type !== "hidden" && !item.closest("#status, .skip"))
    .filter((item) => { const box = item.getBoundingClientRect(); return box.width < 24 || box.height < 24; })
    .filter((item) => !["checkbox", "radio"].includes(item.type))
    .map((item) => item.outerHTML)"""
COLOURS = ["color-contrast", "link-in-text-block"]
"""The rules of axe that the dark may break and the light does not."""
DAY = timedelta(days=1)
SIDEWAYS = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture
def paths(transactional_db: None) -> dict[str, str]:
    """Every page, with something of everything on it."""
    boss = make_user("administrator", email="alice@example.org")
    make_user("viewer", is_active=False)
    source = make_source(status="unreachable", problem="The feed could not be reached.", failures=3)
    make_source(active=False)
    document = make_document(source, kind="speech", body="A paragraph.\n\nAnother one.")
    card = Card(url="https://www.example.org/" + "a" * 90, title="A title of a card", description="What it is about")
    words = "Words https://www.example.org/" + "a" * 60 + " #press"
    first = make_post(document, make_channel("x"), parts=(Part(text=words, card=card),))
    make_post(document, make_channel("bluesky"), parts=(Part(text="One"), Part(text="Two", card=card)))
    make_post(
        document, make_channel("mastodon", health="blocked", problem="Not accepted."), parts=(Part(text="x" * 501),)
    )
    picture = Part(text="Picture", media=(Media(alt="Two flags"), Media()))
    make_post(document, make_channel("sandbox"), parts=(picture,))
    for state in ("scheduled", "sending", "published", "failed", "uncertain", "expired", "rejected", "withdrawn"):
        make_post(make_document(source), first.channel, state=state, reason="A sentence about it.")
    said = {"not_words": ["fish"], "people": ["Kaja Kallas"], "weekdays": [0, 4], "hashtags": ["EUBudget"]}
    rule = make_rule(mode="automatic", cool_off=10, per_hour=2, **said)
    make_post(make_document(source), first.channel, state="scheduled", rule=rule, counts_down=True)
    hours = {"mon": ["09:00", "14:30"], "sat": ["10:00"]}
    pace = {"spacing": 15, "daily_cap": 8, "slots": hours, "spend_cap": 50, "late_by_kind": {"speech": "send"}}
    paced = make_channel("x", name="The Commission on X", **pace)
    make_post(document, paced, due_at=timezone.now() - DAY)
    make_post(make_document(source), paced, state="scheduled", pace="waits", reason="Waits until 14:20.")
    flag = Media(sha256=media.store(picture_of()), alt="Two flags in the wind", type="image/png")
    by_hand = make_post(document, make_channel("manual"), state="processing", parts=(Part(text=words, media=(flag,)),))
    aimed = replace(flag, focus="0.50,0.25", alt="IMG_1.png")
    picture_post = make_post(document, make_channel("instagram"), parts=(Part(text="Here", media=(aimed, flag)),))
    film = Asset.objects.create(sha256="f" * 64, type="video/mp4", name="film.mp4", added_at=timezone.now())
    tried = make_rule(mode="automatic", kinds=["speech"], active=False)
    hold = holds.set(boss, scope="everything", reason="State funeral")
    holds.set(boss, scope="topic", words=["election"], channel_ids=[first.channel_id], ends_at=timezone.now() + DAY)
    periods.add(boss, name="Mourning", starts_at=timezone.now(), ends_at=timezone.now() + DAY, words=["a", "b"])
    said = comments.say(first.pk, boss, "A comment, with a-very-long-address-" + "x" * 60)
    comments.ask(first.pk, boss, revision_id=first.revision_id or 0, text="Shorter, please.")
    comments.withdraw(said.pk, boss)
    colleague = make_user("editor", name="Emma Bo")
    assignment.assign(first.pk, boss, colleague)
    presence.beat(document, colleague, first)
    invitation = access.invite("new@example.org", "editor", boss)
    assert hold.pk
    old = alarms.raise_alarm(AlarmKind.MASS_CHANGE, "alarm.gap", source=source, params={"source": source.name})
    gone = make_document(source, told={"speakers": ("Ada Example",), "recipe": "general"})
    seen = make_post(gone, first.channel, state="published")
    PostFigures.objects.create(post=seen, impressions=1234, likes=0, read_at=timezone.now())
    Hashtag.objects.create(topic="Green Deal", tag="GreenDeal")
    german = make_channel("telegram", language="de", name="Presse")
    LanguageWait.objects.create(document=document, channel=german, until=timezone.now())
    vanished.gone(gone)
    correction, out = corrected()
    return {
        "sign-in": "/sign-in/",
        "welcome": f"/welcome/{invitation}/",
        "dead link": "/welcome/nonsense/",
        "queue": "/",
        "document": f"/documents/{document.pk}/",
        "edit": f"/posts/{first.pk}/edit/",
        "card": f"/posts/{first.pk}/card/",
        "edit pictures": f"/posts/{picture_post.pk}/edit/",
        "media": "/media/",
        "media for a post": f"/media/?post={picture_post.pk}",
        "picture": f"/media/{Asset.objects.get(sha256=flag.sha256).pk}/",
        "film": f"/media/{film.pk}/",
        "remove from the library": f"/media/{film.pk}/remove/",
        "published": "/published/",
        "withdraw": f"/posts/{first.pk}/withdraw/",
        "documents": "/documents/",
        "taken down": f"/documents/{gone.pk}/",
        "corrected": f"/documents/{out.document_id}/",
        "alarms": "/alarms/",
        "closed alarms": "/alarms/?closed=1",
        "alarm about a source": f"/alarms/{old.pk}/",
        "alarm taken down": f"/alarms/{Alarm.objects.get(kind=AlarmKind.VANISHED).pk}/",
        "alarm correction": f"/alarms/{correction.pk}/",
        "source": f"/sources/{source.pk}/",
        "sources": "/sources/",
        "add a source": "/sources/add/",
        "channels": "/channels/",
        "pace": f"/channels/{paced.pk}/pace/",
        "links": f"/channels/{paced.pk}/links/",
        "hashtags": "/hashtags/",
        "connect": "/channels/add/x/",
        "rules": "/rules/",
        "rule": f"/rules/{rule.pk}/",
        "try a rule": f"/rules/{tried.pk}/test/",
        "team": "/team/",
        "own": "/own/",
        "add an app": "/own/app/",
        "add a passkey": "/own/passkey/",
        "history": "/history/?person=alice@example.org&since=2026-01-01",
        "by hand": f"/posts/{by_hand.pk}/by-hand/",
        "comments": f"/posts/{first.pk}/talk/",
        "stops": "/stop/",
        "sensitive periods": "/periods/",
        "keys": "/keys/",
        "not found": "/nowhere/",
    }


def sign_in(page: Page, address: str) -> None:
    """As Alice, by a session made here: what sign-in looks like is another test's matter."""
    client = Client()
    client.force_login(User.objects.get(email="alice@example.org"))
    cookie = client.cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": address}])


def test_no_barrier_on_any_page(
    live_server: Any, paths: dict[str, str], new_page: Callable[..., Page], barriers: Callable[..., list[str]]
) -> None:
    """Each is opened once; then the window becomes narrow, as on a phone, and at last it gets dark."""
    page = new_page(reduced_motion="reduce")
    found = {}
    for name, path in paths.items():
        if name == "queue":
            sign_in(page, live_server.url)
        page.set_viewport_size(SIZES["desk"])
        page.emulate_media(color_scheme="light")
        page.goto(live_server.url + path)
        assert page.url == live_server.url + path
        found[f"{name}, desk"] = barriers(page) + shape(page)
        page.set_viewport_size(SIZES["phone"])
        found[f"{name}, phone"] = barriers(page) + shape(page)
        page.emulate_media(color_scheme="dark")
        found[f"{name}, dark"] = barriers(page, COLOURS)
    assert {where: faults for where, faults in found.items() if faults} == {}


def shape(page: Page) -> list[str]:
    faults = [f"too small to hit: {item}" for item in page.evaluate(SMALL_TARGETS)]
    if sideways := page.evaluate(SIDEWAYS):
        faults.append(f"scrolls sideways by {sideways}")
    return faults


def test_no_barrier_in_what_opens(
    live_server: Any, paths: dict[str, str], new_page: Callable[..., Page], barriers: Callable[[Page], list[str]]
) -> None:
    page = new_page(reduced_motion="reduce")
    sign_in(page, live_server.url)
    page.goto(live_server.url)
    for key in "?!":
        page.keyboard.press(key)
        assert barriers(page) == []
        page.keyboard.press("Escape")
    for key in "jse":
        page.keyboard.press(key)
        page.wait_for_timeout(0)
        assert barriers(page) == []
        page.keyboard.press("Escape")
