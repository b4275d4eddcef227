"""`read`, `measure`, `compose`: without a database."""

from pathlib import Path

import pytest

from publisher import config
from publisher.networks.limits import LIMITS
from tests.cli.conftest import Publisher
from tests.watch.server import Answer, Server

SAMPLE = Path(__file__).resolve().parent.parent.parent / "publisher" / "sample"
DOCUMENT = [
    *("id", "url", "title", "guid", "reference", "kind", "lead", "language", "published_at", "precision"),
    *("updated_at", "embargo_until", "speakers", "quotes", "image", "video", "body", "source", "hash"),
    *("exchanges", "place", "zone", "alternates", "topics", "reading_minutes", "video_seconds", "starts_at", "ends_at"),
    *("machine_translated", "withdrawn", "recipe"),
]
"""The fields of the contract; JSON objects have no order."""


def test_read_gives_one_object_a_line(publisher: Publisher) -> None:
    done = publisher("read", SAMPLE / "eeas.xml", SAMPLE / "council.xml")
    assert (done.status, done.err) == (0, "")
    assert [list(seen) for seen in done.lines] == [["input", "status", "documents", "issues"]] * 2
    assert [seen["input"] for seen in done.lines] == [str(SAMPLE / "eeas.xml"), str(SAMPLE / "council.xml")]
    assert {tuple(sorted(document)) for seen in done.lines for document in seen["documents"]} == {
        tuple(sorted(DOCUMENT))
    }
    assert publisher("read", SAMPLE / "eeas.xml", SAMPLE / "council.xml", "--json").out == done.out


def test_unreadable_input_has_its_status_and_a_sentence_and_the_rest_goes_on(publisher: Publisher, web: Server) -> None:
    gone = web.serve(Answer(status=410))
    done = publisher("read", "none.xml", gone, SAMPLE / "eeas.xml", "--json")
    assert (done.status, [seen["status"] for seen in done.lines]) == (1, ["error", "gone", "ok"])
    sentence = "The file none.xml cannot be read. Check its name and whether you may open it."
    assert done.lines[0]["issues"] == [{"field": "feed", "key": "source.file", "message": sentence}]
    assert done.err.splitlines() == [
        f"none.xml: {sentence}",
        f"{gone}: The source has been taken down for good. Enter its new address, or remove it.",
    ]


def test_read_over_http(publisher: Publisher, web: Server) -> None:
    url = web.serve(Answer(body=(SAMPLE / "eeas.xml").read_bytes()))
    from_web, from_file = publisher("read", url).lines[0], publisher("read", SAMPLE / "eeas.xml").lines[0]
    assert [item["hash"] for item in from_web["documents"]] == [item["hash"] for item in from_file["documents"]]


def test_read_keeps_out_of_our_own_network_unless_a_setting_admits_it(
    publisher: Publisher, web: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = web.serve(Answer(body=(SAMPLE / "eeas.xml").read_bytes()))
    monkeypatch.setenv("PUBLISHER_PRIVATE_HOSTS", "")
    config.get.cache_clear()
    try:
        done = publisher("read", url)
    finally:
        monkeypatch.undo()
        config.get.cache_clear()
    assert (done.status, [issue["key"] for issue in done.lines[0]["issues"]]) == (1, ["source.inside"])
    assert done.err.strip() == (
        f"{url}: 127.0.0.1 lies inside your own network, so it was not read. If it is meant to be read, name it in the "
        "setting PUBLISHER_PRIVATE_HOSTS and start Publisher again."
    )


def test_file_name_that_is_no_text(publisher: Publisher) -> None:
    done = publisher("read", "\udcff.xml", "--json")
    assert (done.status, done.json["input"], done.json["status"]) == (1, "\udcff.xml", "error")


@pytest.mark.parametrize("network", LIMITS)
def test_measure(publisher: Publisher, network: str) -> None:
    limits = LIMITS[network]
    done = publisher("measure", "Hello", "x" * (limits.text + 1), " ", "--network", network, "--json")
    assert (done.status, done.err) == (0, "")
    assert [list(row) for row in done.lines] == [["network", "length", "limit", "unit", "valid"]] * 3
    assert [(row["length"], row["valid"]) for row in done.lines[:2]] == [(5, True), (limits.text + 1, False)]
    assert [(row["network"], row["limit"], row["unit"]) for row in done.lines] == [
        (network, limits.text, limits.unit)
    ] * 3


def test_measure_for_people(publisher: Publisher) -> None:
    assert publisher("measure", "Grüße", "--network", "bluesky").out == "5 of 300 (graphemes): fits\n"
    assert publisher("measure", "x" * 301, "--network", "bluesky").out == "301 of 300 (graphemes): too long\n"


def test_text_within_its_letters_may_have_too_many_bytes(publisher: Publisher) -> None:
    family = "\U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466" * 200  # one grapheme of 25 bytes, 200 times
    assert publisher("measure", family, "--network", "bluesky", "--json").json["valid"] is False


def test_measure_reads_standard_input_without_its_last_line_break(publisher: Publisher) -> None:
    done = publisher("measure", "--network", "bluesky", "--json", stdin="Grüße\n\n".encode())
    assert done.json["length"] == 6


@pytest.mark.parametrize("network", LIMITS)
def test_text_that_is_none_is_refused(publisher: Publisher, network: str) -> None:
    told = "cannot be read. Is the name right, and is it text in UTF-8?"
    assert publisher("measure", "--network", network, stdin=b"\xff").refusal == f"Standard input {told}"
    assert publisher("measure", "\udcff", "--network", network).refusal == f"The text {told}"


@pytest.mark.parametrize("network", LIMITS)
def test_compose_gives_the_newest_draft_or_all(publisher: Publisher, network: str) -> None:
    one = publisher("compose", SAMPLE / "eeas.xml", "--network", network, "--json")
    every = publisher("compose", SAMPLE / "eeas.xml", "--network", network, "--all", "--json")
    assert (one.status, one.err) == (0, "")
    assert one.lines == every.lines[:1]
    assert len(every.lines) == len(publisher("read", SAMPLE / "eeas.xml").lines[0]["documents"])
    for draft in every.lines:
        assert list(draft) == ["network", "kind", "parts", "issues"]
        assert [list(part) for part in draft["parts"]] == [["text", "length", "limit", "links", "media", "card"]] * len(
            draft["parts"]
        )
        assert draft["network"] == network


def test_compose_for_people(publisher: Publisher) -> None:
    draft = publisher("compose", SAMPLE / "eeas.xml", "--network", "mastodon", "--json").json
    part = draft["parts"][0]
    done = publisher("compose", SAMPLE / "eeas.xml", "--network", "mastodon")
    assert done.out == f"{part['text']}\n[{part['length']} of {part['limit']}]\n\n"


def test_compose_as_another_kind(publisher: Publisher) -> None:
    line = ("compose", SAMPLE / "eeas.xml", "--network", "x", "--json")
    assert publisher(*line, "--kind", "event").json["kind"] == "event"


def test_compose_of_what_cannot_be_read_or_is_empty(publisher: Publisher, tmp_path: Path) -> None:
    unreadable = publisher("compose", "none.xml", "--network", "x")
    assert unreadable.refusal == "The file none.xml cannot be read. Check its name and whether you may open it."
    empty = tmp_path / "empty.xml"
    empty.write_text('<rss version="2.0"><channel><title>Press</title></channel></rss>', encoding="utf-8")
    done = publisher("compose", empty, "--network", "x", "--json")
    assert done.refusal == f"There is no document in {empty}, so there is nothing to draft."


def test_quotes_gives_each_line_with_its_points_and_its_place(publisher: Publisher) -> None:
    document = publisher("read", SAMPLE / "eeas.xml").lines[0]["documents"]
    done = publisher("quotes", SAMPLE / "eeas.xml", "--all", "--json")
    assert (done.status, done.err) == (0, "")
    assert [list(row) for row in done.lines] == [["id", "title", "lines"]] * len(document)
    bodies = {item["id"]: item["body"] for item in document}
    lines = [(bodies[row["id"]], line) for row in done.lines for line in row["lines"]]
    assert len(lines) >= 3
    for body, line in lines:
        assert list(line) == ["text", "start", "end", "score", "points", "speaker"]
        assert body[line["start"] : line["end"]] == line["text"]
        assert round(sum(line["points"].values()), 1) == line["score"]


def test_quotes_in_words(publisher: Publisher, tmp_path: Path) -> None:
    path = tmp_path / "feed.xml"
    path.write_text(
        "<rss version='2.0'><channel><title>T</title><item><title>Speech by President Ada Example</title>"
        "<link>https://example.eu/speech_1</link><description>"
        "We must never leave our friends alone in the cold. It is late. I came here to say it to all of you."
        "</description></item></channel></rss>"
    )
    done = publisher("quotes", path)
    assert (done.status, done.err) == (0, "")
    assert done.out.splitlines()[0] == "Speech by President Ada Example"
