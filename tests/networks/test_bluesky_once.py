"""Bluesky against the official PDS: never twice, whatever the answer."""

import pytest

from publisher.errors import Refused, Retry, Uncertain
from publisher.networks.bluesky_record import make_tid
from publisher.types import Card, Part
from tests.networks import bluesky
from tests.networks.bluesky import APPLY, GET, HTML, KEY, KEYS, PART, PUT, STAMP, Desk, impatient, texts
from tests.peers.faults import Fault, answer, drop, hang
from tests.peers.pds import Pds

desk = bluesky.desk


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
