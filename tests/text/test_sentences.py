import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from publisher.text.sentences import sentence_spans, split_sentences


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("We act. We win.", ["We act.", "We win."]),
        ("It cost €3.5 billion. €5 more came.", ["It cost €3.5 billion.", "€5 more came."]),
        ("Mr. Smith met Dr. Jones, e.g. in the U.S. Congress. He left.",
         ["Mr. Smith met Dr. Jones, e.g. in the U.S. Congress.", "He left."]),
        ("See Art. 5 and No. 7. The answer is no. We go on.",
         ["See Art. 5 and No. 7.", "The answer is no.", "We go on."]),
        ("Donald J. Trump spoke. I listened.", ["Donald J. Trump spoke.", "I listened."]),
        ("So did I. We agreed.", ["So did I.", "We agreed."]),
        ("Wir feiern am 9. Mai Europa. Es war 1950.", ["Wir feiern am 9. Mai Europa.", "Es war 1950."]),
        ("That was 2025. We go on.", ["That was 2025.", "We go on."]),
        ("Das sind z.B. Herr Dr. Müller bzw. Frau Prof. Kern. Gut.",
         ["Das sind z.B. Herr Dr. Müller bzw. Frau Prof. Kern.", "Gut."]),
        ("M. Michel et Mme. Simson sont venus. Ils parlent.", ["M. Michel et Mme. Simson sont venus.", "Ils parlent."]),
        ("¿Qué hacemos? ¡Vamos! Sí.", ["¿Qué hacemos?", "¡Vamos!", "Sí."]),
        ("“We act. We win,” she said. Then she left.", ["“We act. We win,” she said.", "Then she left."]),
        ("She said: “We act.” He agreed.", ["She said: “We act.”", "He agreed."]),
        ("Q. Will you go? Yes.", ["Q. Will you go?", "Yes."]),
        ("1. First point. 2. Second.", ["1. First point.", "2. Second."]),
        ("A line\nAnother line", ["A line", "Another line"]),
        ("Wait... what? No.", ["Wait... what?", "No."]),
        ("", []),
        ("  \n ", []),
    ],
)  # fmt: skip
def test_split_sentences(text: str, sentences: list[str]) -> None:
    assert split_sentences(text) == sentences


@settings(deadline=None)
@given(st.text(alphabet=st.sampled_from("ab AB.?!“”\n1€…"), max_size=80))
def test_no_character_but_blanks_is_lost(text: str) -> None:
    position = 0
    for start, end in sentence_spans(text):
        assert text[position:start].strip() == ""
        assert text[start:end].strip() == text[start:end] != ""
        position = end
    assert text[position:].strip() == ""
