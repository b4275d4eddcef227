"""What only Telegram has: albums, private channels, rights of the bot, an edit that changes nothing."""

import io
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import time_machine
from PIL import Image

from publisher.enums import DocumentKind
from publisher.errors import AccountBlocked, RateLimited, Refused, Uncertain
from publisher.networks.telegram import Telegram, TelegramCredentials
from publisher.types import Card, Draft, Media, Part, Receipt
from tests.networks.places import small_video
from tests.networks.places.telegram import TelegramPlace
from tests.networks.test_limits import draft
from tests.peers.faults import FaultProxy, answer
from tests.peers.telegram import FIELDS, TelegramServer

TEXT = "Speech in Graz: https://ec.europa.eu/commission/presscorner/detail/en/speech_26_1900 #EU"
CARD = Card(url="https://ec.europa.eu/commission/presscorner/detail/en/speech_26_1900", title="Speech in Graz")


@pytest.fixture
def place() -> Iterator[TelegramPlace]:
    with TelegramServer() as server, FaultProxy(server.url) as proxy:
        opened = TelegramPlace(proxy, server=server)
        opened.verify()
        buffer = io.BytesIO()
        Image.new("RGB", (40, 20), "navy").save(buffer, "PNG")
        opened.store = {"a": buffer.getvalue(), "b": buffer.getvalue()}
        yield opened


def published(place: TelegramPlace, part: Part, *, key: str = "k:0") -> Receipt:
    receipt = Telegram().publish(part, place.context(), key)
    assert isinstance(receipt, Receipt)
    return receipt


def pictures(count: int) -> tuple[Media, ...]:
    return tuple(Media(sha256="ab"[number]) for number in range(count))


def test_requests_hold_what_the_specification_knows(shared: Path) -> None:
    methods = json.loads((shared / "specs/telegram/api.json").read_text())["methods"]
    for name, (demanded, allowed) in FIELDS.items():
        fields = {field["name"]: field["required"] for field in methods[name].get("fields", [])}
        assert demanded | allowed <= fields.keys()
        assert {field for field, required in fields.items() if required} <= demanded | allowed


def test_link_has_its_preview_and_a_post_without_card_has_none(place: TelegramPlace) -> None:
    published(place, Part(text=TEXT, card=CARD))
    published(place, Part(text="No link"))
    assert [message.preview for message in place.server.messages] == [
        {"url": CARD.url, "prefer_large_media": True},
        {"is_disabled": True},
    ]


def test_text_of_an_album_stands_under_its_first_picture(place: TelegramPlace) -> None:
    receipt = published(place, Part(text=TEXT, media=pictures(2)))
    assert [message.text for message in place.server.messages] == [TEXT, ""]
    assert (receipt.url, receipt.data["all"]) == ("https://t.me/pressoffice/1", "1 2")


def test_video_goes_as_it_is_with_its_shape(place: TelegramPlace) -> None:
    place.store["v"] = small_video()
    video = Media(sha256="v", type="video/mp4", width=1280, height=720, seconds=20.4)
    part = Part(text=TEXT, media=(video,))
    receipt = published(place, part)
    [message] = place.server.messages
    assert (message.text, message.photos) == (TEXT, [small_video()])
    [preview] = Telegram().preview(draft(Telegram(), part)).parts
    shape = {"supports_streaming": "true", "width": "1280", "height": "720", "duration": "20"}
    assert place.sent(place.posted()[-1]) == {"caption": TEXT, **shape}
    assert {name: str(value).lower() for name, value in preview.payload.items() if name != "caption"} == shape
    Telegram().edit(receipt, Part(text="Other words", media=(video,)), place.context(), "e:0")
    assert message.text == "Other words"


def test_album_is_taken_off_whole(place: TelegramPlace) -> None:
    receipt = published(place, Part(text=TEXT, media=pictures(2)))
    Telegram().delete(receipt, place.context())
    assert place.server.messages == []


@pytest.mark.parametrize("count", [0, 1, 2])
def test_words_are_replaced_where_they_stand(place: TelegramPlace, count: int) -> None:
    receipt = published(place, Part(text="With an eror", media=pictures(count)))
    corrected = Part(text="Without an error", media=pictures(count))
    assert Telegram().edit(receipt, corrected, place.context(), "e:0") == receipt
    assert place.server.messages[0].text == "Without an error"


def test_link_keeps_its_preview_when_words_are_replaced(place: TelegramPlace) -> None:
    receipt = published(place, Part(text=TEXT, card=CARD))
    Telegram().edit(receipt, Part(text=f"{TEXT} #Graz", card=CARD), place.context(), "e:0")
    [edit] = [json.loads(seen.body) for seen in place.proxy.seen if seen.path.endswith("/editMessageText")]
    assert edit["link_preview_options"] == {"url": CARD.url, "prefer_large_media": True}


def test_channel_that_was_renamed_is_posted_to_by_its_number(place: TelegramPlace) -> None:
    place.server.channel = "@newname"
    published(place, Part(text=TEXT))
    assert json.loads(place.posted()[-1].body)["chat_id"] == str(place.server.chat["id"])


def test_edit_that_changes_nothing_is_done(place: TelegramPlace) -> None:
    receipt = published(place, Part(text=TEXT))
    assert Telegram().edit(receipt, Part(text=TEXT), place.context(), "e:0") == receipt


def test_edit_of_a_message_that_is_gone_says_so(place: TelegramPlace) -> None:
    receipt = published(place, Part(text=TEXT))
    place.server.messages.clear()
    with pytest.raises(Refused) as caught:
        Telegram().edit(receipt, Part(text="Other"), place.context(), "e:0")
    assert caught.value.key == "network.edit_gone"


def test_old_post_that_the_bot_may_not_delete_is_never_called_gone(place: TelegramPlace) -> None:
    receipt = published(place, Part(text=TEXT))
    place.server.messages[0].old = True
    with pytest.raises(Refused) as caught:
        Telegram().delete(receipt, place.context())
    assert (caught.value.key, len(place.server.messages)) == ("telegram.locked", 1)
    place.server.member["can_delete_messages"] = True
    Telegram().delete(receipt, place.context())
    assert place.server.messages == []


def test_banner_of_any_shape_fits(place: TelegramPlace) -> None:
    buffer = io.BytesIO()
    Image.new("RGB", (2400, 60), "navy").save(buffer, "PNG")
    place.store["a"] = buffer.getvalue()
    published(place, Part(text=TEXT, media=pictures(1)))
    [photo] = place.server.messages[0].photos
    assert Image.open(io.BytesIO(photo)).size == (1200, 60)


def test_bot_that_may_not_post_is_told_before_it_tries(place: TelegramPlace) -> None:
    place.server.member = {"status": "administrator", "can_post_messages": False}
    with pytest.raises(AccountBlocked) as caught:
        place.verify()
    assert caught.value.sentence == (
        "The bot pressoffice_bot may not post in this channel. In Telegram open the channel, Administrators, add the "
        "bot and allow it to post messages; then check the channel again."
    )


@pytest.mark.parametrize(
    ("status", "description", "key"),
    [
        (403, "Forbidden: bot was kicked from the channel chat", "telegram.rights_lost"),
        (400, "Bad Request: not enough rights to send photos to the chat", "telegram.rights_lost"),
        (400, "Bad Request: chat not found", "telegram.no_channel"),
    ],
)
def test_bot_that_lost_its_place_blocks_the_channel(
    place: TelegramPlace, status: int, description: str, key: str
) -> None:
    said = {"ok": False, "error_code": status, "description": description}
    place.proxy.fail(answer(status, json.dumps(said)), path="sendMessage")
    with pytest.raises(AccountBlocked) as caught:
        published(place, Part(text=TEXT))
    assert caught.value.key == key


def test_chat_that_has_moved_is_told_with_its_new_number(place: TelegramPlace) -> None:
    said = {"ok": False, "error_code": 400, "description": "Bad Request: group chat was upgraded to a supergroup chat"}
    moved = {**said, "parameters": {"migrate_to_chat_id": -1009999999999}}
    place.proxy.fail(answer(400, json.dumps(moved)), path="sendMessage")
    with pytest.raises(AccountBlocked) as caught:
        published(place, Part(text=TEXT))
    assert (caught.value.key, caught.value.params["new"]) == ("telegram.moved", "-1009999999999")


def test_error_of_the_server_itself_leaves_open_whether_the_post_is_out(place: TelegramPlace) -> None:
    said = {"ok": False, "error_code": 500, "description": "Internal Server Error"}
    place.proxy.fail(answer(500, json.dumps(said)), path="sendMessage")
    with pytest.raises(Uncertain):
        published(place, Part(text=TEXT))


def test_wait_that_telegram_does_not_name_is_a_minute(place: TelegramPlace) -> None:
    said = {"ok": False, "error_code": 429, "description": "Too Many Requests"}
    place.proxy.fail(answer(429, json.dumps(said)), path="sendMessage")
    with pytest.raises(RateLimited) as caught, time_machine.travel(datetime(2026, 9, 1, 12, tzinfo=UTC), tick=False):
        published(place, Part(text=TEXT))
    assert caught.value.until == datetime(2026, 9, 1, 12, 1, tzinfo=UTC)


def test_group_is_told_that_it_is_no_channel(place: TelegramPlace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(place.server, "chat", {**place.server.chat, "type": "supergroup"})
    with pytest.raises(AccountBlocked) as caught:
        place.verify()
    assert caught.value.key == "telegram.no_such_kind"


def test_private_channel_has_addresses_for_its_members(place: TelegramPlace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(place.server, "chat", {"id": -1009876543210, "type": "channel", "title": "Press"})
    place.verify()
    assert published(place, Part(text=TEXT)).url == "https://t.me/c/9876543210/1"


def test_text_with_signs_of_markup_arrives_as_it_is(place: TelegramPlace) -> None:
    text = "*not bold* _nor this_ <b>nor that</b> [x](y) & `z` 👩‍🚀"
    published(place, Part(text=text))
    assert place.server.messages[0].text == text


def test_preview_shows_hashtags_and_links_and_no_card_beside_pictures() -> None:
    part = Part(text=TEXT, card=CARD, media=pictures(1))
    draft = Draft(network="telegram", kind=DocumentKind.SPEECH, parts=(part,), language="en")
    [shown] = Telegram().preview(draft).parts
    assert (shown.limit, shown.card) == (1024, None)
    assert [run.text for run in shown.runs if run.href] == [CARD.url, "#EU"]


@pytest.mark.parametrize("channel", ["pressoffice", "@p", "-12345", "https://example.org/x"])
def test_channel_that_is_none_is_refused_with_the_mend(channel: str) -> None:
    with pytest.raises(ValueError, match="a channel is @name, or a number that begins with -100"):
        TelegramCredentials.model_validate({"token": TelegramServer.token, "channel": channel})


@pytest.mark.parametrize(
    ("address", "channel"),
    [
        ("https://t.me/pressoffice", "@pressoffice"),
        ("t.me/s/pressoffice/17", "@pressoffice"),
        ("https://t.me/c/1234567890/5", "-1001234567890"),
    ],
)
def test_address_of_a_channel_or_of_a_post_is_taken_for_it(address: str, channel: str) -> None:
    given = {"token": TelegramServer.token, "channel": address}
    assert TelegramCredentials.model_validate(given).channel == channel
