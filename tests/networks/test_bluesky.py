"""Bluesky against the official PDS: what goes out, and what people enter and see."""

import io
from pathlib import Path

import httpx
import pytest
from PIL import Image as Pillow
from pydantic import ValidationError

from publisher.enums import Severity
from publisher.errors import Refused
from publisher.networks.bluesky import Bluesky, BlueskyCredentials
from publisher.networks.bluesky_record import make_tid
from publisher.networks.credentials import reveal
from publisher.types import Card, Issue, Media, Part, Receipt
from tests.networks import bluesky
from tests.networks.bluesky import APPLY, KEY, KEYS, STAMP, UPLOAD, Desk, as_draft, canonical, methods, texts
from tests.networks.lexicon import Lexicons
from tests.peers.pds import Pds

desk = bluesky.desk


def test_post_fetched_back_is_the_preview_byte_for_byte(pds: Pds, desk: Desk, shared: Path) -> None:
    mentioned = pds.create_account()
    text = f"🇪🇺 Україна й ЄС – “разом” 👩‍🚀: https://ec.europa.eu/a?b=c#d with @{mentioned.handle} #Україна"
    image = desk.picture("photo", alt="The flag")
    card = Card(url="https://ec.europa.eu/a?b=c#d", title="Заява", description="Про підтримку", image=image)
    part = Part(text=text, card=card)
    [preview] = desk.network.preview(as_draft(part, language="uk")).parts

    receipt = desk.publish(part, language="uk")

    [stored] = pds.records(desk.account.did)
    record = stored["value"]
    assert Lexicons(shared / "specs" / "atproto" / "lexicons").faults("app.bsky.feed.post", record) == []
    assert [
        (
            text.encode()[f["index"]["byteStart"] : f["index"]["byteEnd"]].decode(),
            f["features"][0]["$type"].split("#")[1],
        )
        for f in record["facets"]
    ] == [("https://ec.europa.eu/a?b=c#d", "link"), (f"@{mentioned.handle}", "mention"), ("#Україна", "tag")]
    # What the network gave only during the call, and nothing else, is not in the preview.
    assert record.pop("createdAt") == "2026-11-23T09:30:15.123Z"
    assert record["facets"][1]["features"][0].pop("did") == mentioned.did
    thumb = record["embed"]["external"].pop("thumb")
    assert canonical(record) == canonical(preview.payload)
    assert receipt == Receipt(
        id=f"at://{desk.account.did}/app.bsky.feed.post/{make_tid(STAMP, KEY)}",
        url=f"https://bsky.app/profile/{desk.account.handle}/post/{make_tid(STAMP, KEY)}",
        data={"uri": stored["uri"], "cid": stored["cid"]},
    )
    assert stored["uri"] == receipt.id
    blob = httpx.get(
        f"{pds.url}/xrpc/com.atproto.sync.getBlob", params={"did": desk.account.did, "cid": thumb["ref"]["$link"]}
    ).content
    assert len(blob) == thumb["size"] <= 1_000_000
    with Pillow.open(io.BytesIO(blob)) as picture:
        assert (picture.format, picture.size, dict(picture.getexif())) == ("JPEG", (1200, 675), {})


def test_server_finds_the_record_valid(pds: Pds, desk: Desk) -> None:
    desk.publish(Part(text="a #b https://c.eu", card=Card(url="https://c.eu", image=desk.picture("p"))))
    [stored] = pds.records(desk.account.did)
    body = {"repo": desk.account.did, "collection": "app.bsky.feed.post", "validate": True, "record": stored["value"]}
    assert pds.post("com.atproto.repo.createRecord", body, desk.account.token)["validationStatus"] == "valid"


def test_images_go_out_with_alt_text_and_aspect_ratio(pds: Pds, desk: Desk) -> None:
    media = (desk.picture("wide", (3000, 1500), alt="A wide hall"), desk.picture("tall", (600, 900), alt="Прапор"))
    desk.publish(Part(text="Two pictures", media=media, card=Card(url="https://left.out.eu")))
    [stored] = pds.records(desk.account.did)
    assert [(image["alt"], image["aspectRatio"]) for image in stored["value"]["embed"]["images"]] == [
        ("A wide hall", {"width": 2000, "height": 1000}),
        ("Прапор", {"width": 600, "height": 900}),
    ]


def test_mention_of_nobody_stays_plain_text(pds: Pds, desk: Desk) -> None:
    desk.publish(Part(text="Thanks @no-such-account.test"))
    [stored] = pds.records(desk.account.did)
    assert "facets" not in stored["value"]


def test_thread_goes_out_in_one_call_and_hangs_together(pds: Pds, desk: Desk) -> None:
    image = desk.picture("p", alt="A flag")
    parts = [Part(text="One 1/3", media=(image,)), Part(text="Два 2/3"), Part(text="Three 3/3 https://c.eu")]
    receipts = desk.network.publish_thread(parts, desk.context(), KEYS)

    stored = pds.records(desk.account.did)
    assert methods(desk) == [UPLOAD, APPLY]
    assert [record["value"]["text"] for record in stored] == [part.text for part in parts]
    refs = [{"uri": record["uri"], "cid": record["cid"]} for record in stored]
    assert [dict(receipt.data) for receipt in receipts] == refs
    assert [record["value"].get("reply") for record in stored] == [
        None,
        {"root": refs[0], "parent": refs[0]},
        {"root": refs[0], "parent": refs[1]},
    ]


def test_thread_goes_out_whole_or_not_at_all(pds: Pds, desk: Desk) -> None:
    with pytest.raises(Refused) as raised:
        desk.network.publish_thread([Part(text="One"), Part(text="x" * 301)], desk.context(), KEYS[:2])
    assert raised.value.sentence == ("Bluesky refused the post: its text is too long. Change it and approve it again.")
    assert texts(pds, desk) == []


def test_part_after_others_replies_to_the_last(pds: Pds, desk: Desk) -> None:
    first = desk.publish(Part(text="One"), KEYS[0])
    second = desk.publish(Part(text="Two"), KEYS[1], thread=(first,))
    desk.publish(Part(text="Three"), KEYS[2], thread=(first, second))
    assert pds.records(desk.account.did)[2]["value"]["reply"] == {"root": first.data, "parent": second.data}


def test_handle_as_people_paste_it() -> None:
    given = {"identifier": " \u202a@press.example.eu\u202c ", "app_password": "a", "base_url": "https://pds.eu/xrpc/"}
    credentials = BlueskyCredentials.model_validate(given)
    assert reveal(credentials) == {
        "identifier": "press.example.eu",
        "app_password": "a",
        "base_url": "https://pds.eu",
    }


@pytest.mark.parametrize(
    "wrong",
    [
        {"identifier": ""},
        {"identifier": "@"},
        {"app_password": ""},
        {"base_url": "bsky.social"},
        {"base_url": "http://pds.example.eu"},
    ],
)
def test_credentials_that_cannot_work_are_refused_at_once(wrong: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        BlueskyCredentials.model_validate({"identifier": "a.eu", "app_password": "b", **wrong})


def test_card_beside_images_is_warned_about() -> None:
    part = Part(text="a", media=(Media(sha256="1", alt="b"),), card=Card(url="https://c.eu"))
    assert Bluesky().check(as_draft(part)) == [
        Issue(field="card", key="bluesky.card_left_out", severity=Severity.WARNING)
    ]
    [preview] = Bluesky().preview(as_draft(part)).parts
    assert (preview.card, preview.media) == (None, part.media)


def test_preview_counts_graphemes() -> None:
    [preview] = Bluesky().preview(as_draft(Part(text="👩‍🚀é🇪🇺"))).parts
    assert (preview.length, preview.limit) == (3, 300)
