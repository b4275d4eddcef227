"""What only YouTube has: uploads in pieces, videos that wait unseen, a quota, tokens of an hour."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from publisher.enums import DocumentKind, Severity
from publisher.errors import AccountBlocked, Held, NetworkError, RateLimited, Refused, Retry, StartAnew
from publisher.networks import youtube_upload
from publisher.networks.wire import Answer
from publisher.networks.youtube import LOCKED_BY, YouTube
from publisher.networks.youtube_answers import judge, quota_ends
from publisher.networks.youtube_video import tags, title_and_description
from publisher.types import Draft, Figures, Media, Part, Pending, Receipt
from tests.networks.places import finish, small_picture, small_video
from tests.networks.places.youtube import YouTubePlace
from tests.peers.faults import FaultProxy, answer
from tests.peers.youtube import PIECE, SCOPE, SESSION, YouTubeServer, error

KEY = "k:0"
VIDEO = Media(sha256="v", type="video/mp4", captions="c")
PICTURE = Media(sha256="p", type="image/jpeg")
POST = Part(text="Statement on Graz\n\nAll of it: https://example.org/ip_26_1900 #Ukraine #EU", media=(VIDEO, PICTURE))


@pytest.fixture
def place() -> Iterator[YouTubePlace]:
    with YouTubeServer() as server, FaultProxy(server.url) as proxy:
        opened = YouTubePlace(proxy, server=server)
        opened.verify()
        opened.store = {"v": small_video(), "p": small_picture(), "c": b"WEBVTT\n\n00:01.000 --> 00:02.000\nHello\n"}
        yield opened
        assert server.faults == []


def begun(place: YouTubePlace, part: Part = POST) -> Pending:
    outcome = YouTube().publish(part, place.context(), KEY)
    assert isinstance(outcome, Pending)
    return outcome


def published(place: YouTubePlace, part: Part = POST) -> Receipt:
    return finish(YouTube(), begun(place, part), place.context())


def uploaded(place: YouTubePlace) -> Pending:
    """Whole, and not looked at yet."""
    outcome = YouTube().resume(begun(place), place.context())
    assert isinstance(outcome, Pending)
    return outcome


def refused(place: YouTubePlace) -> NetworkError:
    with pytest.raises(NetworkError) as caught:
        published(place)
    assert place.server.seen() == []
    return caught.value


# --- the whole way -------------------------------------------------------------------------------


def test_every_request_is_one_that_the_discovery_document_knows(place: YouTubePlace, shared: Path) -> None:
    """The double holds each against it, where it is beside the checkout; this is one of everything we ask."""
    receipt = published(place)
    assert YouTube().find(POST, place.context(), KEY) == receipt
    YouTube().edit(receipt, replace(POST, text="Other words"), place.context(), KEY)
    assert YouTube().figures(receipt, place.context()) == Figures(impressions=1234, likes=56)
    YouTube().delete(receipt, place.context())
    with pytest.raises(Refused):
        YouTube().figures(receipt, place.context())
    assert sorted({call.split("/-/")[0] for call in place.server.calls()}) == [
        "DELETE /youtube/v3/videos",
        "GET /youtube/v3/captions",
        "GET /youtube/v3/channels",
        "GET /youtube/v3/playlistItems",
        "GET /youtube/v3/videos",
        "POST /token",
        "POST /upload/youtube/v3/captions",
        "POST /upload/youtube/v3/thumbnails/set",
        "POST /upload/youtube/v3/videos",
        "PUT /upload/youtube/v3/videos",
        "PUT /youtube/v3/videos",
    ]


def test_video_goes_out_with_its_words_thumbnail_and_subtitles(place: YouTubePlace) -> None:
    receipt = published(place)
    (video,) = place.server.videos
    assert receipt == Receipt(id=video.id, url=f"https://www.youtube.com/watch?v={video.id}")
    assert video.snippet == {
        "title": "Statement on Graz",
        "description": "All of it: https://example.org/ip_26_1900 #Ukraine #EU",
        "tags": ["Ukraine", "EU"],
        "categoryId": "25",
        "defaultLanguage": "en",
        "defaultAudioLanguage": "en",
    }
    assert video.status == {"privacyStatus": "public", "selfDeclaredMadeForKids": False}

    assert (video.data, len(video.thumbnail) > 0) == (place.store["v"], True)
    assert video.captions == {"en": place.store["c"]}


def test_video_for_children_is_said_to_be_one(place: YouTubePlace) -> None:
    credentials = YouTube.credentials.model_validate({**place.given(), "for_children": "yes"})
    outcome = YouTube().publish(POST, place.context(credentials=credentials), KEY)
    assert isinstance(outcome, Pending)
    finish(YouTube(), outcome, place.context())
    assert place.server.videos[0].status["selfDeclaredMadeForKids"] is True


def test_nobody_sees_the_video_until_the_last_call_which_a_stop_keeps_back(place: YouTubePlace) -> None:
    def stop() -> None:
        raise Held("held.hold", by="bob@example.org", why="Mourning")

    pending = begun(place)
    with pytest.raises(Held):
        finish(YouTube(), pending, place.context(before_publish=stop))
    assert (len(place.server.videos), place.server.seen()) == (1, [])
    # Once the stop is lifted the post is sent anew: by the same video, which is not uploaded again.
    published(place)
    assert (len(place.server.videos), len(place.server.seen()), len(place.server.sessions)) == (1, 1, 1)
    assert list(place.server.videos[0].captions) == ["en"]


def test_what_people_set_in_the_studio_meanwhile_stays(place: YouTubePlace) -> None:
    pending = uploaded(place)
    place.server.videos[0].status |= {"containsSyntheticMedia": True, "license": "creativeCommon"}
    receipt = finish(YouTube(), pending, place.context())
    kept = place.server.videos[0].status
    assert (kept["containsSyntheticMedia"], kept["license"]) == (True, "creativeCommon")
    place.server.videos[0].snippet["categoryId"] = "27"
    YouTube().edit(receipt, replace(POST, text="Other words"), place.context(), KEY)
    snippet = place.server.videos[0].snippet
    assert (snippet["title"], snippet["categoryId"], snippet["tags"]) == ("Other words", "27", ["Ukraine", "EU"])


# --- uploads -------------------------------------------------------------------------------------


@pytest.fixture
def pieces(place: YouTubePlace, monkeypatch: pytest.MonkeyPatch) -> YouTubePlace:
    """A video of four pieces."""
    monkeypatch.setattr(youtube_upload, "PIECE", PIECE)
    place.store["v"] = bytes(3 * PIECE + 17)
    return place


@pytest.mark.parametrize("arrived", [False, True], ids=["lost", "answer lost"])
def test_upload_that_broke_goes_on_from_what_has_arrived(pieces: YouTubePlace, arrived: bool) -> None:
    pending, sent = begun(pieces), []
    pieces.proxy.noticed = lambda seen: sent.append(len(seen.body)) if SESSION in seen.path else None
    pieces.server.breaks = (PIECE, arrived)
    with pytest.raises(Retry):
        YouTube().resume(pending, pieces.context())
    assert isinstance(finish(YouTube(), pending, pieces.context()), Receipt)
    (video,) = pieces.server.videos
    assert (video.data, len(pieces.server.sessions)) == (pieces.store["v"], 1)
    assert sum(sent) == len(pieces.store["v"]) + (0 if arrived else PIECE)


def test_upload_without_time_is_taken_up_again(pieces: YouTubePlace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(youtube_upload, "BUSY", 0)
    pending = begun(pieces)
    again = YouTube().resume(pending, pieces.context())
    assert again == replace(pending, after=1)
    monkeypatch.undo()
    monkeypatch.setattr(youtube_upload, "PIECE", PIECE)
    assert isinstance(finish(YouTube(), pending, pieces.context()), Receipt)


def test_session_that_is_gone_starts_anew_only_where_nothing_came_of_it(place: YouTubePlace) -> None:
    pending = begun(place)
    place.server.sessions["session0"].gone = True
    with pytest.raises(StartAnew):
        YouTube().resume(pending, place.context())
    pending = begun(place)
    YouTube().resume(pending, place.context())  # whole, and its answer is lost
    place.server.sessions["session1"].gone = True
    assert isinstance(finish(YouTube(), pending, place.context()), Receipt)
    assert (len(place.server.videos), len(place.server.seen())) == (1, 1)


def test_other_video_with_the_same_words_is_not_taken_for_ours(place: YouTubePlace) -> None:
    published(place)
    place.store["v"] += b"another"
    assert YouTube().find(POST, place.context(), KEY) is None
    published(place)
    assert len(place.server.seen()) == 2


def test_address_of_an_upload_that_is_not_youtubes_gets_no_token(place: YouTubePlace) -> None:
    place.proxy.fail(
        answer(200, headers={"Location": "https://youtube.example/steal"}), path="/upload/youtube/v3/videos"
    )
    with pytest.raises(Retry):
        begun(place)


# --- what YouTube says ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("verdict", "told"),
    [
        ({"uploadStatus": "rejected", "rejectionReason": "duplicate"}, "It is already on the channel."),
        ({"uploadStatus": "failed", "failureReason": "codec"}, "Its format cannot be read."),
        ({"uploadStatus": "failed", "failureReason": "somethingNew"}, "somethingNew."),
        ({"uploadStatus": "deleted"}, "somebody deleted it there"),
    ],
)
def test_video_of_which_nothing_comes_is_refused_in_words(
    place: YouTubePlace, verdict: dict[str, str], told: str
) -> None:
    place.server.verdict = verdict
    error = refused(place)
    assert isinstance(error, Refused)
    assert told in error.sentence


@pytest.mark.parametrize("late", [False, True])
def test_project_that_is_not_audited_is_told_so(place: YouTubePlace, late: bool) -> None:
    place.server.audited, place.server.locks_late = False, late
    assert refused(place).key == "youtube.locked"


def test_video_that_a_dead_worker_showed_is_looked_at_again_too(place: YouTubePlace) -> None:
    waiting = uploaded(place)
    place.server.videos[0].status["privacyStatus"] = "public"
    noted = YouTube().resume(waiting, place.context())
    assert noted == Pending(data={**waiting.data, "shown": "yes"}, after=LOCKED_BY)
    place.server.videos[0].status["privacyStatus"] = "private"
    with pytest.raises(Refused) as caught:
        YouTube().resume(noted, place.context())
    assert caught.value.key == "youtube.locked"


def test_video_that_is_shown_is_looked_at_again_before_it_counts_as_out(place: YouTubePlace) -> None:
    waiting, shown = uploaded(place), False
    while not shown:
        outcome = YouTube().resume(waiting, place.context())
        assert isinstance(outcome, Pending)
        waiting, shown = outcome, bool(place.server.seen())
    assert waiting.after == LOCKED_BY
    assert YouTube().resume(waiting, place.context()) == YouTube().find(POST, place.context(), KEY)


def test_channel_that_is_not_confirmed_takes_no_thumbnail_and_short_videos(place: YouTubePlace) -> None:
    place.server.confirmed = False
    assert refused(place).key == "youtube.thumbnail"
    limits = YouTube().limits.adjusted(place.verify().limits)
    long = replace(POST, media=(replace(VIDEO, seconds=1000),))
    draft = Draft(network="youtube", kind=DocumentKind.SPEECH, parts=(long,))
    assert [issue.key for issue in YouTube().check(draft, limits)] == ["check.video_length"]
    assert YouTube().check(draft) == []


def test_quota_that_is_used_up_waits_for_midnight_in_california(place: YouTubePlace) -> None:
    place.server.quota = place.server.units + 3
    error = refused(place)
    assert isinstance(error, RateLimited)
    assert error.until == quota_ends()
    # Winter and summer time there, and the nights between them.
    ends = [quota_ends(datetime(2026, *day, 18, tzinfo=UTC)) for day in ((1, 10), (7, 10), (10, 31), (11, 1))]
    assert [(end.day, end.hour) for end in ends] == [(11, 8), (11, 7), (1, 7), (2, 8)]


@pytest.mark.parametrize(
    ("status", "reason", "kind", "key"),
    [
        (403, "quotaExceeded", RateLimited, "youtube.quota"),
        (400, "uploadLimitExceeded", RateLimited, "youtube.upload_limit"),
        (403, "rateLimitExceeded", RateLimited, "network.rate_limited"),
        (401, "authError", AccountBlocked, "network.credentials"),
        (401, "youtubeSignupRequired", AccountBlocked, "youtube.no_channel"),
        (403, "insufficientPermissions", AccountBlocked, "youtube.scope"),
        (403, "accessNotConfigured", AccountBlocked, "youtube.api_off"),
        (403, "forbidden", AccountBlocked, "network.account_blocked"),
        (404, "videoNotFound", Refused, "network.edit_gone"),
        (400, "invalidTitle", Refused, "network.refused"),
        (400, "invalidTags", Refused, "network.refused"),
    ],
)
def test_reason_of_an_error_says_what_follows(status: int, reason: str, kind: type[NetworkError], key: str) -> None:
    body = json.dumps(error(status, reason, "Something is wrong").body).encode()
    found = judge(Answer(status, {}, body, ""))
    assert (type(found), found and found.key) == (kind, key)


def test_error_of_its_own_settles_nothing() -> None:
    body = json.dumps(error(500, "backendError", "Backend error").body).encode()
    assert judge(Answer(500, {}, body, "", posting=True)) is None


# --- tokens --------------------------------------------------------------------------------------


def test_access_token_is_kept_and_made_anew_before_it_ends(place: YouTubePlace) -> None:
    published(place)
    assert place.server.calls().count("POST /token") == 1
    place.kept["ends"] = (datetime.now(UTC) + timedelta(minutes=4)).isoformat()
    YouTube().find(POST, place.context(), KEY)
    assert place.server.calls().count("POST /token") == 2
    assert place.kept["access_token"] == place.server.tokens[-1]


@pytest.mark.parametrize(
    ("wrong", "key"),
    [("refresh_token", "youtube.sign_in_over"), ("client_secret", "youtube.client")],
)
def test_sign_in_that_is_over_says_what_to_do(place: YouTubePlace, wrong: str, key: str) -> None:
    setattr(place.server, wrong, "another one")
    credentials = YouTube.credentials.model_validate({**place.given(), "ends": "", wrong: "the old one"})
    with pytest.raises(AccountBlocked) as caught:
        YouTube().verify(credentials, place.kept.update)
    assert caught.value.key == key


def test_end_of_a_sign_in_to_a_project_in_testing_is_known(place: YouTubePlace) -> None:
    assert place.verify().expires_at is None
    place.server.testing = True
    ends = place.verify().expires_at
    assert ends is not None
    assert timedelta(days=6, hours=23) < ends - datetime.now(UTC) < timedelta(days=7)
    assert place.kept["sign_in_ends"] == ends.isoformat()


def test_sign_in_with_too_few_permissions_says_which(place: YouTubePlace) -> None:
    place.server.scopes = {SCOPE.replace("force-ssl", "readonly")}
    with pytest.raises(AccountBlocked) as caught:
        place.verify()
    assert caught.value.key == "youtube.scope"


# --- words ---------------------------------------------------------------------------------------

LONG = "The Council adopts conclusions on the European Union's support for Ukraine, and on the way ahead in the Balkans"


@pytest.mark.parametrize(
    ("text", "title", "description"),
    [
        ("Title", "Title", ""),
        ("Title\n\nFirst.\n\nSecond.", "Title", "First.\n\nSecond."),
        ("a" * 100 + "\nb", "a" * 100, "b"),
        (LONG, LONG[:99].rsplit(" ", 1)[0] + "…", LONG),
        ("a" * 101, "a" * 99 + "…", "a" * 101),
    ],
)
def test_title_is_the_first_line_and_loses_nothing(text: str, title: str, description: str) -> None:
    assert title_and_description(text) == (title, description)


def test_tags_are_the_hashtags_as_many_as_fit() -> None:
    assert tags("#Ukraine and #Україна, again #Ukraine") == ["Ukraine", "Україна"]
    many = [f"tag{number:07}" for number in range(50)]  # ten characters and a comma each
    assert tags(" ".join(f"#{tag}" for tag in many)) == many[:45]


def test_words_that_youtube_does_not_take_are_told_before() -> None:
    found = []
    for text in ("GDP <3% in 2026", LONG, "Title\n\nText"):
        draft = Draft(network="youtube", kind=DocumentKind.SPEECH, parts=(Part(text=text, media=(VIDEO,)),))
        found.append([(issue.key, issue.severity) for issue in YouTube().check(draft)])
    assert found == [
        [("check.youtube_signs", Severity.ERROR)],
        [("check.youtube_title", Severity.WARNING)],
        [],
    ]
