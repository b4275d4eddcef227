"""Real feeds and pages of the institutions, where they are at hand beside the checkout."""

from pathlib import Path

import pytest

from publisher.types import Entry
from publisher.watch.read import read, read_entries
from tests.watch import samples_table


def first(shared: Path, sample: str) -> Entry:
    return read_entries(str(shared / "samples" / sample))[0]


SAMPLES = """
bundesregierung/artikel-2024-06-01.xml                         | news          | de    | https://www.bundesregierung.de/breg-de/aktuelles/weiterentwicklung-der-deutschen-nachhaltigkeitsstrategie-2276070
council/pressreleases-2026-09-15.xml                           | press_release | en    | 150481
european-commission/dg-comp-node38-rss_en.xml                  | press_release | en    | https://competition-policy.ec.europa.eu/about/news/commission-adopts-eu-guidelines-exclusionary-abuses-dominance-2026-09-03_en
european-commission/presscorner-rss-shape.xml                  | statement     | en    | STATEMENT/26/2001
european-commission/presscorner-api-document-IP-26-1900.json   | press_release | en    | IP/26/1900
european-commission/presscorner-api-search.json                | speech        | en    | SPEECH/26/1968
european-parliament/press-releases-item-2026-07-17.xml         | press_release | en    | 20260716IPR46531
european-parliament/top-stories-2021-09-21.xml                 | news          | en    | 20210909TST11812
european-parliament/press-release_20250204IPR26689.html        | press_release | en    | 20250204IPR26689
govuk/search-2026-10-08.atom.xml                               | other         | en-US | tag:www.gov.uk,2005:/guidance/help
state-department/press-releases-2026-07.xml                    | press_release |       | https://www.state.gov/releases/preview/693600/
un/un-news-europe-2022-04-01.xml                               | news          | en    | news.un.org/story/2022/04/1115242
un/un-press-release-1.html                                     | statement     | en    | SGSM21982
white-house/news-feed-2026-10-02.cut.xml                       | press_release | en-US | https://www.whitehouse.gov/?p=52051
"""  # noqa: E501 (a table)


@pytest.mark.parametrize("line", SAMPLES.strip().splitlines(), ids=lambda line: line.split("|")[0].strip())
def test_first_document_has_kind_language_and_identity(shared: Path, line: str) -> None:
    sample, kind, language, identity = (cell.strip() for cell in line.split("|"))
    entry = first(shared, sample)
    assert (entry.kind, entry.language, entry.id) == (kind, language, identity)


def test_parliament_titles_lose_their_prefix(shared: Path) -> None:
    titles = [
        first(shared, f"european-parliament/{name}").title
        for name in ("press-releases-item-2026-07-17.xml", "top-stories-2021-09-21.xml")
    ]
    assert titles == [
        "EU-China relations: Foreign Affairs Committee to visit Beijing",
        "State of the European Union Debate 2021 - Addressing Europeans' concerns",
    ]


def test_white_house_body_begins_with_the_text_and_ends_before_the_boilerplate(shared: Path) -> None:
    assert first(shared, "white-house/news-feed-2026-10-02.cut.xml").body == (
        "Today, President Donald J. Trump’s Council of Economic Advisers released a report revealing the severe "
        "economic cost for American taxpayers over the next ten years."
    )


def test_parliament_pages_give_clean_text(shared: Path) -> None:
    pages = sorted((shared / "samples/european-parliament").glob("*.html"))
    entries = [read_entries(str(page))[0] for page in pages]
    assert len(entries) == 7
    for entry in entries:
        assert entry.lead
        assert entry.body.count("\n\n") >= 3
        assert "Contacts" not in entry.body
        assert "Share this page" not in entry.body
        assert entry.published_at is not None
        assert entry.precision == "instant"


def test_parliament_clock_is_the_one_of_brussels(shared: Path) -> None:
    entry = first(shared, "european-parliament/press-release_20250204IPR26689.html")
    assert entry.published_at is not None
    assert entry.published_at.isoformat() == "2025-02-13T11:47:00+00:00"  # shown as 12:47, in winter


def test_un_pages_name_a_day_only(shared: Path) -> None:
    entry = first(shared, "un/un-press-release-1.html")
    assert entry.published_at is not None
    assert (entry.published_at.isoformat(), entry.precision) == ("2023-10-08T00:00:00+00:00", "day")
    assert entry.body.startswith("The following statement was issued today by the Spokesman")


def every_file(shared: Path) -> list[str]:
    folder = shared / "samples"
    files = (path for path in sorted(folder.rglob("*")) if path.is_file() and path.name != "SOURCES.md")
    return [str(path.relative_to(folder)) for path in files]


def test_every_file_at_hand_has_a_line_in_the_table(shared: Path) -> None:
    assert sorted(samples_table.samples()) == every_file(shared)


@pytest.mark.parametrize("name", samples_table.samples())
def test_every_field_that_is_in_a_file_is_found(shared: Path, name: str) -> None:
    sample = samples_table.samples()[name]
    seen = samples_table.found(shared / "samples" / name, sample.get("url", ""))
    assert seen == (sample["count"], sample["found"])


@pytest.mark.parametrize("name", samples_table.samples())
def test_every_field_that_is_missing_has_a_reason(name: str) -> None:
    sample = samples_table.samples()[name]
    unexplained = set(samples_table.FIELDS) - {"starts_at", "video_seconds", "url"} - set(sample["found"])
    named = {field for names in sample["missing"] for field in names.split(", ")}
    assert named - {"url"} == (unexplained if sample["count"] else {"everything"})


def test_the_table_in_the_documentation_is_the_one_that_the_files_give(shared: Path) -> None:
    documented = Path("docs/sources.md").read_text(encoding="utf-8")
    assert documented.endswith(samples_table.markdown(shared / "samples") + "\n")


def test_publisher_reads_every_file(shared: Path) -> None:
    """As somebody would at the command line: the file and nothing else."""
    refused = {
        name: seen for name in every_file(shared) if (seen := read(str(shared / "samples" / name)))["status"] != "ok"
    }
    assert {name: [issue["key"] for issue in seen["issues"]] for name, seen in refused.items()} == {
        "av-portal/resources/not-found.json": ["source.not_found"]
    }
