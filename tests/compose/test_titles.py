import pytest

from publisher.compose.titles import clean_title, join_names, read_title


@pytest.mark.parametrize(
    ("title", "clean"),
    [
        ("Press release - EU-China relations: committee to visit Beijing",
         "EU-China relations: committee to visit Beijing"),
        ("Top story - State of the European Union Debate 2021", "State of the European Union Debate 2021"),
        ("Pressemitteilung: Neue Regeln", "Neue Regeln"),
        ("Parliament adopts rules | News | European Parliament", "Parliament adopts rules"),
        ("  Two \n lines ", "Two lines"),
        ("News agency law adopted", "News agency law adopted"),
        ("Press release", "Press release"),
        ("EU - China summit", "EU - China summit"),
    ],
)  # fmt: skip
def test_clean_title(title: str, clean: str) -> None:
    assert clean_title(title) == clean


@pytest.mark.parametrize(
    ("title", "language", "speaker", "byline"),
    [
        ("Speech by President von der Leyen at the High-Level meeting on Climate Action", "en",
         "President von der Leyen", "President von der Leyen at the High-Level meeting on Climate Action"),
        ("Opening remarks by Commissioner Hansen at the “EU AgRI 2040” Conference", "en",
         "Commissioner Hansen", "Commissioner Hansen at the “EU AgRI 2040” Conference"),
        ("Foreign Affairs Council: press remarks by High Representative Kaja Kallas upon arrival", "en",
         "High Representative Kaja Kallas", "Foreign Affairs Council – High Representative Kaja Kallas upon arrival"),
        ("Statement by the Spokesperson on the situation in Georgia", "en",
         "Spokesperson", "Spokesperson on the situation in Georgia"),
        ("Keynote speech by Executive Vice-President Virkkunen", "en",
         "Executive Vice-President Virkkunen", "Executive Vice-President Virkkunen"),
        ("Rede von Bundeskanzler Merz bei der Konferenz", "de",
         "Bundeskanzler Merz", "Bundeskanzler Merz bei der Konferenz"),
        ("Discours de la présidente von der Leyen à Strasbourg", "fr",
         "Présidente von der Leyen", "Présidente von der Leyen à Strasbourg"),
        ("Commission disburses €3.3 billion in defence funding to Ukraine", "en", "", ""),
        ("State of the Union 2026", "en", "", ""),
        ("Statement to Commons on HMP Birmingham", "en", "", ""),
        ("Message by e-mail to users", "en", "", ""),
    ],
)  # fmt: skip
def test_read_title_believes_only_clear_patterns(title: str, language: str, speaker: str, byline: str) -> None:
    read = read_title(title, language)
    assert (read.speaker, read.byline, read.text) == (speaker, byline, title)


@pytest.mark.parametrize(
    ("title", "several"),
    [
        ("Remarks by HR/VP Kallas and Commissioner Kubilius", True),
        ("Press remarks by Kaja Kallas and Andrius Kubilius after the meeting", True),
        ("Statement by Commissioners Šuica and Lahbib on Gaza", True),
        ("Joint Statement by High Representative Kallas and Commissioners Šuica and Lahbib on Gaza", False),
        ("Statement by the High Representative for Foreign Affairs and Security Policy on Iran", False),
        ("Speech by President Costa at the summit", False),
    ],
)
def test_several_people_who_did_not_sign_one_text(title: str, several: bool) -> None:
    assert read_title(title, "en").several is several


@pytest.mark.parametrize(
    ("names", "language", "joined"),
    [((), "en", ""), (("A",), "en", "A"), (("A", "B"), "de", "A und B"), (("A", "B", "C"), "en", "A, B and C")],
)
def test_join_names(names: tuple[str, ...], language: str, joined: str) -> None:
    assert join_names(names, language) == joined
