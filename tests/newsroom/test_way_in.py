"""The way in: nothing lost, nothing twice, nothing by accident. Each case is one that some other system got wrong."""

from datetime import timedelta

import pytest
from asgiref.sync import async_to_sync
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from publisher.enums import AlarmKind, PostState, RuleMode, SourceKind, SourceStatus
from publisher.models import (
    Alarm,
    Channel,
    Document,
    Event,
    Identity,
    Person,
    Post,
    Rule,
    Source,
    User,
    Version,
)
from publisher.newsroom.alerts import alarms
from publisher.newsroom.documents import screening, taking
from publisher.newsroom.documents.identity import names_of
from publisher.newsroom.feeds import outside
from publisher.types import Alternate, Entry
from publisher.watch.fetch import Fetched
from publisher.watch.reading import Reading
from tests.factories import make_channel
from tests.newsroom.conftest import entry

NEWS = "The Commission has today adopted measure number {n}, which enters into force at once."


@pytest.fixture
def channel(db: None) -> Channel:
    return make_channel(language="en")


@pytest.fixture
def automatic(db: None) -> Rule:
    return Rule.objects.create(name="By itself", mode=RuleMode.AUTOMATIC)


@pytest.fixture
def known(source: Source) -> Source:
    """A source that is watched, has shown item 1, and reads no pages."""
    Source.objects.update(read_pages=False)
    look(source, news(1))
    Document.objects.update(baseline=True)
    return source


def news(n: int, **fields: object) -> Entry:
    return entry(n, **{"lead": NEWS.format(n=n), **fields})


def look(source: Source, *entries: Entry, items: tuple[str, ...] = ()) -> taking.Brought:
    """One look at `source`, which shows these entries."""
    source.refresh_from_db()
    answer = Fetched(status=SourceStatus.OK, url=source.url, fetched_at=timezone.now())

    async def bring() -> taking.Brought:
        async with outside.web() as web:
            return await taking.bring(web, source, Reading(entries=entries, items=items), answer)

    found = async_to_sync(bring)()
    Source.objects.filter(pk=source.pk).update(last_success_at=answer.fetched_at)
    return found


def another(name: str = "DG", language: str = "", **fields: object) -> Source:
    return Source.objects.create(
        name=name,
        url=f"http://127.0.0.1:9/{name}.xml",
        baseline_at=timezone.now(),
        language=language,
        read_pages=False,
        **fields,
    )


def drafted() -> list[str]:
    return list(Post.objects.order_by("pk").values_list("document__title", flat=True))


# --- what other systems got wrong ---------------------------------------------------------------------------------


def test_entry_dated_ahead_waits_like_one_under_embargo(known: Source, channel: Channel, automatic: Rule) -> None:
    when = timezone.now() + timedelta(days=3)
    look(known, news(2, published_at=when), news(1))
    assert (Post.objects.get().state, Document.objects.get(baseline=False).embargo) == (PostState.REVIEW, when)


def test_late_item_with_an_old_date_waits_for_a_person(known: Source, channel: Channel, automatic: Rule) -> None:
    look(known, news(2, published_at=timezone.now() - timedelta(days=8)), news(1))
    post = Post.objects.get()
    assert (post.state, "reached us only now" in post.reason) == (PostState.REVIEW, True)


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"machine_translated": True}, "This is a machine translation"),
        ({"withdrawn": True}, "The institution has withdrawn this text"),
    ],
)
def test_what_no_rule_may_send_waits_for_a_person_with_the_reason(
    known: Source, channel: Channel, automatic: Rule, fields: dict[str, bool], why: str
) -> None:
    look(known, news(2, **fields), news(1))
    post = Post.objects.get()
    assert (post.state, post.reason[: len(why)]) == (PostState.REVIEW, why)


def test_same_title_from_another_source_waits_for_a_person(known: Source, channel: Channel, automatic: Rule) -> None:
    look(known, news(2), news(1))
    look(another("Council"), entry(2, guid="c", url="https://council.example.org/2", lead="In other words: a measure."))
    assert [post.state for post in Post.objects.order_by("pk")] == [PostState.SCHEDULED, PostState.REVIEW]


# --- one document from many places -----------------------------------------------------------------------------------


def test_one_release_through_four_feeds_is_one_document_with_four_sources(
    known: Source, channel: Channel, review_all: Rule
) -> None:
    page = "https://ec.europa.eu/commission/presscorner/detail/en/ip_26_1900"
    look(known, news(2, reference="IP/26/1900", url=page, guid=page), news(1))
    look(another("DG"), news(2, reference="IP/26/1900", guid="dg-2", url="https://dg.example.org/2", lead="Shorter."))
    look(another("EEAS"), news(2, reference="IP/26/1900", guid="eeas", url="https://eeas.example.org/2", lead="Else."))
    look(another("Council"), news(2, guid="77", url="https://council.example.org/2"))
    assert Post.objects.count() == 1
    assert Post.objects.get().document.sightings.count() == 4


def test_rule_for_a_source_takes_what_another_source_showed_first(known: Source, channel: Channel) -> None:
    dg = another("DG")
    Rule.objects.create(name="DG only").sources.add(dg)
    look(known, news(2, reference="IP/26/2"), news(1))
    assert drafted() == []
    look(dg, news(2, reference="IP/26/2", guid="dg-2", url="https://dg.example.org/2"))
    assert [title[-1] for title in drafted()] == ["2"]


def test_french_version_is_drafted_for_french_channels_and_no_others(
    known: Source, channel: Channel, review_all: Rule
) -> None:
    french = make_channel(language="fr")
    look(known, news(2, reference="IP/26/2"), news(1))
    assert list(Post.objects.values_list("channel", flat=True)) == [channel.pk]
    look(another("FR", "fr"), entry(2, reference="IP/26/2", language="fr", guid="fr", url="https://x.example.org/fr/2"))
    assert list(Post.objects.order_by("pk").values_list("channel", "revision__language")) == [
        (channel.pk, "en"),
        (french.pk, "fr"),
    ]
    assert Document.objects.filter(reference="IP/26/2").count() == 1


def test_languages_are_told_by_guids_that_end_in_them(known: Source, review_all: Rule) -> None:
    guid = "IPR-COM_IPR-2026-07-16-46531"
    look(known, news(2, guid=f"{guid}_EN"), news(1))
    look(another("FR"), entry(9, guid=f"{guid}_FR", language="fr"))
    assert (Document.objects.count(), Version.objects.count()) == (2, 3)


def test_languages_are_told_by_the_addresses_that_a_page_names(known: Source, review_all: Rule) -> None:
    there = "https://press.example.org/fr/mesure-2"
    look(known, news(2, alternates=(Alternate(language="fr", url=there),)), news(1))
    look(another("FR"), entry(9, guid="fr-9", url=there, language="fr"))
    assert (Document.objects.count(), Version.objects.count()) == (2, 3)


def test_front_page_as_a_translation_of_everything_joins_nothing(known: Source, review_all: Rule) -> None:
    front = (Alternate(language="fr", url="https://press.example.org/fr"),)
    look(known, news(3, alternates=front), news(2, alternates=front), news(1))
    assert Document.objects.count() == 3


def test_speakers_are_one_person_whatever_their_title(known: Source) -> None:
    look(known, news(2, speakers=("Kaja Kallas", "Marta Kos")), news(1))
    look(known, news(3, speakers=("High Representative Kaja Kallas",)), news(1))
    assert list(Person.objects.values_list("name", "documents__title").order_by("name", "documents__title")) == [
        ("Kaja Kallas", "Commission adopts measure number 2"),
        ("Kaja Kallas", "Commission adopts measure number 3"),
        ("Marta Kos", "Commission adopts measure number 2"),
    ]


# --- nothing by accident ---------------------------------------------------------------------------------------------


def test_known_source_that_is_suddenly_mostly_new_waits_for_a_person(
    known: Source, channel: Channel, automatic: Rule, approver: User
) -> None:
    look(known, *[news(n) for n in range(20, 10, -1)], news(1))
    alarm = Alarm.objects.get()
    assert (alarm.kind, alarm.params["count"], Post.objects.count()) == (AlarmKind.MASS_CHANGE, 10, 0)
    assert len(screening.queue_remembered(alarm.pk, approver)) == 10
    assert set(Post.objects.values_list("state", flat=True)) == {PostState.REVIEW}
    assert alarms.count() == 0


def test_mass_change_can_be_left_alone(known: Source, channel: Channel, automatic: Rule, approver: User) -> None:
    look(known, *[news(n) for n in range(20, 10, -1)], news(1))
    alarms.settle(approver, Alarm.objects.get().pk, "left alone")
    look(known, *[news(n) for n in range(20, 10, -1)], news(1))
    assert (Post.objects.count(), alarms.count()) == (0, 0)


def test_busy_day_of_a_busy_source_is_news(known: Source, channel: Channel, review_all: Rule) -> None:
    Source.objects.update(per_week=140, last_success_at=timezone.now() - timedelta(hours=12))
    now = timezone.now()
    look_at = [news(n, published_at=now - timedelta(hours=n - 10)) for n in range(11, 19)]
    found = screening.why_not_news(
        [taking.Found(each, None, taking.Verdict.NEW) for each in look_at],  # type: ignore[arg-type]
        screening.Situation(shown=9, overlaps=True, known=True, away=timedelta(hours=12), per_week=140),
        now,
    )
    assert found == ""


def test_what_came_while_we_were_long_away_waits_for_a_person(known: Source, channel: Channel, automatic: Rule) -> None:
    Source.objects.update(last_success_at=timezone.now() - timedelta(days=8))
    look(known, news(2), news(1))
    assert (Alarm.objects.get().key, Post.objects.count()) == ("alarm.after_outage", 0)


def test_source_added_again_posts_nothing_of_what_stands(known: Source, channel: Channel, automatic: Rule) -> None:
    known.delete()
    again = another("Again")
    Source.objects.update(baseline_at=None)
    look(again, news(3), news(2), news(1))
    assert (Document.objects.count(), Post.objects.count()) == (3, 0)


def test_redated_old_item_is_told_and_not_drafted(known: Source, channel: Channel, automatic: Rule) -> None:
    Document.objects.update(published_at=timezone.now() - timedelta(days=700))
    for _ in range(3):
        look(known, news(1, published_at=timezone.now()))
    assert (Post.objects.count(), Event.objects.filter(verb="resurface").count()) == (0, 1)


def test_nothing_of_the_last_look_is_a_gap(known: Source, channel: Channel, review_all: Rule) -> None:
    look(known, news(3), news(2))
    assert (Alarm.objects.get().kind, [title[-1] for title in drafted()]) == (AlarmKind.GAP, ["2", "3"])


def test_source_that_shows_one_item_at_a_time_has_no_gap(known: Source, channel: Channel, review_all: Rule) -> None:
    Source.objects.update(items=["a"])
    look(known, news(2), items=("b",))
    assert (Alarm.objects.count(), [title[-1] for title in drafted()]) == (0, ["2"])
    Source.objects.update(items=["b", "a"])
    look(known, news(3), items=("c",))  # one of many is another matter
    assert Alarm.objects.get().kind == AlarmKind.GAP


def test_empty_answer_is_no_gap(known: Source) -> None:
    look(known)
    assert Alarm.objects.count() == 0


def test_calendar_that_turns_its_page_is_no_mass_change(channel: Channel, automatic: Rule) -> None:
    calendar = another("Calendar", kind=SourceKind.CALENDAR)
    look(calendar, news(1))
    look(calendar, *[news(n) for n in range(20, 10, -1)])
    assert (Alarm.objects.count(), Post.objects.count()) == (0, 0)


def test_every_name_of_a_document_leads_to_it(known: Source) -> None:
    look(known, news(2, reference="IP/26/2"), news(1))
    document = Document.objects.get(reference="IP/26/2")
    kinds = sorted(
        key.partition(":")[0] for key in Identity.objects.filter(document=document).values_list("key", flat=True)
    )
    assert kinds == ["guid", "ref", "text", "url"]


# --- whatever the feeds do -------------------------------------------------------------------------------------------

LETTERS = "abcd"


@st.composite
def histories(draw: st.DrawFn) -> list[tuple[int, list[Entry]]]:
    """Looks at two feeds that show some of four texts, edited, reordered, re-dated, cut, and under other guids."""
    looks = []
    for _ in range(draw(st.integers(2, 5))):
        shown = []
        for letter in draw(st.permutations(LETTERS))[: draw(st.integers(0, 4))]:
            edition, guid, days = draw(st.integers(0, 1)), draw(st.integers(0, 1)), draw(st.sampled_from([None, 0, -9]))
            made = entry(
                url=f"https://press.example.org/{letter}/{guid}",
                guid=f"{letter}{guid}",
                reference=f"IP/26/{ord(letter)}" if letter in "ab" else "",
                title=f"Text {letter} of the Commission",
                lead=f"This is text {letter}, and it is long enough to be known by its words." + " Edited." * edition,
                published_at=None if days is None else timezone.now() + timedelta(days=days),
            )
            shown.append(made)
        looks.append((draw(st.integers(0, 1)), shown))
    return looks


@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(histories())
def test_any_history_loses_nothing_and_posts_nothing_twice(
    known: Source, channel: Channel, automatic: Rule, looks: list[tuple[int, list[Entry]]]
) -> None:
    with transaction.atomic():
        feeds = [known, another("Other")]
        for which, shown in looks:
            look(feeds[which], *shown)
            for each in shown:
                assert Identity.objects.filter(key__in=names_of(each, feeds[which].pk).own).exists()
        sent = Post.objects.filter(state=PostState.SCHEDULED).values_list("revision__parts", flat=True)
        texts = [parts[0]["text"].split("https://")[0] for parts in sent]
        assert len(texts) == len(set(texts))
        transaction.set_rollback(True)
