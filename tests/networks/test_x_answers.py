"""What X's answers mean; the answers themselves are in cases/x/answers.json."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from publisher import errors
from publisher.networks.x_answers import Answer, created, free_again, is_missing, read

CASES = json.loads((Path(__file__).parent / "cases/x/answers.json").read_text())
NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def answer_of(case: dict[str, Any]) -> Answer:
    body = case["body"]
    return Answer("POST /2/tweets", case["status"], body if isinstance(body, str) else json.dumps(body))


def epoch(moment: datetime) -> str:
    return str(int(moment.timestamp()))


@pytest.mark.parametrize("case", CASES["create"], ids=lambda case: case["name"])
def test_an_answer_to_a_new_post(case: dict[str, Any]) -> None:
    if "id" in case:
        assert created(answer_of(case)) == case["id"]
        return
    with pytest.raises(errors.NetworkError) as caught:
        created(answer_of(case))
    assert (type(caught.value).__name__, caught.value.key) == (case["error"], case["key"])
    assert caught.value.params.get("why") == case.get("why", caught.value.params.get("why"))
    assert caught.value.sentence  # its gaps can be filled
    assert caught.value.diagnostic.startswith(f"POST /2/tweets: {case['status']}")


@pytest.mark.parametrize("case", CASES["read"], ids=lambda case: case["name"])
def test_an_answer_to_a_call_that_posts_nothing(case: dict[str, Any]) -> None:
    if "value" in case:
        assert read(answer_of(case)) == case["value"]
        return
    with pytest.raises(errors.NetworkError) as caught:
        read(answer_of(case))
    assert (type(caught.value).__name__, caught.value.key) == (case["error"], case["key"])
    assert caught.value.params.get("why") == case.get("why")


def test_the_text_of_an_answer_is_cut_in_the_diagnostic() -> None:
    assert len(Answer("GET /2/users/me", 500, "x" * 100_000).diagnostic) < 300


def test_429_waits_for_the_usual_window() -> None:
    reset = NOW + timedelta(minutes=7)
    assert free_again({"x-rate-limit-reset": epoch(reset), "x-rate-limit-remaining": "14"}, NOW) == reset


@pytest.mark.parametrize("who", ["user", "app"])
def test_429_waits_for_the_day_where_the_day_is_used_up(who: str) -> None:
    reset, day = NOW + timedelta(minutes=7), NOW + timedelta(hours=9)
    headers = {"x-rate-limit-reset": epoch(reset), f"x-{who}-limit-24hour-reset": epoch(day)}
    assert free_again({**headers, f"x-{who}-limit-24hour-remaining": "0"}, NOW) == day
    assert free_again({**headers, f"x-{who}-limit-24hour-remaining": "3"}, NOW) == reset


@pytest.mark.parametrize("value", ["", "soon", "1e99", "99999999999999999999"])
def test_429_without_a_usable_time_waits_one_window(value: str) -> None:
    assert free_again({"x-rate-limit-reset": value}, NOW) == NOW + timedelta(minutes=15)
    assert free_again({}, NOW) == NOW + timedelta(minutes=15)


def test_429_with_a_time_that_is_over_still_waits_a_moment() -> None:
    past = {"x-rate-limit-reset": epoch(NOW - timedelta(hours=1))}
    assert free_again(past, NOW) == NOW + timedelta(seconds=5)


def test_429_becomes_rate_limited_until_then() -> None:
    reset = datetime.now(UTC).replace(microsecond=0) + timedelta(minutes=7)
    with pytest.raises(errors.RateLimited) as caught:
        created(Answer("POST /2/tweets", 429, "", {"x-rate-limit-reset": epoch(reset)}))
    assert caught.value.until == reset


@pytest.mark.parametrize(
    ("status", "body", "missing"),
    [
        (404, "", True),
        (200, '{"errors": [{"type": "https://api.twitter.com/2/problems/resource-not-found"}]}', True),
        (200, '{"data": {"deleted": true}}', False),
        (200, '{"errors": null}', False),
        (403, '{"errors": [{"type": "https://api.twitter.com/2/problems/resource-not-found"}]}', False),
    ],
)
def test_is_missing(status: int, body: str, missing: bool) -> None:
    assert is_missing(Answer("DELETE /2/tweets/1", status, body)) is missing
