"""The API of the sandbox network: what it takes, what it refuses, how it fails when told to."""

from datetime import timedelta

import pytest
from django.utils import timezone

from publisher.models import SandboxAccount, SandboxImage, SandboxPost
from publisher.models.sandbox import SandboxFailure
from tests.sandbox.caller import Api, picture

pytestmark = pytest.mark.urls("publisher.sandbox.urls")


def stored() -> list[str]:
    return list(SandboxPost.objects.order_by("id").values_list("text", flat=True))


# --- posting -------------------------------------------------------------------------------------


def test_post_answers_with_its_address_and_content(api: Api) -> None:
    response = api.post("Hello", language="en", card={"url": "https://example.org/a", "title": "A", "description": ""})
    one = SandboxPost.objects.get()
    assert response.status_code == 201
    assert response.json() == {
        "id": str(one.pk),
        "url": f"http://testserver/timeline/council/{one.pk}",
        "status": "published",
        "text": "Hello",
        "language": "en",
        "card": {"url": "https://example.org/a", "title": "A", "description": "", "image": None},
        "images": [],
        "reply_to": None,
        "created_at": one.created_at.isoformat(),
    }


def test_post_without_token_is_unauthorised(api: Api) -> None:
    api.token = "another"
    assert api.post().status_code == 401
    assert stored() == []


def test_post_needs_no_csrf_token_and_no_session(api: Api) -> None:
    api.client.handler.enforce_csrf_checks = True
    assert api.post().status_code == 201


def test_text_of_300_graphemes_is_taken_and_301_refused(api: Api) -> None:
    family = "👨‍👩‍👧‍👦"
    assert api.post(family * 300).status_code == 201
    refused = api.post(family * 301)
    assert (refused.status_code, refused.json()["error"]) == (422, "text_too_long")


def test_same_key_and_body_gives_the_same_post(api: Api) -> None:
    first, second = api.post(key="k:0"), api.post(key="k:0")
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json() == second.json()
    assert stored() == ["Hello"]


def test_same_key_and_picture_uploaded_anew_gives_the_same_post(api: Api) -> None:
    ids = []
    for _ in range(2):
        upload = api.upload(picture(), alt="A sea").json()["id"]
        ids.append(api.post(key="k:0", images=[{"id": upload, "alt": "A sea"}]).json()["id"])
    assert ids[0] == ids[1]


def test_same_key_and_another_body_is_a_conflict(api: Api) -> None:
    api.post("One", key="k:0")
    response = api.post("Two", key="k:0")
    assert (response.status_code, response.json()["error"]) == (409, "key_reused")
    assert stored() == ["One"]


def test_keys_of_two_accounts_do_not_meet(api: Api) -> None:
    api.post("One", key="k:0")
    _, api.token = SandboxAccount.objects.open("parliament", "Parliament Press")
    assert api.post("Two", key="k:0").status_code == 201


def test_same_text_with_another_key_is_refused_for_a_day(api: Api) -> None:
    api.post("Hello", key="a")
    assert api.post("Hello", key="b").json()["error"] == "duplicate"
    SandboxPost.objects.update(created_at=timezone.now() - timedelta(hours=24, seconds=1))
    assert api.post("Hello", key="b").status_code == 201


def test_more_posts_in_a_minute_than_allowed_are_put_off(api: Api) -> None:
    SandboxAccount.objects.update(rate_limit=2)
    assert [api.post(text).status_code for text in ("One", "Two", "Three")] == [201, 201, 429]
    wait = int(api.post("Three").headers["Retry-After"])
    assert 1 <= wait <= 60
    SandboxPost.objects.update(created_at=timezone.now() - timedelta(seconds=61))
    assert api.post("Three").status_code == 201


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"text": " "}, "empty"),
        ({"card": {"url": "javascript:alert(1)"}}, "bad_card"),
        ({"card": {"url": "https://[broken"}}, "bad_card"),
        ({"reply_to": "999"}, "no_parent"),
        ({"images": [{"id": "999"}]}, "no_image"),
    ],
)
def test_what_cannot_be_shown_is_refused(api: Api, body: dict[str, object], code: str) -> None:
    response = api.post(**{"text": "Hello", **body})
    assert (response.status_code, response.json()["error"]) == (422, code)
    assert stored() == []


@pytest.mark.parametrize(
    "body",
    ["", "[]", "null", "{", '{"text": "a\\u0000b"}', '{"text": "\\ud800"}', '{"reply_to": "x"}', '{"images": [1]}',
     '{"text": "a", "reply_to": 99999999999999999999}', '{"text": "a", "card": "x"}'],
)  # fmt: skip
def test_body_of_another_shape_is_a_bad_request(api: Api, body: str) -> None:
    response = api.client.post("/sandbox/api/posts", body, content_type="application/json", headers=api.headers())
    assert (response.status_code, response.json()["error"]) == (400, "bad_request")


def test_reply_knows_its_parent_and_the_root_of_its_thread(api: Api) -> None:
    first = api.post("One").json()["id"]
    second = api.post("Two", reply_to=first).json()["id"]
    third = api.post("Three", reply_to=second).json()["id"]
    rows = SandboxPost.objects.order_by("id").values_list("id", "reply_to", "root")
    assert list(rows) == [
        (int(first), None, None),
        (int(second), int(first), int(first)),
        (int(third), int(second), int(first)),
    ]


# --- pictures ------------------------------------------------------------------------------------


def test_pictures_keep_their_order_and_alt_text(api: Api) -> None:
    red, blue = (api.upload(picture(colour=colour)).json()["id"] for colour in ("red", "blue"))
    answer = api.post(images=[{"id": blue, "alt": "Blue"}, {"id": red, "alt": "Red"}]).json()
    assert [(image["id"], image["alt"], image["type"]) for image in answer["images"]] == [
        (blue, "Blue", "image/png"),
        (red, "Red", "image/png"),
    ]


def test_card_has_its_picture(api: Api) -> None:
    upload = api.upload(picture(kind="JPEG")).json()["id"]
    answer = api.post(card={"url": "https://example.org", "image": upload}).json()
    assert (answer["card"]["image"]["id"], answer["images"]) == (upload, [])


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"<html>", "image_unreadable"),
        (picture(kind="GIF"), "image_unreadable"),
        (picture(2001, 10), "image_too_large"),
        (picture() + bytes(1_000_000), "image_too_large"),
    ],
)
def test_picture_that_does_not_fit_is_refused(api: Api, data: bytes, code: str) -> None:
    response = api.upload(data)
    assert (response.status_code, response.json()["error"]) == (422, code)


def test_picture_of_another_account_cannot_be_used(api: Api) -> None:
    upload = api.upload(picture()).json()["id"]
    _, api.token = SandboxAccount.objects.open("parliament", "Parliament Press")
    assert api.post(images=[{"id": upload}]).json()["error"] == "no_image"


def test_upload_that_no_post_used_is_thrown_away_after_a_day(api: Api) -> None:
    used, orphan = (api.upload(picture(colour=colour)).json()["id"] for colour in ("red", "blue"))
    api.post(images=[{"id": used, "alt": "Red"}])
    SandboxImage.objects.update(created_at=timezone.now() - timedelta(hours=25))
    fresh = api.upload(picture()).json()["id"]
    assert set(SandboxImage.objects.values_list("pk", flat=True)) == {int(used), int(fresh)}
    assert orphan not in {used, fresh}


# --- reading and deleting ------------------------------------------------------------------------


def test_look_up_by_key_is_exact(api: Api) -> None:
    one = api.post("One", key="k:1").json()
    api.post("Two", key="k:10")
    api.post("Three")
    assert api.get("posts", key="k:1").json() == {"posts": [one]}
    assert api.get("posts", key="k:2").json() == {"posts": []}
    assert api.get("posts", key="").json() == {"posts": []}


def test_list_leafs_back_from_the_newest(api: Api) -> None:
    for text in ("One", "Two", "Three"):
        api.post(text)
    page = api.get("posts", limit="2").json()["posts"]
    assert [one["text"] for one in page] == ["Three", "Two"]
    assert [one["text"] for one in api.get("posts", before=page[-1]["id"]).json()["posts"]] == ["One"]


def test_deleted_post_is_gone_with_its_pictures(api: Api) -> None:
    upload = api.upload(picture()).json()["id"]
    one = api.post(key="k:0", images=[{"id": upload, "alt": "Red"}]).json()["id"]
    assert api.delete(one).status_code == 204
    assert api.delete(one).status_code == 404
    assert api.get(f"posts/{one}").status_code == 404
    assert not SandboxImage.objects.exists()


def test_replies_outlive_the_post_they_answered(api: Api) -> None:
    first = api.post("One").json()["id"]
    second = api.post("Two", reply_to=first).json()["id"]
    api.delete(first)
    assert api.get(f"posts/{second}").json()["reply_to"] is None


def test_post_of_another_account_cannot_be_deleted(api: Api) -> None:
    one = api.post("One").json()["id"]
    _, api.token = SandboxAccount.objects.open("parliament", "Parliament Press")
    assert api.delete(one).status_code == 404
    assert stored() == ["One"]


def test_me_tells_whose_token_it_is(api: Api) -> None:
    assert api.get("me").json() == {
        "id": str(api.account.pk),
        "handle": "council",
        "name": "Council Press",
        "url": "http://testserver/timeline/council",
        "limits": {"text": 300, "images": 4, "image_bytes": 1_000_000, "alt": 1000},
    }


# --- the failure switch --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("failure", "status", "kept"),
    [
        (SandboxFailure.NONE, 201, True),
        (SandboxFailure.REFUSED, 422, False),
        (SandboxFailure.RATE_LIMITED, 429, False),
        (SandboxFailure.SERVER_ERROR_BEFORE, 503, False),
        (SandboxFailure.SERVER_ERROR_AFTER, 500, True),
        (SandboxFailure.HTML_PAGE, 200, True),
        (SandboxFailure.EMPTY_ANSWER, 200, True),
        (SandboxFailure.BAD_TOKEN, 401, False),
        (SandboxFailure.SUSPENDED, 403, False),
        (SandboxFailure.PROCESSING, 202, True),
    ],
)
def test_switch_decides_the_answer_and_what_is_kept(api: Api, failure: SandboxFailure, status: int, kept: bool) -> None:
    SandboxAccount.objects.set_failure("council", failure)
    assert api.post("Hello").status_code == status
    assert stored() == (["Hello"] if kept else [])


def test_look_up_works_while_posting_fails(api: Api) -> None:
    SandboxAccount.objects.set_failure("council", SandboxFailure.SERVER_ERROR_AFTER)
    api.post("Hello", key="k:0")
    assert [one["text"] for one in api.get("posts", key="k:0").json()["posts"]] == ["Hello"]


def test_lost_answer_breaks_off_in_the_middle(api: Api) -> None:
    SandboxAccount.objects.set_failure("council", SandboxFailure.LOST_ANSWER)
    answer = iter(api.post("Hello"))
    assert next(answer) == b'{"id": "'
    with pytest.raises(ConnectionError):
        next(answer)
    assert stored() == ["Hello"]


def test_post_in_processing_is_ready_at_a_later_look_and_hidden_before(api: Api) -> None:
    SandboxAccount.objects.set_failure("council", SandboxFailure.PROCESSING)
    one = api.post("Hello").json()
    assert one["status"] == "processing"
    looks = [api.get(f"posts/{one['id']}").json()["status"] for _ in range(3)]
    assert looks == ["processing", "published", "published"]


def test_switch_of_an_unknown_account_is_an_error(api: Api) -> None:
    with pytest.raises(SandboxAccount.DoesNotExist):
        SandboxAccount.objects.set_failure("nobody", SandboxFailure.NONE)
