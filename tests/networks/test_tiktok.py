"""What only TikTok has: leave asked before each post, a number that settles it, videos in pieces, tokens of a day."""

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from publisher.enums import DocumentKind, Severity
from publisher.errors import AccountBlocked, Held, NetworkError, RateLimited, Refused, Retry, StartAnew
from publisher.networks.tiktok import TikTok
from publisher.networks.tiktok_answers import judge
from publisher.networks.wire import Answer
from publisher.types import Draft, Media, Part, Pending, Receipt
from tests.networks.places import finish, small_picture, small_video
from tests.networks.places.tiktok import TikTokPlace, said
from tests.peers.faults import FaultProxy, answer, drop
from tests.peers.files import FileServer
from tests.peers.tiktok import LOG, TikTokServer

ERRORS = json.loads((Path(__file__).parent / "cases/tiktok/errors.json").read_text())[1:]
KEY = "k:0"
PICTURES = Part(text="Two bridges #Graz @eu", media=(Media(sha256="a", type="image/jpeg"),) * 2)
VIDEO = Part(text="Bells", media=(Media(sha256="v", type="video/mp4", seconds=12),))
LONG = Part(text="More bells", media=(Media(sha256="long", type="video/mp4", seconds=250),))
SIZE = 20_000_123


@pytest.fixture
def place() -> Iterator[TikTokPlace]:
    with FileServer() as files, TikTokServer() as server, FaultProxy(server.url) as proxy:
        opened = TikTokPlace(proxy, server=server, files=files)
        opened.store = {"a": small_picture(), "v": small_video(), "long": small_video().ljust(SIZE, b"b")}
        opened.verify()
        server.uploads_at = proxy.url
        proxy.reset()
        yield opened


def begun(place: TikTokPlace, part: Part = PICTURES, **changes: Any) -> Pending:
    outcome = TikTok().publish(part, place.context(**changes), KEY)
    assert isinstance(outcome, Pending)
    return outcome


def look(place: TikTokPlace, pending: Pending, **changes: Any) -> Receipt | Pending:
    return TikTok().resume(pending, place.context(**changes))


def pieces(place: TikTokPlace) -> list[str]:
    return [seen.headers["Content-Range"] for seen in place.proxy.seen if seen.method == "PUT"]


# --- before the post ---------------------------------------------------------------------------------------------


def test_leave_is_asked_before_each_post(place: TikTokPlace) -> None:
    for _ in range(2):
        begun(place)
    asked, posted = "/v2/post/publish/creator_info/query/", "/v2/post/publish/content/init/"
    assert place.proxy.paths("POST") == [asked, posted, asked, posted]


def test_comments_are_as_the_account_has_them(place: TikTokPlace) -> None:
    begun(place)
    place.server.comments_off = True
    begun(place)
    assert [post.info["disable_comment"] for post in place.server.posts] == [False, True]


def test_audience_that_the_account_does_not_offer_blocks_the_channel(place: TikTokPlace) -> None:
    place.server.options = ["FOLLOWER_OF_CREATOR", "SELF_ONLY"]
    for call in (lambda: begun(place), place.verify):
        with pytest.raises(AccountBlocked) as caught:
            call()
        assert caught.value.sentence == (
            "TikTok does not let this account post for “everyone”; it offers: followers, only me. Choose one of these "
            "under Channels, or change who may see the account in TikTok's app."
        )
    assert place.server.posts == []


def test_video_longer_than_the_account_may_post_is_refused_before_anything_is_sent(place: TikTokPlace) -> None:
    place.server.longest = 10
    with pytest.raises(Refused) as caught:
        begun(place, VIDEO)
    assert caught.value.sentence == "The video runs 12 s; TikTok takes from 0 s to 10 s. Cut it, or choose another one."
    assert place.server.posts == []


def test_nothing_is_sold_and_nothing_is_added(place: TikTokPlace) -> None:
    begun(place)
    begun(place, VIDEO)
    whom = {"privacy_level": "PUBLIC_TO_EVERYONE", "disable_comment": False}
    unpaid = {"brand_content_toggle": False, "brand_organic_toggle": False}
    assert [post.info for post in place.server.posts] == [
        {**whom, **unpaid, "description": PICTURES.text, "auto_add_music": False},
        {**whom, **unpaid, "title": "Bells", "is_aigc": False, "disable_duet": False, "disable_stitch": True},
    ]


@pytest.mark.parametrize("case", ERRORS, ids=lambda case: f"{case['status']} {case['code']}")
def test_error_is_read_whatever_its_status(case: Mapping[str, Any]) -> None:
    body = said(case["code"])
    found = judge(Answer(case["status"], {}, body.encode(), body, posting=True))
    assert (type(found).__name__, getattr(found, "key", "")) == (case["becomes"], case["key"])
    assert found is None or LOG in found.diagnostic


def test_error_that_comes_with_200_is_no_post(place: TikTokPlace) -> None:
    place.proxy.fail(answer(200, said("spam_risk_too_many_posts")), path=place.posting)
    with pytest.raises(RateLimited) as caught:
        begun(place)
    assert timedelta(minutes=59) < caught.value.until - datetime.now(UTC) < timedelta(minutes=61)


def test_app_that_is_not_audited_posts_for_nobody_else(place: TikTokPlace) -> None:
    place.server.audited = False
    with pytest.raises(AccountBlocked) as caught:
        begun(place)
    assert caught.value.key == "tiktok.unaudited"
    alone = place.network.credentials.model_validate({**place.given(), "audience": "only me"})
    pending = begun(place, credentials=alone)
    receipt = finish(TikTok(), pending, place.context(stamp=datetime.now(UTC)))
    assert receipt == Receipt(id=pending.data["publish_id"], url="https://www.tiktok.com/@pressoffice")


def test_pictures_of_an_address_that_tiktok_does_not_know_are_refused(place: TikTokPlace) -> None:
    place.server.verified = "https://press.example.org/"
    with pytest.raises(Refused) as caught:
        begun(place)
    assert caught.value.key == "tiktok.domain"


# --- what becomes of it ------------------------------------------------------------------------------------------


def test_looks_never_begin_anew(place: TikTokPlace) -> None:
    pending = begun(place)
    assert look(place, pending) == Pending(data=pending.data, after=15)
    receipts = {finish(TikTok(), pending, place.context()).url for _ in range(2)}
    [post] = place.server.posts
    assert receipts == {f"https://www.tiktok.com/@pressoffice/photo/{post.id}"}


def test_public_post_waits_for_its_number_while_it_is_moderated(place: TikTokPlace) -> None:
    place.server.moderates, now = True, datetime.now(UTC)
    pending = begun(place)
    assert [look(place, pending, stamp=now) for _ in range(2)] == [Pending(data=pending.data, after=15)] * 2
    late = look(place, pending, stamp=now - timedelta(minutes=11))
    assert late == Receipt(id=pending.data["publish_id"], url="https://www.tiktok.com/@pressoffice")
    place.server.moderates = False
    assert look(place, pending, stamp=now) == TikTok().find(PICTURES, place.context(pending=pending.data), KEY)


@pytest.mark.parametrize(
    ("reason", "becomes"),
    [("photo_pull_failed", StartAnew), ("internal", StartAnew), ("picture_size_check_failed", Refused)],
)
def test_post_that_came_to_nothing_says_why(place: TikTokPlace, reason: str, becomes: type[NetworkError]) -> None:
    pending = begun(place)
    place.server.posts[0].failed = reason
    look(place, pending)
    with pytest.raises(becomes):
        look(place, pending)
    assert TikTok().find(PICTURES, place.context(pending=pending.data), KEY) is None


def test_number_that_tiktok_does_not_know_proves_nothing(place: TikTokPlace) -> None:
    unknown = {"publish_id": "p_pub_url~v2.1", "audience": "SELF_ONLY"}
    with pytest.raises(NetworkError) as caught:
        TikTok().find(PICTURES, place.context(pending=unknown), KEY)
    assert caught.value.key == "network.uncertain"


# --- videos ------------------------------------------------------------------------------------------------------


def test_video_goes_in_pieces_of_which_the_last_takes_the_rest(place: TikTokPlace) -> None:
    finish(TikTok(), begun(place, LONG), place.context())
    assert pieces(place) == [f"bytes 0-9999999/{SIZE}", f"bytes 10000000-{SIZE - 1}/{SIZE}"]
    [post] = place.server.standing()
    assert bytes(post.bytes) == place.store["long"]


def test_short_video_goes_whole(place: TikTokPlace) -> None:
    receipt = finish(TikTok(), begun(place, VIDEO), place.context())
    [post] = place.server.standing()
    assert (bytes(post.bytes), receipt.url) == (
        small_video(),
        f"https://www.tiktok.com/@pressoffice/video/{post.id}",
    )


def test_stop_that_is_set_during_the_upload_holds_the_last_piece_back(place: TikTokPlace) -> None:
    def held() -> None:
        raise Held("held.hold", by="bob@example.org", why="Mourning")

    pending = begun(place, LONG)
    with pytest.raises(Held):
        look(place, pending, before_publish=held)
    assert (pieces(place), place.server.standing()) == ([f"bytes 0-9999999/{SIZE}"], [])


def test_upload_that_broke_goes_on_where_tiktok_has_come_to(place: TikTokPlace) -> None:
    pending = begun(place, LONG)
    place.proxy.fail(drop(after_forwarding=True), method="PUT")
    with pytest.raises(Retry):
        look(place, pending)
    look(place, pending)
    assert [piece.split("-")[0] for piece in pieces(place)] == ["bytes 0", "bytes 10000000"]
    assert len(place.server.standing()) == 1


@pytest.mark.parametrize("arrived", [True, False])
def test_last_piece_without_an_answer_is_settled_by_tiktok_s_count(place: TikTokPlace, arrived: bool) -> None:
    pending = begun(place, VIDEO)
    place.proxy.fail(drop(after_forwarding=arrived), method="PUT")
    assert look(place, pending) == Pending(data=pending.data, after=15)
    finish(TikTok(), pending, place.context())
    assert (len(pieces(place)), len(place.server.posts), len(place.server.standing())) == (2 - arrived, 1, 1)


def test_upload_whose_address_has_ended_is_begun_anew_after_its_hour(place: TikTokPlace) -> None:
    pending = begun(place, VIDEO)
    place.proxy.fail(answer(403, ""), method="PUT")
    with pytest.raises(Retry) as caught:
        look(place, pending)
    assert not isinstance(caught.value, StartAnew)
    over = Pending(data={**pending.data, "until": (datetime.now(UTC) - timedelta(seconds=1)).isoformat()})
    with pytest.raises(StartAnew):
        look(place, over)


# --- tokens ------------------------------------------------------------------------------------------------------


def test_new_tokens_are_kept_before_they_are_used(place: TikTokPlace) -> None:
    fresh = TikTokPlace(place.proxy, server=place.server, files=place.files)
    given = place.network.credentials.model_validate({**place.fields(), **_spent(place), "base_url": place.proxy.url})

    def full(_fields: Mapping[str, str]) -> None:
        raise OSError("disk full")

    place.proxy.reset()
    with pytest.raises(Retry):
        place.network.verify(given, full)
    assert place.proxy.paths() == ["/v2/oauth/token/"]
    place.network.verify(given, fresh.kept.update)
    assert fresh.kept["refresh_token"] == place.server.refresh_tokens[-1]
    assert place.proxy.paths() == ["/v2/oauth/token/", "/v2/post/publish/creator_info/query/"]


def _spent(place: TikTokPlace) -> dict[str, str]:
    """The newest refresh token, without the access token that came with it."""
    return {"refresh_token": place.server.refresh_tokens[-1]}


def test_call_that_holds_the_tokens_of_before_is_given_the_new_ones(place: TikTokPlace) -> None:
    given = place.network.credentials.model_validate({**place.fields(), **_spent(place), "base_url": place.proxy.url})
    for _ in range(2):
        place.network.verify(given, place.kept.update)
    assert len(place.server.refresh_tokens) == 3


def test_token_that_was_taken_back_before_its_time_is_renewed_once(place: TikTokPlace) -> None:
    place.server.access_tokens.append("act.another")
    finish(TikTok(), begun(place), place.context())
    assert len(place.server.refresh_tokens) == 3


def test_account_is_known_by_its_number_and_until_when(place: TikTokPlace) -> None:
    identity = place.verify()
    assert (identity.id, identity.handle, identity.name) == (place.server.open_id, "pressoffice", "Press Office")
    assert identity.expires_at is not None
    assert timedelta(days=364) < identity.expires_at - datetime.now(UTC) < timedelta(days=366)


def test_sign_in_without_the_permission_is_told(place: TikTokPlace) -> None:
    place.server.scope = "user.info.basic,video.list"
    given = place.network.credentials.model_validate({**place.fields(), **_spent(place), "base_url": place.proxy.url})
    with pytest.raises(AccountBlocked) as caught:
        place.network.verify(given, place.kept.update)
    assert caught.value.key == "connect.scopes"


# --- before it is sent -------------------------------------------------------------------------------------------


def test_text_beside_a_video_may_be_shorter_than_beside_pictures() -> None:
    def errors(media: Media, length: int) -> list[str]:
        part = Part(text="😀" * (length // 2), media=(media,))
        found = TikTok().check(Draft(network="tiktok", kind=DocumentKind.STATEMENT, parts=(part,)))
        return [issue.key for issue in found if issue.severity is Severity.ERROR]

    picture, video = PICTURES.media[0], VIDEO.media[0]
    assert (errors(picture, 4000), errors(picture, 4002)) == ([], ["check.too_long"])
    assert (errors(video, 2200), errors(video, 2202)) == ([], ["check.too_long"])


def test_preview_shows_names_and_hashtags() -> None:
    [shown] = TikTok().preview(Draft(network="tiktok", kind=DocumentKind.STATEMENT, parts=(PICTURES,))).parts
    assert [run.href for run in shown.runs if run.href] == [
        "https://www.tiktok.com/tag/Graz",
        "https://www.tiktok.com/@eu",
    ]
