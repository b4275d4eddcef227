"""Bluesky against the official PDS, with a proxy between that fails as networks do."""

import base64
import io
import json
import time
import traceback
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from PIL import Image as Pillow
from pydantic import ValidationError

from publisher.enums import DocumentKind, Severity
from publisher.errors import AccountBlocked, NetworkError, RateLimited, Refused, Retry, Uncertain
from publisher.networks.base import Context, reveal
from publisher.networks.bluesky import Bluesky, BlueskyCredentials
from publisher.networks.bluesky_client import choose_server, fingerprint
from publisher.networks.bluesky_record import make_tid
from publisher.networks.limits import LIMITS, ImageLimits
from publisher.types import Card, Draft, Identity, Issue, Media, Part, Receipt
from tests.networks.lexicon import Lexicons
from tests.peers.faults import Fault, FaultProxy, answer, drop, hang
from tests.peers.pds import PASSWORD, Account, Pds

STAMP = datetime(2026, 11, 23, 9, 30, 15, 123456, tzinfo=UTC)
KEY = "5f3a9c0e1b2d4f6a8c7e9d0b1a2c3e4f:0"
KEYS = [KEY.replace(":0", f":{index}") for index in range(3)]
PUT, APPLY, GET = "com.atproto.repo.putRecord", "com.atproto.repo.applyWrites", "com.atproto.repo.getRecord"
LOGIN, REFRESH = "com.atproto.server.createSession", "com.atproto.server.refreshSession"
UPLOAD = "com.atproto.repo.uploadBlob"
HTML = answer(503, "<html>Service Unavailable</html>", content_type="text/html")
PART = Part(text="Statement by the President on Ukraine")


@dataclass
class Desk:
    """One channel: what the newsroom keeps of it, and the calls it makes."""

    account: Account
    proxy: FaultProxy
    password: str = ""
    session: str = ""
    store: dict[str, bytes] = field(default_factory=dict)
    network: Bluesky = field(default_factory=Bluesky)

    @property
    def credentials(self) -> BlueskyCredentials:
        given = {"app_password": self.password or self.account.password, "base_url": self.proxy.url}
        if self.session:
            given["session"] = self.session
        return BlueskyCredentials.model_validate({"identifier": self.account.handle, **given})

    def save(self, fields: Mapping[str, str]) -> None:
        assert list(fields) == ["session"]
        self.session = fields["session"]

    def load(self, media: Media) -> bytes:
        if media.sha256 not in self.store:
            raise FileNotFoundError(media.sha256)
        return self.store[media.sha256]

    def context(self, **changes: Any) -> Context:
        context = Context(
            credentials=self.credentials,
            account=Identity(id=self.account.did, handle=self.account.handle),
            limits=LIMITS["bluesky"],
            stamp=STAMP,
            load=self.load,
            save=self.save,
            language="en",
        )
        return replace(context, **changes)

    def use_tokens(self, access: str, refresh: str) -> None:
        """Keep this session, as a client saved it earlier that was led to the server's own address."""
        mark = fingerprint(self.proxy.url, self.account.handle, self.account.password)
        fields = (self.account.handle, self.account.did, access, refresh, self.proxy.upstream)
        self.session = f"{mark} {':::'.join(fields)}"

    def publish(self, part: Part = PART, key: str = KEY, **changes: Any) -> Receipt:
        return self.network.publish(part, self.context(**changes), key)

    def find(self, part: Part = PART, key: str = KEY) -> Receipt | None:
        return self.network.find(part, self.context(), key)

    def picture(self, name: str, size: tuple[int, int] = (1600, 900), **options: Any) -> Media:
        """A JPEG with a camera's metadata, in the store."""
        image = Pillow.effect_noise(size, 90).convert("RGB")
        exif = Pillow.Exif()
        exif[0x010F] = "Camera of the press office"
        buffer = io.BytesIO()
        image.save(buffer, "JPEG", quality=97, exif=exif)
        self.store[name] = buffer.getvalue()
        return Media(sha256=name, type="image/jpeg", width=size[0], height=size[1], **options)


class FastBluesky(Bluesky):
    timeout = 0.5


def impatient(fault: Fault) -> Bluesky:
    """A network that soon gives up waiting, where nothing will come; a busy machine gets all the time otherwise."""
    return FastBluesky() if fault.hang else Bluesky()


@pytest.fixture
def desk(pds: Pds, pds_account: Account) -> Iterator[Desk]:
    """A channel with a session that is kept from earlier."""
    with FaultProxy(pds.url) as proxy:
        desk = Desk(pds_account, proxy)
        desk.use_tokens(pds_account.token, pds_account.refresh_token)
        yield desk


def texts(pds: Pds, desk: Desk) -> list[str]:
    """The account's posts as they stand on the server, first to last."""
    return [record["value"]["text"] for record in pds.records(desk.account.did)]


def methods(desk: Desk) -> list[str]:
    return [path.rpartition("/")[2] for path in desk.proxy.paths()]


def canonical(value: object) -> bytes:
    return json.dumps(value, sort_keys=True, ensure_ascii=False).encode()


def as_draft(*parts: Part, language: str = "en") -> Draft:
    return Draft(network="bluesky", kind=DocumentKind.STATEMENT, parts=parts, language=language)


# --- what goes out ---------------------------------------------------------------------------


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


# --- never twice -----------------------------------------------------------------------------


def test_same_key_twice_is_one_post(pds: Pds, desk: Desk) -> None:
    assert desk.publish() == desk.publish()
    assert texts(pds, desk) == [PART.text]


def test_same_thread_twice_is_one_thread(pds: Pds, desk: Desk) -> None:
    parts = [Part(text="One"), Part(text="Two")]
    first = desk.network.publish_thread(parts, desk.context(), KEYS[:2])
    assert desk.network.publish_thread(parts, desk.context(), KEYS[:2]) == first
    assert texts(pds, desk) == ["One", "Two"]


def test_other_try_with_another_picture_is_the_same_post(pds: Pds, desk: Desk) -> None:
    card = Card(url="https://c.eu", image=desk.picture("p"))
    first = desk.publish(Part(text="a", card=card))
    desk.picture("p")  # other noise, as another version of the encoder would give other bytes
    assert desk.publish(Part(text="a", card=card)) == first
    assert texts(pds, desk) == ["a"]


def test_lost_answer_is_uncertain_until_found(pds: Pds, desk: Desk) -> None:
    desk.proxy.fail(drop(after_forwarding=True), path=PUT)
    with pytest.raises(Uncertain):
        desk.publish()
    [stored] = pds.records(desk.account.did)
    found = desk.find()
    assert found
    assert found.data == {"uri": stored["uri"], "cid": stored["cid"]}
    assert desk.publish() == found
    assert texts(pds, desk) == [PART.text]


def test_lost_answer_to_a_thread_is_settled_part_by_part(pds: Pds, desk: Desk) -> None:
    parts = [Part(text="One"), Part(text="Two")]
    desk.proxy.fail(drop(after_forwarding=True), path=APPLY)
    with pytest.raises(Uncertain):
        desk.network.publish_thread(parts, desk.context(), KEYS[:2])
    found = [desk.find(part, key) for part, key in zip(parts, KEYS, strict=False)]
    assert [receipt and receipt.id for receipt in found] == [record["uri"] for record in pds.records(desk.account.did)]
    assert desk.network.publish_thread(parts, desk.context(), KEYS[:2]) == found
    assert texts(pds, desk) == ["One", "Two"]


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param(drop(after_forwarding=False), id="closed"),
        pytest.param(hang(), id="no answer"),
        pytest.param(HTML, id="gateway page"),
        pytest.param(answer(500, '{"error":"InternalServerError"}'), id="server error"),
        pytest.param(answer(500, "[]"), id="error without an object"),
        pytest.param(answer(200, "<html>Welcome</html>", content_type="text/html"), id="page instead of an answer"),
        pytest.param(answer(200, ""), id="empty answer"),
        pytest.param(answer(200, "{}"), id="answer that names nothing"),
        pytest.param(answer(302, headers={"Location": "http://127.0.0.1:9/"}), id="redirect"),
    ],
)
@pytest.mark.parametrize("count", [1, 2])
def test_unclear_answer_without_a_post_is_uncertain(pds: Pds, desk: Desk, fault: Fault, count: int) -> None:
    network = impatient(fault)
    parts = [Part(text=f"Part {index}") for index in range(count)]
    desk.proxy.fail(fault, path=PUT if count == 1 else APPLY)
    with pytest.raises(Uncertain) as raised:
        network.publish_thread(parts, desk.context(), KEYS[:count])
    assert raised.value.key == "network.uncertain"
    assert desk.find(parts[0]) is None
    desk.network.publish_thread(parts, desk.context(), KEYS[:count])
    assert texts(pds, desk) == [part.text for part in parts]


@pytest.mark.parametrize(
    "fault",
    [
        answer(500, '{"error":"InternalServerError"}', after_forwarding=True),
        answer(502, "<html>Bad Gateway</html>", content_type="text/html", after_forwarding=True),
        answer(200, "", after_forwarding=True),
        answer(200, "<html>", content_type="text/html", after_forwarding=True),
    ],
)
@pytest.mark.parametrize("count", [1, 2])
def test_unclear_answer_is_settled_at_once_when_the_post_stands(pds: Pds, desk: Desk, fault: Fault, count: int) -> None:
    parts = [Part(text=f"Part {index}") for index in range(count)]
    desk.proxy.fail(fault, path=PUT if count == 1 else APPLY)
    receipts = desk.network.publish_thread(parts, desk.context(), KEYS[:count])
    assert [receipt.id for receipt in receipts] == [record["uri"] for record in pds.records(desk.account.did)]
    assert len(receipts) == count


def test_look_that_fails_leaves_it_uncertain(desk: Desk) -> None:
    desk.proxy.fail(answer(500, "{}", after_forwarding=True), path=PUT)
    desk.proxy.fail(HTML, path=GET)
    with pytest.raises(Uncertain):
        desk.publish()


def test_record_of_somebody_else_is_never_overwritten(pds: Pds, desk: Desk) -> None:
    record = {"$type": "app.bsky.feed.post", "text": "By hand", "createdAt": "2026-11-23T09:30:15.123Z"}
    body = {"repo": desk.account.did, "collection": "app.bsky.feed.post", "rkey": make_tid(STAMP, KEY)}
    pds.post("com.atproto.repo.createRecord", {**body, "record": record}, desk.account.token)
    assert desk.find() is None
    with pytest.raises(Refused) as raised:
        desk.publish()
    assert raised.value.key == "bluesky.other_record"
    assert texts(pds, desk) == ["By hand"]


def test_find_what_was_never_sent(desk: Desk) -> None:
    assert desk.find() is None


@pytest.mark.parametrize("fault", [HTML, drop(after_forwarding=False), answer(200, "{}")])
def test_find_never_takes_trouble_for_absence(desk: Desk, fault: Fault) -> None:
    desk.proxy.fail(fault, path=GET)
    with pytest.raises(Retry):
        desk.find()


def test_delete_twice_is_no_error(pds: Pds, desk: Desk) -> None:
    receipt = desk.publish()
    desk.network.delete(receipt, desk.context())
    desk.network.delete(receipt, desk.context())
    assert texts(pds, desk) == []
    assert desk.find() is None


def test_lost_answer_to_a_deletion_may_be_tried_again(pds: Pds, desk: Desk) -> None:
    receipt = desk.publish()
    desk.proxy.fail(drop(after_forwarding=True), path="deleteRecord")
    with pytest.raises(Retry):
        desk.network.delete(receipt, desk.context())
    desk.network.delete(receipt, desk.context())
    assert texts(pds, desk) == []


# --- before anything is written --------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "fault", "key"),
    [
        (LOGIN, HTML, "network.unavailable"),
        (LOGIN, drop(after_forwarding=False), "network.unreachable"),
        (LOGIN, answer(200, "<html>A website</html>", content_type="text/html"), "bluesky.no_server"),
        (LOGIN, answer(404, "<html>Not found</html>", content_type="text/html"), "bluesky.no_server"),
        (UPLOAD, HTML, "network.unavailable"),
        (UPLOAD, answer(504, '{"error":"UpstreamTimeout"}'), "network.unavailable"),
        (UPLOAD, drop(after_forwarding=True), "network.unreachable"),
        (UPLOAD, hang(), "network.unreachable"),
        (UPLOAD, answer(200, "{}"), "bluesky.no_server"),
        (PUT, answer(400, '{"error":"BlobNotFound","message":"Could not find blob"}'), "network.unavailable"),
    ],
)
def test_trouble_before_the_write_is_tried_again(pds: Pds, desk: Desk, path: str, fault: Fault, key: str) -> None:
    desk.network = impatient(fault)
    desk.session = "" if path == LOGIN else desk.session
    image = desk.picture("p", (60, 60))
    desk.proxy.fail(fault, path=path)
    with pytest.raises(Retry) as raised:
        desk.publish(Part(text="a", card=Card(url="https://c.eu", image=image)))
    assert raised.value.key == key
    assert texts(pds, desk) == []


def test_server_that_is_down_is_tried_again(desk: Desk) -> None:
    with FaultProxy() as gone:
        pass
    desk.proxy = gone
    with pytest.raises(Retry) as raised:
        desk.publish()
    assert raised.value.key == "network.unreachable"


def test_server_that_goes_down_before_the_write_is_tried_again(desk: Desk) -> None:
    context = desk.context()
    with FaultProxy() as gone:
        pass
    moved = desk.credentials.model_copy(update={"base_url": gone.url})
    desk.proxy = gone
    with pytest.raises(Retry):
        desk.network.publish(PART, replace(context, credentials=moved), KEY)


def test_picture_that_is_gone_is_refused(pds: Pds, desk: Desk) -> None:
    with pytest.raises(Refused) as raised:
        desk.publish(Part(text="a", media=(Media(sha256="gone", alt="a"),)))
    assert raised.value.key == "media.gone"
    assert texts(pds, desk) == []


def test_picture_above_the_servers_limit_is_refused_in_plain_words(desk: Desk) -> None:
    limits = replace(LIMITS["bluesky"], card_image=ImageLimits(bytes=4_000_000))
    card = Card(url="https://c.eu", image=desk.picture("p", (2400, 1600)))
    with pytest.raises(Refused) as raised:
        desk.publish(Part(text="a", card=card), limits=limits)
    assert raised.value.sentence == "Bluesky refused the post: an image is too large. Change it and approve it again."


def test_password_never_follows_a_redirect(desk: Desk) -> None:
    desk.session = ""
    with FaultProxy() as elsewhere:
        desk.proxy.fail(answer(307, headers={"Location": f"{elsewhere.url}/xrpc/{LOGIN}"}), path=LOGIN)
        with pytest.raises(Retry):
            desk.publish()
        assert elsewhere.seen == []


# --- the account -----------------------------------------------------------------------------


def test_wrong_password_blocks_the_channel_and_says_what_to_do(desk: Desk) -> None:
    desk.password = "wrong"
    with pytest.raises(AccountBlocked) as raised:
        desk.publish()
    assert raised.value.sentence == (
        "Bluesky did not accept the credentials of this channel. "
        "Enter new ones under Channels; further posts wait until then."
    )
    assert methods(desk) == [LOGIN]


@pytest.mark.parametrize(
    ("status", "name", "why"),
    [
        (401, "AccountTakedown", "bluesky.why_taken_down"),
        (401, "AuthFactorTokenRequired", "bluesky.why_app_password"),
        (400, "AccountDeactivated", "bluesky.why_deactivated"),
    ],
)
def test_account_that_bluesky_locked_is_blocked(desk: Desk, status: int, name: str, why: str) -> None:
    desk.proxy.fail(answer(status, json.dumps({"error": name, "message": "No."})), path=PUT)
    with pytest.raises(AccountBlocked) as raised:
        desk.publish()
    assert raised.value.key == "network.account_blocked"
    assert raised.value.params["why"] == sentence_of(why)
    assert methods(desk) == [PUT]


def sentence_of(key: str) -> str:
    from publisher.messages import sentence

    return sentence(key)


def test_deactivated_account_is_told_on_connecting(pds: Pds, desk: Desk) -> None:
    pds.post("com.atproto.server.deactivateAccount", {}, desk.account.token)
    with pytest.raises(AccountBlocked) as raised:
        desk.network.verify(desk.credentials, desk.save)
    assert raised.value.params["why"] == sentence_of("bluesky.why_deactivated")


def test_credentials_of_another_account_send_nothing(pds: Pds, desk: Desk) -> None:
    other = pds.create_account()
    with pytest.raises(AccountBlocked) as raised:
        desk.publish(account=Identity(id=other.did, handle=other.handle))
    assert raised.value.key == "bluesky.other_account"
    assert texts(pds, desk) == []


def test_verify_says_who_the_account_is(pds: Pds, desk: Desk) -> None:
    url = f"https://bsky.app/profile/{desk.account.handle}"
    bare = Identity(id=desk.account.did, handle=desk.account.handle, url=url)
    assert desk.network.verify(desk.credentials, desk.save) == bare
    profile = {"$type": "app.bsky.actor.profile", "displayName": "Press Office"}
    body = {"repo": desk.account.did, "collection": "app.bsky.actor.profile", "rkey": "self", "record": profile}
    pds.post("com.atproto.repo.putRecord", body, desk.account.token)
    assert desk.network.verify(desk.credentials, desk.save) == replace(bare, name="Press Office")


def test_verify_takes_name_and_avatar_from_the_network_where_it_can(desk: Desk) -> None:
    view = {"did": desk.account.did, "handle": desk.account.handle, "displayName": "A", "avatar": "https://b.eu/c.jpg"}
    desk.proxy.fail(answer(200, json.dumps(view)), path="getProfile")
    identity = desk.network.verify(desk.credentials, desk.save)
    assert (identity.name, identity.avatar) == ("A", "https://b.eu/c.jpg")


# --- the session -----------------------------------------------------------------------------


def expired(token: str) -> str:
    """The token with its expiry in the past (and so with a wrong signature)."""
    head, payload, signature = token.split(".")
    claims = json.loads(base64.urlsafe_b64decode(payload + "=="))
    body = base64.urlsafe_b64encode(json.dumps({**claims, "exp": 1_600_000_000}).encode()).decode().rstrip("=")
    return f"{head}.{body}.{signature}"


def test_session_is_kept_instead_of_signing_in_again(desk: Desk) -> None:
    desk.publish()
    desk.find()
    assert methods(desk) == [PUT, GET]


def test_all_calls_stay_on_the_server_that_was_entered(desk: Desk) -> None:
    # The DID document offers the PDS's own address; the proxy is what was entered.
    desk.session = ""
    desk.publish()
    assert methods(desk) == [LOGIN, PUT]


def test_old_access_token_is_refreshed_and_saved_before_use(pds: Pds, desk: Desk) -> None:
    desk.use_tokens(expired(desk.account.token), desk.account.refresh_token)
    seen_when_saved: list[list[str]] = []

    def save(fields: Mapping[str, str]) -> None:
        seen_when_saved.append(methods(desk))
        desk.save(fields)

    desk.network.publish(PART, desk.context(save=save), KEY)
    assert methods(desk) == [REFRESH, PUT]
    assert seen_when_saved == [[REFRESH]]
    desk.proxy.reset()
    desk.find()
    assert methods(desk) == [GET]


def test_lost_answer_to_a_refresh_sends_nothing(pds: Pds, desk: Desk) -> None:
    desk.use_tokens(expired(desk.account.token), desk.account.refresh_token)
    desk.proxy.fail(drop(after_forwarding=True), path=REFRESH)
    with pytest.raises(Retry):
        desk.publish()
    assert methods(desk) == [REFRESH]
    # The old refresh token is still good for a while.
    desk.publish()
    assert texts(pds, desk) == [PART.text]


def test_dead_session_signs_in_again_once(pds: Pds, desk: Desk) -> None:
    desk.use_tokens(expired(desk.account.token), expired(desk.account.refresh_token))
    desk.publish()
    assert methods(desk) == [REFRESH, LOGIN, PUT]
    assert texts(pds, desk) == [PART.text]


@pytest.mark.parametrize(("status", "name"), [(400, "ExpiredToken"), (400, "InvalidToken"), (401, "ExpiredToken")])
def test_token_rejected_at_the_write_signs_in_again_once(pds: Pds, desk: Desk, status: int, name: str) -> None:
    desk.proxy.fail(answer(status, json.dumps({"error": name, "message": "Token has expired"})), path=PUT)
    desk.publish()
    assert methods(desk) == [PUT, LOGIN, PUT]
    assert texts(pds, desk) == [PART.text]


def test_token_rejected_for_ever_never_loops(desk: Desk) -> None:
    desk.proxy.fail(answer(400, '{"error":"ExpiredToken","message":"Token has expired"}'), path=PUT, times=99)
    with pytest.raises(AccountBlocked) as raised:
        desk.publish()
    assert raised.value.key == "network.credentials"
    assert methods(desk) == [PUT, LOGIN, PUT]


def test_token_rejected_right_after_signing_in_is_not_tried_again(desk: Desk) -> None:
    desk.session = ""
    desk.proxy.fail(answer(400, '{"error":"InvalidToken","message":"No."}'), path=PUT, times=99)
    with pytest.raises(AccountBlocked):
        desk.publish()
    assert methods(desk) == [LOGIN, PUT]


def test_kept_session_that_cannot_be_read_is_replaced(pds: Pds, desk: Desk) -> None:
    desk.session = desk.session.partition(" ")[0] + " torn"
    desk.publish()
    assert methods(desk) == [LOGIN, PUT]


def test_token_that_the_server_never_gave_is_replaced(pds: Pds, desk: Desk) -> None:
    desk.use_tokens(desk.account.token[:-4] + "AAAA", desk.account.refresh_token)
    desk.publish()
    assert methods(desk) == [PUT, LOGIN, PUT]


def test_new_password_is_tried_though_a_session_is_kept(desk: Desk) -> None:
    desk.password = "mistyped"
    with pytest.raises(AccountBlocked):
        desk.network.verify(desk.credentials, desk.save)


def test_session_that_cannot_be_saved_is_not_used(pds: Pds, desk: Desk) -> None:
    def fail(_: Mapping[str, str]) -> None:
        raise OSError("disk full")

    desk.session = ""
    with pytest.raises(Retry) as raised:
        desk.network.publish(PART, desk.context(save=fail), KEY)
    assert raised.value.key == "bluesky.not_saved"
    assert texts(pds, desk) == []


@pytest.mark.parametrize(
    ("base_url", "offered", "chosen"),
    [
        ("https://bsky.social", "https://morel.us-east.host.bsky.network", "https://morel.us-east.host.bsky.network"),
        ("https://bsky.social", "http://10.0.0.1", "https://bsky.social"),
        ("https://bsky.social", None, "https://bsky.social"),
        ("https://pds.example.eu", "https://elsewhere.example", "https://pds.example.eu"),
        ("http://127.0.0.1:3000", "https://morel.us-east.host.bsky.network", "http://127.0.0.1:3000"),
    ],
)
def test_only_the_public_entryway_sends_accounts_elsewhere(base_url: str, offered: str | None, chosen: str) -> None:
    assert choose_server(base_url, offered) == chosen


# --- limits ----------------------------------------------------------------------------------


def test_signing_in_too_often_waits_as_long_as_the_server_says(pds: Pds, desk: Desk) -> None:
    # The server takes its time over each guess, so they are made at once; it allows 30 in five minutes.
    guess = {"identifier": desk.account.handle, "password": "guess"}
    with httpx.Client(base_url=pds.url, timeout=60) as client, ThreadPoolExecutor(30) as pool:
        list(pool.map(lambda _: client.post(f"/xrpc/{LOGIN}", json=guess), range(30)))
    desk.session = ""
    with pytest.raises(RateLimited) as raised:
        desk.publish()
    assert 0 < raised.value.until.timestamp() - time.time() <= 300


@pytest.mark.parametrize("path", [PUT, UPLOAD])
def test_rate_limit_ends_when_the_header_says(pds: Pds, desk: Desk, path: str) -> None:
    reset = {"RateLimit-Limit": "5000", "RateLimit-Remaining": "0", "RateLimit-Reset": "4102444800"}
    desk.proxy.fail(answer(429, '{"error":"RateLimitExceeded"}', headers=reset), path=path)
    image = desk.picture("p", (60, 60))
    with pytest.raises(RateLimited) as raised:
        desk.publish(Part(text="a", card=Card(url="https://c.eu", image=image)))
    assert raised.value.until == datetime(2100, 1, 1, tzinfo=UTC)
    assert texts(pds, desk) == []


def test_rate_limit_without_any_header_waits_all_the_same(desk: Desk) -> None:
    desk.proxy.fail(answer(429, "slow down", content_type="text/plain"), path=PUT)
    with pytest.raises(RateLimited) as raised:
        desk.publish()
    assert raised.value.until > datetime.now(UTC)


# --- nothing leaks ---------------------------------------------------------------------------


@pytest.mark.parametrize("path", [LOGIN, PUT, REFRESH])
@pytest.mark.parametrize(
    "fault",
    [
        # The library's own text about this answer would quote what stands in it.
        answer(
            200, json.dumps({"accessJwt": [PASSWORD], "refreshJwt": [PASSWORD], "did": "did:plc:a", "handle": "a.eu"})
        ),
        answer(401, '{"error":"Other","message":"No."}'),
        answer(500, "[1]"),
        HTML,
        drop(after_forwarding=True),
    ],
)
def test_no_secret_in_any_error(desk: Desk, path: str, fault: Fault) -> None:
    access, refresh = desk.account.token, desk.account.refresh_token
    if path == LOGIN:
        desk.session = ""
    if path == REFRESH:
        access = expired(access)
        desk.use_tokens(access, refresh)
    for method in (path, LOGIN):
        desk.proxy.fail(fault, path=method)
    with pytest.raises(NetworkError) as raised:
        desk.publish()
    told = "".join(traceback.format_exception(raised.value)) + str(raised.value)
    assert [secret for secret in (desk.account.password, access, refresh) if secret in told] == []


# --- what people enter and see ---------------------------------------------------------------


def test_handle_as_people_paste_it() -> None:
    given = {"identifier": " \u202a@press.example.eu\u202c ", "app_password": "a", "base_url": "https://pds.eu/xrpc/"}
    credentials = BlueskyCredentials.model_validate(given)
    assert reveal(credentials) == {
        "identifier": "press.example.eu",
        "app_password": "a",
        "base_url": "https://pds.eu",
    }


@pytest.mark.parametrize(
    "wrong", [{"identifier": ""}, {"identifier": "@"}, {"app_password": ""}, {"base_url": "bsky.social"}]
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
