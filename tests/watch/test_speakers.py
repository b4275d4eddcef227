"""A wrong name is worse than none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher.watch.speakers import speaker_of_byline, speakers_of

SPEAKERS = """
Speech by President von der Leyen at the High-Level meeting on Climate Action       | President von der Leyen
Opening remarks by Commissioner Hansen at the “EU AgRI 2040” Conference             | Commissioner Hansen
Remarks by High Representative/Vice-President Kaja Kallas at the press conference   | Kaja Kallas
Remarks by HR/VP Kallas and Commissioner Kubilius                                   | HR/VP Kallas, Commissioner Kubilius
Joint Statement by HR Kallas and Commissioners Šuica and Lahbib                     | HR Kallas, Commissioner Šuica, Commissioner Lahbib
Foreign Affairs Council: press remarks by High Representative Kaja Kallas upon arrival | Kaja Kallas
Kaja Kallas: “The only way to get Russia to negotiate is more pressure on Russia”   | Kaja Kallas
High Representative Kallas: "We must act"                                           | High Representative Kallas
Statement by Spokesperson Anouar El Anouni on elections                             | Anouar El Anouni
Joint statement by President von der Leyen and Prime Minister Mark Carney           | President von der Leyen, Mark Carney
Statement by Presidents Costa and von der Leyen on trade                            | President Costa, President von der Leyen
Statement by Executive Vice-President Ribera, Commissioner Hoekstra and Commissioner Roswall on the deal | Executive Vice-President Ribera, Commissioner Hoekstra, Commissioner Roswall
Statement by Marco Rubio, Secretary of State, on the anniversary                    | Marco Rubio
Speech by Ursula von der Leyen, New York                                            | Ursula von der Leyen
Speech by President António Costa: A stronger Europe                                | António Costa
Speech by J. D. Vance at Munich                                                     | J. D. Vance
Remarks by President Trump at Joint Address to Congress                             | President Trump
Rede von Bundeskanzler Friedrich Merz im Deutschen Bundestag                        | Friedrich Merz
Rede des Bundeskanzlers Merz zum Haushalt                                           | Bundeskanzler Merz
Pressestatement von Bundeskanzlerin Merkel und Präsident Macron                     | Bundeskanzlerin Merkel, Präsident Macron
Rede von Bundesaußenministerin Anna Beispiel beim Ostseerat                         | Anna Beispiel
Discours de la présidente von der Leyen au Parlement européen                       | Présidente von der Leyen
Remarques de la haute représentante Kaja Kallas à son arrivée                       | Kaja Kallas
"""  # noqa: E501 (a table)

NOBODY = """
Middle East: “We must act”
European Commission: “We must act”
First Person: ‘I fear I will never see my husband again’
Ukraine: “We stand with you”
Kaja Kallas: “We must act” and other news
Kaja Kallas on Iran: “We must act”
Statement by the High Representative on behalf of the European Union on Iran
Statement by the Spokesperson on the situation
Statement by the G7 Foreign Ministers
Joint statement by President von der Leyen and the Prime Minister of Canada
Joint statement by the European Commission and the High Representative
Statement by Mark Carney, Prime Minister of Canada, and Ursula von der Leyen, President of the European Commission
Statement by Ambassador Skoog and 26 others
Speech by Vice President Kamala Harris and Others in New York
Statement by Commissioner Dan Jørgensen and Energy Ministers
Statement by Downing Street
Statement by Members of the Security Council
Déclaration du président de la République
Read-out of the phone call between President von der Leyen and Prime Minister Starmer
Kyriakos Pierrakakis, President of the Eurogroup, to visit Germany
Commission disburses €3.3 billion in defence funding to Ukraine
"""


@pytest.mark.parametrize("line", SPEAKERS.strip().splitlines())
def test_who_speaks(line: str) -> None:
    title, _, people = line.partition(" | ")
    assert speakers_of(title.strip()) == tuple(people.strip().split(", "))


@pytest.mark.parametrize("title", NOBODY.strip().splitlines())
def test_nobody_is_credited_in_doubt(title: str) -> None:
    assert speakers_of(title) == ()


@pytest.mark.parametrize(
    ("byline", "text", "speaker"),
    [
        ("Marco Rubio, Secretary of State", "", "Marco Rubio"),
        ("Jane Roe", "Remarks as delivered by Jane Roe", "Jane Roe"),
        ("Jane Roe", "Remarks as delivered", ""),
        ("HM Government", "HM Government", ""),
        ("The White House", "The White House", ""),
        ("press@example.org", "", ""),
        ("Jane Roe and Richard Roe", "Jane Roe and Richard Roe", ""),
        ("", "", ""),
    ],
)
def test_an_author_is_a_speaker_only_with_an_office_or_in_the_text(byline: str, text: str, speaker: str) -> None:
    assert speaker_of_byline(byline, text) == speaker


WORDS = st.sampled_from(
    [
        "Speech",
        "by",
        "of",
        "von",
        "the",
        "President",
        "Presidents",
        "Commissioner",
        "Kallas",
        "Kaja",
        "and",
        *",:“”–",
        "at",
        "de",
        "EU",
        "la",
    ]
)


@given(st.lists(WORDS, max_size=12).map(" ".join) | st.text(max_size=60))
def test_whoever_is_credited_stands_in_the_title(title: str) -> None:
    for person in speakers_of(title):
        assert person.split()[-1] in title
        assert not {"EU", "and", "at", ",", ":"} & set(person.split())
