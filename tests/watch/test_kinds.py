import pytest

from publisher.enums import DocumentKind as Kind
from publisher.watch.data import table
from publisher.watch.kinds import kind_of, reference_of

PC = "https://ec.europa.eu/commission/presscorner/detail/en/"
COUNCIL = "https://www.consilium.europa.eu/en/press/press-releases/2026/09/15/"


@pytest.mark.parametrize(
    ("slug", "kind"),
    [
        ("speech_26_1968", Kind.SPEECH), ("statement_26_2001", Kind.STATEMENT), ("ip_26_1900", Kind.PRESS_RELEASE),
        ("qanda_26_1", Kind.QUESTIONS_AND_ANSWERS), ("mex_26_1951", Kind.DAILY_NEWS), ("fs_26_3", Kind.FACTSHEET),
        ("read_26_4", Kind.READOUT), ("ac_26_5", Kind.NEWS), ("inf_26_6", Kind.NEWS), ("memo_08_7", Kind.FACTSHEET),
        ("agenda_08_a30", Kind.EVENT), ("cldr_24_8", Kind.EVENT),
    ],
)  # fmt: skip
def test_the_slug_of_the_press_corner_decides_whatever_the_title_says(slug: str, kind: Kind) -> None:
    assert kind_of(PC + slug, "Remarks by the President at the press conference") == kind


@pytest.mark.parametrize(
    ("url", "title", "categories", "kind"),
    [
        ("https://example.org/1", "Speech at the gala", ["Press release"], Kind.PRESS_RELEASE),
        ("https://example.org/1", "Anything", ["Antitrust", " PRESS  release "], Kind.PRESS_RELEASE),
        ("https://example.org/1", "Anything", ["Communiqué de presse"], Kind.PRESS_RELEASE),
        ("https://example.org/1", "Anything", ["Δελτίο Τύπου"], Kind.PRESS_RELEASE),
        ("https://example.org/1", "Anything", ["Statement/Declaration"], Kind.STATEMENT),
        ("https://www.whitehouse.gov/remarks/2026/10/x/", "A day", ["News"], Kind.REMARKS),
        ("https://www.whitehouse.gov/briefings-statements/2026/10/x/", "A day", [], Kind.STATEMENT),
        ("https://www.whitehouse.gov/fact-sheets/2026/10/x/", "A day", [], Kind.FACTSHEET),
        ("https://www.state.gov/releases/2026/07/x", "Five Years After", [], Kind.PRESS_RELEASE),
        (COUNCIL + "sanctions/", "Council adopts sanctions", [], Kind.PRESS_RELEASE),
        (COUNCIL + "remarks-costa/", "Remarks by President António Costa after the summit", [], Kind.REMARKS),
        (COUNCIL + "iran/", "Iran: statement by the High Representative on behalf of the EU", [], Kind.STATEMENT),
        ("https://www.consilium.europa.eu/en/meetings/eurogroup/2026/09/18/", "Eurogroup", [], Kind.EVENT),
        ("https://www.europarl.europa.eu/news/en/press-room/20260716IPR46531/x", "MEPs vote", [], Kind.PRESS_RELEASE),
        ("https://www.europarl.europa.eu/news/en/headlines/x", "MEPs vote", ["Top story"], Kind.NEWS),
        ("https://www.gov.uk/government/speeches/x", "The road ahead", [], Kind.SPEECH),
        ("https://www.gov.uk/government/speeches/x", "Foreign Secretary statement on Sudan", [], Kind.STATEMENT),
        ("https://www.gov.uk/government/news/x", "42 new hubs", [], Kind.NEWS),
        ("https://www.gov.uk/guidance/help", "HMRC videos", [], Kind.OTHER),
        ("https://www.eeas.europa.eu/eeas/fac-press-remarks-hr-kallas_en", "Foreign Affairs Council", [], Kind.REMARKS),
        ("https://www.eeas.europa.eu/eeas/x_en", "Kaja Kallas: “We must act”", [], Kind.REMARKS),
        ("https://press.un.org/en/2023/sgsm21982.doc.htm", "Secretary-General Saddened", [], Kind.STATEMENT),
        ("https://press.un.org/en/2023/sc15432.doc.htm", "Security Council Meets", [], Kind.PRESS_RELEASE),
        ("https://news.un.org/en/story/2022/04/1115242", "First Person", [], Kind.NEWS),
        ("https://www.bundesregierung.de/breg-de/aktuelles/rede-von-x-2276070", "Die Zukunft", [], Kind.SPEECH),
        ("https://example.org/1", "Fragen und Antworten zur Organspende", [], Kind.QUESTIONS_AND_ANSWERS),
        ("https://example.org/1", "Discours de la présidente von der Leyen", [], Kind.SPEECH),
        ("https://example.org/1", "Rede von Bundeskanzler Merz im Bundestag", [], Kind.SPEECH),
        ("https://example.org/1", "Déclaration conjointe", [], Kind.STATEMENT),
        ("https://example.org/1", "Gemeinsame Erklärung von Deutschland und Frankreich", [], Kind.STATEMENT),
        ("https://example.org/1", "Read-out of the call", [], Kind.READOUT),
        ("https://example.org/1", "Daily News 07 / 09 / 2026", [], Kind.DAILY_NEWS),
        ("https://example.org/1", "2026-10-02 - Visit to Warsaw", [], Kind.EVENT),
        ("https://example.org/1", "Questions and answers: the new rules", [], Kind.QUESTIONS_AND_ANSWERS),
        ("https://example.org/1", "A remarkable speechwriter", [], Kind.OTHER),
        ("https://example.org/1", "Financial statements audited", [], Kind.OTHER),
        ("", "", [], Kind.OTHER),
    ],
)  # fmt: skip
def test_kind(url: str, title: str, categories: list[str], kind: Kind) -> None:
    assert kind_of(url, title, categories) == kind


def test_every_rule_asks_for_something() -> None:
    assert [rule for rule in table("kinds")["rule"] if not rule.keys() & {"words", "url", "title"}] == []


@pytest.mark.parametrize(
    ("url", "guid", "reference"),
    [
        (PC + "ip_26_1900", "", "IP/26/1900"),
        (PC.replace("/en/", "/fr/") + "ip_26_1900", "", "IP/26/1900"),
        (PC + "SPEECH_26_1968?pk=1", "", "SPEECH/26/1968"),
        (PC + "agenda_08_a30", "", "AGENDA/08/a30"),
        (PC.replace("detail/en/", "api/documents?reference=IP/26/1900&language=en"), "", "IP/26/1900"),
        (PC.replace("detail/", "api/files/document/print/") + "ip_26_301/IP_26_301_EN.pdf", "", "IP/26/301"),
        ("https://europa.eu/rapid/press-release_IP-15-5555_en.htm", "", "IP/15/5555"),
        ("https://competition-policy.ec.europa.eu/about/news/x_en", PC + "ip_26_1740", "IP/26/1740"),
        ("https://www.europarl.europa.eu/news/en/press-room/20260716IPR46531/x", "", "20260716IPR46531"),
        ("https://www.europarl.europa.eu/news/nl/x", "IPR-COM_IPR-2026-07-16-46531_EN", "20260716IPR46531"),
        ("https://example.org/x", "IPR-COM_IPR-2026-07-16-46531_EN", ""),
        ("https://www.gov.uk/government/news/x", "tag:www.gov.uk,2005:/government/news/x", "gov.uk/government/news/x"),
        ("https://www.gov.uk/government/news/x.cy", "", "gov.uk/government/news/x"),
        ("https://www.gov.uk/government/news/x.zh-hk?y=1", "", "gov.uk/government/news/x"),
        ("https://press.un.org/en/2023/sgsm21982.doc.htm", "", "SGSM21982"),
        ("https://news.un.org/feed/view/en/story/2022/04/1115242", "", "news.un.org/story/2022/04/1115242"),
        ("https://news.un.org/en/story/2022/04/1115242", "", "news.un.org/story/2022/04/1115242"),
        ("https://example.org/ip_26_1900", "150481", ""),
        ("", "", ""),
    ],
)  # fmt: skip
def test_reference(url: str, guid: str, reference: str) -> None:
    assert reference_of(url, guid) == reference
