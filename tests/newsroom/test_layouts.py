"""A listing page that is rebuilt is an alarm, and never "nothing new"."""

from collections.abc import Iterator

import pytest

from publisher.enums import AlarmKind, SourceKind
from publisher.models import Alarm, Document, Source, User
from publisher.newsroom.feeds import sources, watching
from tests.factories import make_source
from tests.watch.server import Answer, Server

pytestmark = pytest.mark.django_db

HTML = {"Content-Type": "text/html"}


@pytest.fixture
def web() -> Iterator[Server]:
    with Server().running() as server:
        yield server


@pytest.fixture
def source(web: Server) -> Source:
    url = web.serve(page("old", "one"), "/news")
    source = make_source(url=url, kind=SourceKind.LISTING, recipe={"item": "li.old"}, read_pages=False)
    watching.poll([source])
    return Source.objects.get()


def page(name: str, *titles: str) -> Answer:
    items = "".join(f'<li class="{name}"><a href="/{title}">{title}</a></li>' for title in titles)
    return Answer(body=f"<!doctype html><title>News</title><ul>{items}</ul>".encode(), headers=HTML)


def look(source: Source) -> Source:
    watching.poll([Source.objects.get(pk=source.pk)])
    return Source.objects.get(pk=source.pk)


def test_rebuilt_page_calls_a_person_once_and_costs_no_document(source: Source, web: Server) -> None:
    web.serve(page("new", "one", "two"), "/news")
    look(source)
    after = look(source)
    alarm = Alarm.objects.get()
    assert (alarm.kind, alarm.source, alarm.closed_at) == (AlarmKind.LAYOUT, source, None)
    assert alarm.sentence == after.problem
    assert (after.status, after.failures, Document.objects.count()) == ("malformed", 2, 1)


def test_alarm_settles_itself_when_the_page_can_be_read_again(source: Source, web: Server) -> None:
    web.serve(page("new", "one"), "/news")
    look(source)
    web.serve(page("old", "one", "two"), "/news")
    after = look(source)
    assert (after.problem, Alarm.objects.get().closed_by) == ("", "publisher")


def test_new_selectors_mend_it_and_what_came_meanwhile_is_found(
    source: Source,
    web: Server,
    administrator: User,
) -> None:
    web.serve(page("new", "one", "two"), "/news")
    look(source)
    sources.change(source.pk, administrator, data={"item": "li.new"})
    look(source)
    assert Alarm.objects.get().closed_by == "publisher"
    assert sorted(Document.objects.values_list("title", flat=True)) == ["one", "two"]
