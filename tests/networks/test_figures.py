"""What followers did with a post, read from each network's own answer, and asked for in its own words."""

import json
from pathlib import Path
from urllib.parse import parse_qs

import pytest

from publisher.errors import NetworkError, Refused
from publisher.networks import registry
from publisher.types import Figures, Receipt
from tests.networks.places import open_place
from tests.peers.faults import answer

INSIGHTS = {"views": 1200, "likes": 30, "replies": 4, "reposts": 5, "quotes": 1}
METRICS = {"impression_count": 900, "like_count": 8, "reply_count": 3, "repost_count": 2, "quote_count": 1}
URI = "at://did:plc:a/app.bsky.feed.post/1"
POST = {"uri": URI, "likeCount": 7, "replyCount": 2, "repostCount": 3, "quoteCount": 1}
SHARES = {"impressionCount": 500, "likeCount": 6, "commentCount": 2, "shareCount": 1, "engagement": 0.02}
OTHER = {"share": "urn:li:share:6", "totalShareStatistics": {**SHARES, "likeCount": 77}}
# The number of the post there, what is asked, what the network answers (cut to what matters), what we make of it.
CASES = {
    "mastodon": (
        "1",
        "/api/v1/statuses/1",
        {"id": "1", "favourites_count": 11, "replies_count": 5, "reblogs_count": 6, "quotes_count": 1},
        Figures(likes=11, replies=5, reposts=7),
    ),
    "bluesky": (URI, "getPosts?uris", {"posts": [POST]}, Figures(likes=7, replies=2, reposts=4)),
    "x": (
        "1", "/2/tweets?ids tweet.fields", {"data": [{"id": "1", "text": "A", "public_metrics": METRICS}]},
        Figures(impressions=900, likes=8, replies=3, reposts=3),
    ),
    "facebook": (
        "1_2",
        "/1_2?fields",
        {"id": "1_2", "reactions": {"summary": {"total_count": 9}}, "comments": {"summary": {"total_count": 2}}},
        Figures(likes=9, replies=2, reposts=0),
    ),
    "threads": (
        "1", "/1/insights?metric", {"data": [{"name": name, "values": [{"value": n}]} for name, n in INSIGHTS.items()]},
        Figures(impressions=1200, likes=30, replies=4, reposts=6),
    ),
    "instagram": ("1", "/1?fields", {"id": "1", "like_count": 40, "comments_count": 3}, Figures(likes=40, replies=3)),
    "linkedin": (
        "urn:li:share:7",
        "/rest/organizationalEntityShareStatistics?organizationalEntity q shares",
        {"elements": [OTHER, {"share": "urn:li:share:7", "totalShareStatistics": SHARES}]},
        Figures(impressions=500, likes=6, replies=2, reposts=1),
    ),
    "lemmy": (
        "1", "/api/v3/post?id", {"post_view": {"post": {"id": 1}, "counts": {"upvotes": 5, "comments": 2}}},
        Figures(likes=5, replies=2),
    ),
}  # fmt: skip


def test_every_network_that_tells_figures_has_a_case() -> None:
    assert set(CASES) == {kind for kind in registry.KINDS if registry.get_limits(kind).figures} - {"youtube"}


@pytest.mark.parametrize("kind", CASES)
def test_figures_are_read_as_the_network_counts_them(kind: str, request: pytest.FixtureRequest) -> None:
    number, asked, told, expected = CASES[kind]
    path, _, names = asked.partition("?")
    with open_place(kind, request) as place:
        place.verify()
        place.proxy.reset()
        place.proxy.fail(answer(200, json.dumps(told)), path=path, method="GET")
        receipt = Receipt(id=number, url="", data={"uri": number})
        assert place.network.figures(receipt, place.context()) == expected
        seen = place.proxy.seen[-1]
        assert (seen.method, sorted(parse_qs(seen.query))) == ("GET", sorted(names.split()))


@pytest.mark.parametrize("kind", CASES)
def test_what_is_not_told_stays_unknown_and_trouble_is_no_zero(kind: str, request: pytest.FixtureRequest) -> None:
    number, asked, _, _ = CASES[kind]
    path = asked.partition("?")[0]
    with open_place(kind, request) as place:
        place.verify()
        for fault in (answer(503, "<html>Bad gateway</html>", content_type="text/html"), answer(200, "[]")):
            place.proxy.fail(fault, path=path, method="GET")
            with pytest.raises(NetworkError) as caught:
                place.network.figures(Receipt(id=number, url="", data={"uri": number}), place.context())
            assert not isinstance(caught.value, Refused)
            told = f"{caught.value} {caught.value.params}"
            assert [secret for secret in place.secrets() if secret and secret in told] == []


def test_what_is_asked_for_stands_in_the_specifications(shared: Path) -> None:
    specs = shared / "specs"
    lexicon = json.loads((specs / "atproto/lexicons/app/bsky/feed/defs.json").read_text(encoding="utf-8"))
    assert set(POST) <= set(lexicon["defs"]["postView"]["properties"])
    schemas = json.loads((specs / "x/openapi.json").read_text(encoding="utf-8"))["components"]["schemas"]
    assert set(METRICS) <= set(schemas["PostPublicMetrics"]["properties"])
    media = json.loads((specs / "meta/IGMedia.json").read_text(encoding="utf-8"))
    assert {"like_count", "comments_count"} <= {field["name"] for field in media["fields"]}
    post = json.loads((specs / "meta/PagePost.json").read_text(encoding="utf-8"))
    edges = {api.get("endpoint") for api in post["apis"]} | {field["name"] for field in post["fields"]}
    assert {"reactions", "comments", "shares"} <= edges
    collection = (specs / "threads/threads-api.postman_collection.json").read_text(encoding="utf-8")
    assert "views,likes,replies,reposts,quotes" in collection
