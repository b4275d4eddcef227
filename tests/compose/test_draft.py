"""From entry to draft: the rules that no case file shows by itself."""

import dataclasses
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from publisher.compose.draft import compose, draft_to_json
from publisher.enums import CardStyle, DocumentKind, Severity, ThreadStyle
from publisher.errors import InvalidInput
from publisher.networks.limits import LIMITS
from publisher.text.measure import measure
from publisher.text.quotations import find_quotations, is_said
from publisher.types import Card, Entry, Image, Media
from tests.text.test_fit import TEXTS

LINK = "https://example.eu/news/1"
NEWS = Entry(
    url=LINK,
    title="Parliament adopts the budget",
    lead="It has 120 pages. Members voted in Strasbourg.",
    language="en",
    kind=DocumentKind.NEWS,
    image=Image(url="https://example.eu/1.jpg", alt="The chamber", type="image/jpeg"),
)
SPEECH = Entry(
    url=LINK,
    title="Speech by President Example at the summit",
    kind=DocumentKind.SPEECH,
    language="en",
    body="We must defend our freedom together, in every city and in every village of this continent, whatever it takes "
    "and however long it takes, for our children.\n\nWe need courage, and I came here to say it. Thank you.",
)


def folder(path: Path, text: str) -> Path:
    (path / "any").mkdir(parents=True, exist_ok=True)
    (path / "any/any.txt.j2").write_text(text)
    return path


def test_the_draft_says_where_it_comes_from() -> None:
    draft = compose(NEWS, "x")
    assert (draft.network, draft.kind, draft.language, draft.template, draft.issues) == (
        "x", DocumentKind.NEWS, "en", "any/news.txt.j2", ()
    )  # fmt: skip


def test_the_language_of_the_post_can_be_set() -> None:
    assert compose(NEWS, "x", language="en-GB").language == "en-GB"


def test_a_network_that_we_do_not_know_is_refused() -> None:
    with pytest.raises(InvalidInput) as raised:
        compose(NEWS, "orkut")
    assert raised.value.sentence == (f"There is no network called orkut. Choose one of: {', '.join(sorted(LIMITS))}.")


CARD = Card(
    url=LINK,
    title="Parliament adopts the budget",
    description="It has 120 pages. Members voted in Strasbourg.",
    image=Media(url="https://example.eu/1.jpg", alt="The chamber", type="image/jpeg"),
)


@pytest.mark.parametrize(
    ("style", "template", "card"),
    [
        (CardStyle.OURS, "{{ title }} {{ link }}", CARD),
        (CardStyle.OURS, "{{ title }}", CARD),
        (CardStyle.NETWORK, "{{ title }} {{ link }}", CARD),
        (CardStyle.NETWORK, "{{ title }}", None),
        (CardStyle.NONE, "{{ title }} {{ link }}", None),
    ],
)
def test_a_card_stands_where_the_network_would_show_one(
    tmp_path: Path, style: CardStyle, template: str, card: Card | None
) -> None:
    limits = dataclasses.replace(LIMITS["sandbox"], card=style)
    (part,) = compose(NEWS, "sandbox", limits=limits, folder=folder(tmp_path, template)).parts
    assert (part.card, part.media) == (card, ())


def test_a_broken_template_gives_title_and_link_and_a_warning(tmp_path: Path) -> None:
    draft = compose(NEWS, "x", folder=folder(tmp_path, "a\n{{ titel }}"))
    assert draft.parts[0].text == f"Parliament adopts the budget\n\n{LINK}"
    assert [(issue.field, issue.key, issue.severity) for issue in draft.issues] == [
        ("template", "template.broken", Severity.WARNING)
    ]
    assert draft.issues[0].message.startswith(
        'The post template any/any.txt.j2 has a mistake in line 2: there is no "titel"; there are body,'
    )
    assert draft.template == ""


def test_a_missing_template_gives_title_and_link_and_a_warning(tmp_path: Path) -> None:
    draft = compose(NEWS, "x", folder=tmp_path, template="campaign")
    assert draft.parts[0].text == f"Parliament adopts the budget\n\n{LINK}"
    assert [issue.key for issue in draft.issues] == ["template.missing"]


def test_a_quotation_that_does_not_fit_gives_way_to_another_one() -> None:
    whole = compose(SPEECH, "mastodon").parts[0].text
    short = compose(SPEECH, "x", limits=dataclasses.replace(LIMITS["x"], text=130)).parts[0].text
    none = compose(SPEECH, "x", limits=dataclasses.replace(LIMITS["x"], text=70)).parts[0].text
    assert short == f"President Example at the summit:\n\n“We need courage, and I came here to say it.”\n\n{LINK}"
    assert whole.split("\n\n")[1].startswith("“We must defend our freedom together, in every city")
    assert none == f"Speech by President Example at the summit\n\n{LINK}"


def test_a_dropped_quotation_gives_way_to_a_shorter_one_as_well() -> None:
    statement = dataclasses.replace(
        SPEECH, kind=DocumentKind.STATEMENT, title="Statement by President Example on freedom"
    )
    draft = compose(statement, "x", limits=dataclasses.replace(LIMITS["x"], text=130))
    assert draft.parts[0].text == (
        f"Statement by President Example on freedom\n\n“We need courage, and I came here to say it.”\n\n{LINK}"
    )


def test_a_quotation_that_a_template_cannot_do_without_is_never_cut(tmp_path: Path) -> None:
    limits = dataclasses.replace(LIMITS["x"], text=30)
    draft = compose(
        SPEECH, "x", limits=limits, folder=folder(tmp_path, "{% if quote %}{{ quote }}{% else %}-{% endif %}")
    )
    assert draft.parts[0].text == "-"


def test_a_text_that_no_rule_makes_fit_says_so(tmp_path: Path) -> None:
    limits = dataclasses.replace(LIMITS["x"], text=10)
    draft = compose(NEWS, "x", limits=limits, folder=folder(tmp_path, "{{ title }}"))
    assert [(issue.field, issue.key, issue.params) for issue in draft.issues] == [
        ("text", "check.too_long", {"length": 28, "limit": 10})
    ]


def test_bytes_count_as_well() -> None:
    limits = dataclasses.replace(LIMITS["bluesky"], text_bytes=60)
    draft = compose(dataclasses.replace(NEWS, title="Ü" * 20 + " " + "ü" * 20), "bluesky", limits=limits)
    assert draft.parts[0].text == "Ü" * 20 + "…"


def test_words_in_quotation_marks_that_nobody_said_are_pointed_out(tmp_path: Path) -> None:
    draft = compose(NEWS, "x", folder=folder(tmp_path, "{{ title }}: “We are proud”"))
    assert [(issue.key, issue.params, issue.severity) for issue in draft.issues] == [
        ("quote.not_in_source", {"words": "“We are proud”", "start": 30, "end": 44}, Severity.ERROR)
    ]


THREAD = '{% set thread = "numbered" %}\n{{ title }}\n\n{{ body }}\n\n{{ link }}'
LONG = dataclasses.replace(NEWS, body="Europe acts now and stands firm. " * 12)


def test_a_template_can_ask_for_a_thread(tmp_path: Path) -> None:
    draft = compose(LONG, "bluesky", folder=folder(tmp_path, THREAD))
    assert [part.text[-3:] for part in draft.parts] == ["1/2", "2/2"]
    assert [part.card is not None for part in draft.parts] == [False, True]
    assert draft.issues == ()


def test_a_thread_that_is_too_long_says_so(tmp_path: Path) -> None:
    limits = dataclasses.replace(LIMITS["bluesky"], parts=1)
    draft = compose(LONG, "bluesky", limits=limits, folder=folder(tmp_path, THREAD))
    assert [(issue.field, issue.key) for issue in draft.issues] == [("thread", "check.too_many_parts")]


def test_without_threads_on_a_network_the_text_is_one_part(tmp_path: Path) -> None:
    limits = dataclasses.replace(LIMITS["sandbox"], thread=ThreadStyle.NONE)
    draft = compose(LONG, "sandbox", limits=limits, folder=folder(tmp_path, THREAD.replace("body", "body | shorten")))
    assert len(draft.parts) == 1
    assert [(issue.field, issue.key) for issue in draft.issues] == [("thread", "compose.thread_as_one")]


def test_thread_that_an_account_cannot_have_is_title_and_link_where_no_more_fits(tmp_path: Path) -> None:
    limits = LIMITS["x"].adjusted({"no_threads": 1})
    draft = compose(LONG, "x", limits=limits, folder=folder(tmp_path, THREAD))
    assert [part.text for part in draft.parts] == [f"{LONG.title}\n\n{LONG.url}"]
    assert [(issue.key, issue.severity) for issue in draft.issues] == [("compose.thread_as_one", Severity.WARNING)]


def test_a_draft_in_json_has_exactly_the_promised_fields() -> None:
    assert draft_to_json(compose(NEWS, "x")) == {
        "network": "x",
        "kind": "news",
        "parts": [
            {
                "text": f"Parliament adopts the budget\n\nIt has 120 pages.\n\n{LINK}",
                "length": 28 + 2 + 17 + 2 + 23,
                "limit": 280,
                "links": [LINK],
                "media": [],
                "card": {
                    "url": LINK,
                    "title": "Parliament adopts the budget",
                    "description": "It has 120 pages. Members voted in Strasbourg.",
                    "image": {
                        "url": "https://example.eu/1.jpg", "alt": "The chamber", "sha256": "", "type": "image/jpeg",
                        "width": 0, "height": 0,
                    },
                },
            }
        ],
        "issues": [],
    }  # fmt: skip


def test_an_issue_in_json_is_field_key_and_message(tmp_path: Path) -> None:
    limits = dataclasses.replace(LIMITS["x"], text=10)
    draft = compose(NEWS, "x", limits=limits, folder=folder(tmp_path, "{{ title }}"))
    assert draft_to_json(draft, limits)["issues"] == [
        {"field": "text", "key": "check.too_long", "message": "The text is too long: 28 of 10."}
    ]


@settings(max_examples=60, deadline=None)
@given(
    entry=st.builds(
        Entry,
        url=st.just(LINK),
        title=TEXTS,
        lead=TEXTS,
        body=TEXTS,
        kind=st.sampled_from(list(DocumentKind)),
        language=st.sampled_from(["", "en", "de"]),
        speakers=st.sampled_from([(), ("Ada Example",), ("Ada Example", "Bo Other")]),
    ),
    network=st.sampled_from(sorted(LIMITS)),
)
def test_whatever_comes_the_draft_fits_and_quotes_nothing_that_was_not_said(entry: Entry, network: str) -> None:
    draft = compose(entry, network)
    limits = LIMITS[network]
    for part in draft.parts:
        assert measure(part.text, limits.unit, limits.text, limits.url_length).valid
        for start, end in find_quotations(part.text):
            assert is_said(part.text[start:end], f"{entry.title}\n{entry.lead}\n{entry.body}")
    assert [issue for issue in draft.issues if issue.field == "template"] == []


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("{{ title }}", "Parliament adopts the budget\n\n#EUBudget #Trade"),
        ("{{ hashtags }}: {{ title }}", "#EUBudget #Trade: Parliament adopts the budget"),
        ("{{ title }}{% optional 1 %} now{% endoptional %}", "Parliament adopts the budget now\n\n#EUBudget #Trade"),
        ("{{ titel }}", f"Parliament adopts the budget\n\n{LINK}\n\n#EUBudget #Trade"),
    ],
)
def test_hashtags_end_the_text_where_the_template_does_not_place_them(tmp_path: Path, template: str, text: str) -> None:
    draft = compose(NEWS, "mastodon", hashtags=["EUBudget", "Trade"], folder=folder(tmp_path, template))
    assert draft.parts[0].text == text


def test_hashtags_go_after_all_that_is_optional_and_before_anything_is_shortened(tmp_path: Path) -> None:
    template = "{{ title | shorten }}{% optional 1 %} {{ lead }}{% endoptional %}"
    limits = dataclasses.replace(LIMITS["mastodon"], text=45)
    tight = dataclasses.replace(limits, text=30)
    where = folder(tmp_path, template)
    assert compose(NEWS, "mastodon", limits=limits, hashtags=["EUBudget"], folder=where).parts[0].text == (
        "Parliament adopts the budget\n\n#EUBudget"
    )
    assert compose(NEWS, "mastodon", limits=tight, hashtags=["EUBudget"], folder=where).parts[0].text == NEWS.title


def test_hashtags_end_a_thread(tmp_path: Path) -> None:
    template = '{% set thread = "plain" %}{{ title }}\n\n{{ body }}'
    draft = compose(SPEECH, "mastodon", hashtags=["EUBudget"], folder=folder(tmp_path, template), limits=None)
    assert draft.parts[-1].text.endswith("#EUBudget")
    assert sum("#EUBudget" in part.text for part in draft.parts) == 1
