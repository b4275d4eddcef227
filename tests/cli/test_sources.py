"""`publisher source …` against feeds on loopback."""

from pathlib import Path

import pytest
from django.utils import timezone

from publisher.models import Event, Source, User
from tests.cli.conftest import Publisher
from tests.factories import make_source
from tests.watch.server import Answer, Server

pytestmark = pytest.mark.django_db

FIELDS = [
    *("id", "name", "url", "active", "status", "problem", "failures", "interval", "language"),
    *("last_checked_at", "last_success_at", "next_check_at", "baseline_at"),
    *("kind", "recipe", "read_pages", "per_week"),
]
HEALTH = [
    *("condition", "held_until", "brought_at", "pushed", "pushed_at", "push_problem", "moves_to"),
    *("alarms", "former_urls"),
]
PAGE = b"""<!doctype html><html lang="en"><head><title>Newsroom</title>
<link rel="alternate" type="application/rss+xml" href="/feed.xml"></head><body>
<li class="n"><a href="/1">One</a></li><li class="n"><a href="/2">Two</a></li></body></html>"""
HTML = {"Content-Type": "text/html"}
FEED = b"""<rss version="2.0"><channel><title>Press Room</title><link>https://press.example.org/</link>
<item><title>First statement</title><link>https://press.example.org/1</link><guid>1</guid></item>
</channel></rss>"""


def test_added_source_is_watched_under_the_feeds_own_title(publisher: Publisher, web: Server) -> None:
    url = web.serve(Answer(body=FEED))
    done = publisher("source", "add", url, "--language", "EN", "--json")
    source = Source.objects.get()
    assert (done.status, done.err, list(done.json)) == (0, "", FIELDS)
    expected = {"id": source.pk, "name": "Press Room", "url": url, "active": True, "status": "ok", "language": "en"}
    assert done.json == done.json | expected
    assert Event.objects.get(verb="add").actor == "command line"


def test_adding_is_told_to_people(publisher: Publisher, web: Server) -> None:
    done = publisher("source", "add", web.serve(Answer(body=FEED)), "--name", "Ours", "--queue-newest", "2")
    source = Source.objects.get()
    assert (done.status, done.out, done.err) == (0, f"Watching Ours (source {source.pk}).\n", "")
    assert (source.name, source.queue_newest) == ("Ours", 2)


def test_address_that_is_no_feed_is_not_watched(publisher: Publisher, web: Server) -> None:
    url = web.serve(Answer(body=b"<!doctype html><title>Hello</title>", headers={"Content-Type": "text/html"}))
    assert publisher("source", "add", url).refusal == (
        "There is no feed at this address, but something else. Enter the address of the feed itself."
    )
    assert not Source.objects.exists()


def test_source_is_added_once(publisher: Publisher, web: Server) -> None:
    url = web.serve(Answer(body=FEED))
    publisher("source", "add", url)
    assert publisher("source", "add", url).refusal == "This address is already watched, as Press Room."


def test_person_named_with_as_is_the_actor_and_needs_the_right(
    publisher: Publisher, web: Server, administrator: User, viewer: User
) -> None:
    url = web.serve(Answer(body=FEED))
    refused = publisher("source", "add", url, "--as", "Charlie@example.org")
    assert refused.refusal == "You may not do this. Ask an administrator of this desk."
    publisher("source", "add", url, "--as", "alice@example.org")
    assert Event.objects.get(verb="add").actor == "alice@example.org"


def test_list_as_json_and_as_a_table(publisher: Publisher) -> None:
    source = make_source(name="Press [bold]Corner[/bold]", problem="It is\nout of order.")
    rows = publisher("source", "list", "--json").json
    assert [list(row) for row in rows] == [FIELDS]
    assert rows[0]["name"] == source.name
    heading, row = publisher("source", "list").out.splitlines()
    assert heading.split() == ["id", "name", "kind", "status", "active", "last", "checked", "at", "problem", "url"]
    assert row.startswith(f"{source.pk}".ljust(3))
    assert "Press [bold]Corner[/bold]  feed  ok" in row
    assert row.rstrip().endswith(f"It is out of order.  {source.url}")


def test_empty_list_says_what_to_do_beside_the_data(publisher: Publisher) -> None:
    done = publisher("source", "list")
    assert (done.status, done.out, done.err) == (0, "", "Nothing is watched yet: publisher source add URL\n")
    assert publisher("source", "list", "--json").out == "[]\n"


def test_show(publisher: Publisher) -> None:
    source = make_source(name="Press Corner")
    shown = publisher("source", "show", source.pk, "--json").json
    assert list(shown) == [*FIELDS, *HEALTH]
    assert (shown["id"], shown["next_check_at"]) == (source.pk, source.next_check_at.isoformat())
    lines = publisher("source", "show", source.pk).out.splitlines()
    assert [lines[0].split(), lines[1].split()] == [["id", str(source.pk)], ["name", "Press", "Corner"]]


def test_check_looks_at_once_and_takes_in(publisher: Publisher, web: Server) -> None:
    source = make_source(url=web.serve(Answer(body=FEED)), baseline_at=None)
    done = publisher("source", "check", source.pk, "--json")
    assert (done.status, list(done.json), done.json["status"]) == (0, FIELDS, "ok")
    assert source.documents.get().title == "First statement"
    assert publisher("source", "check", source.pk).out == f"{source.name}: ok\n"


def test_check_of_a_failing_source_gives_the_reason(publisher: Publisher, web: Server) -> None:
    source = make_source(name="Press Corner", url=web.serve(Answer(status=503)))
    done = publisher("source", "check", source.pk, "--json")
    assert (done.status, done.json["status"]) == (1, "unreachable")
    sentence = "Press Corner: The site is out of order at the moment. It will be tried again.\n"
    assert (done.err, publisher("source", "check", source.pk).err) == (sentence, sentence)


def test_pause_and_resume(publisher: Publisher) -> None:
    source = make_source(name="Press Corner")
    assert publisher("source", "pause", source.pk).out == "Press Corner: paused.\n"
    assert publisher("source", "list", "--json").json[0]["active"] is False
    assert publisher("source", "resume", source.pk, "--json").json["active"] is True
    assert Source.objects.get().next_check_at <= timezone.now()
    assert list(Event.objects.order_by("id").values_list("verb", flat=True)) == ["pause", "resume"]


def test_remove_tells_what_is_gone(publisher: Publisher) -> None:
    first, second = make_source(name="One"), make_source(name="Two")
    assert publisher("source", "remove", first.pk).out == "One is no longer watched.\n"
    assert publisher("source", "remove", second.pk, "--json").json["name"] == "Two"
    assert not Source.objects.exists()


def test_discover_shows_what_a_page_offers(publisher: Publisher, web: Server) -> None:
    feed = web.serve(Answer(body=FEED))
    page = web.serve(Answer(body=PAGE, headers=HTML), "/news")
    (offer,) = publisher("source", "discover", page, "--json").json
    assert offer == {
        "url": feed,
        "kind": "feed",
        "title": "Press Room",
        "language": "",
        "count": 1,
        "newest": [{"title": "First statement", "url": "https://press.example.org/1", "date": None}],
    }
    told = publisher("source", "discover", page).out.splitlines()
    assert [line.strip() for line in told] == ["Press Room", f"feed: {feed}", "•            First statement"]
    assert not Source.objects.exists()


def test_discover_of_a_page_that_offers_nothing_says_what_to_do(publisher: Publisher, web: Server) -> None:
    page = web.serve(Answer(body=b"<!doctype html><title>x</title><p>Nothing to see here at all, really.</p>"), "/x")
    assert publisher("source", "discover", page).refusal.startswith(f"Nothing that can be watched was found at {page}.")


def test_listing_is_added_with_selectors_from_a_file(publisher: Publisher, web: Server, tmp_path: Path) -> None:
    page = web.serve(Answer(body=PAGE, headers=HTML), "/news")
    recipe = tmp_path / "recipe.toml"
    recipe.write_text('item = "li.n"\ntitle = ["a"]\n')
    done = publisher(
        "source", "add", page, "--kind", "listing", "--selectors", recipe, "--interval", "1200", "--no-pages", "--json"
    )
    assert (done.json["kind"], done.json["recipe"], done.json["interval"], done.json["read_pages"]) == (
        "listing",
        {"item": "li.n", "title": ["a"]},
        1200,
        False,
    )


def test_selectors_that_are_no_toml_are_refused(publisher: Publisher, web: Server, tmp_path: Path) -> None:
    recipe = tmp_path / "recipe.toml"
    recipe.write_text("item = li")
    refused = publisher("source", "add", web.url("/news"), "--kind", "listing", "--selectors", recipe).refusal
    assert refused.startswith(f"{recipe} is no TOML file: ")


def test_change(publisher: Publisher) -> None:
    source = make_source(name="Old", interval=0)
    done = publisher("source", "change", source.pk, "--name", "New", "--interval", "600", "--no-pages", "--json")
    assert (done.json["name"], done.json["interval"], done.json["read_pages"]) == ("New", 600, False)
    assert Event.objects.get(verb="change").data == {"name": "New", "interval": 600, "read_pages": False}
    assert publisher("source", "change", source.pk, "--interval", "5").refusal == (
        "Choose an interval between 1 minute and 7 days, or none: then the source's own rhythm decides."
    )
