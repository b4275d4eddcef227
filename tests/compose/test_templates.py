"""The template language: what it can do, and how it says what is wrong."""

from pathlib import Path

import pytest

from publisher.compose.kept import templates_in
from publisher.compose.templates import Templates, default_folder
from publisher.errors import TemplateError
from publisher.text.fit import Piece

NAMES = {"title": "News", "lead": "One. Two. Three.", "link": "https://europa.eu"}


def write(folder: Path, name: str, text: str) -> None:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def render(folder: Path, text: str) -> tuple[Piece, ...]:
    write(folder, "any/any.txt.j2", text)
    return Templates(folder).render("any/any.txt.j2", NAMES).pieces


def test_text_and_names(tmp_path: Path) -> None:
    assert render(tmp_path, "{{ title }}: {{ lead | sentences(2) }}") == (Piece("News: One. Two."),)


def test_optional_otherwise_and_shorten_become_pieces(tmp_path: Path) -> None:
    text = "{{ title | shorten }}{% optional 2 %} long{% otherwise %} short{% endoptional %} end"
    assert render(tmp_path, text) == (
        Piece("News", shorten=True),
        Piece(" long", drop=2),
        Piece(" short", drop=2, instead=True),
        Piece(" end"),
    )


def test_a_line_of_tags_only_leaves_no_line_behind(tmp_path: Path) -> None:
    text = "{# a comment #}\n{% if title %}\n{{ title }}\n  {% endif %}  \n\nend\n"
    assert render(tmp_path, text) == (Piece("News\n\nend"),)


def test_windows_line_ends_are_line_ends(tmp_path: Path) -> None:
    assert render(tmp_path, "{% if title %}\r\n{{ title }}\r\n{% endif %}\r\nend") == (Piece("News\nend"),)


def test_thread_is_read(tmp_path: Path) -> None:
    write(tmp_path, "any/any.txt.j2", '{% set thread = "numbered" %}\n{{ lead }}')
    assert Templates(tmp_path).render("any/any.txt.j2", NAMES).thread == "numbered"


@pytest.mark.parametrize(
    ("text", "line", "why"),
    [
        ("a\nb\n{{ titel }}", 3, 'there is no "titel"; there are lead, link, title'),
        ("a\n{% if false %}\n{{ titel }}{% endif %}", 3, 'there is no "titel"; there are lead, link, title'),
        ("a\n{{ title.colour }}", 2, "'str object' has no attribute 'colour'"),
        ("a\n{% if title %}", 2, None),
        ("a\n{{ title", 2, None),
        ("a\n{{ title | shout }}", 2, "No filter named 'shout'"),
        ("a\n{% optional %}b{% endoptional %}", 2, None),
        ("a\n{% optional 0 %}b{% endoptional %}", 2, "optional needs a number: 1 is dropped first, then 2 …"),
        ("{% optional 1 %}{% optional 2 %}{% endoptional %}{% endoptional %}", 1,
         "an optional part stands inside another"),
        ("a\n{% for i in range(10000000) %}{% endfor %}", 2, None),
        ("{% for i in range(50000) %}\n{% endfor %}", 1, "it does not end: more than 10000 steps"),
        ("{% for i in range(900) %}{% for j in range(900) %}{% endfor %}{% endfor %}", 1,
         "it does not end: more than 10000 steps"),
        ("{% for i in range(900) %}{{ lead * 9 }}{% endfor %}", 1, "* is only for small numbers"),
        ("{% for i in range(9000) %}{{ lead }}{% endfor %}", 1, "it writes more than 20000 characters"),
        ("{% macro m() %}{{ m() }}{% endmacro %}\n{{ m() }}", 1, "it calls or includes itself without end"),
        ("{{ 9 ** 9 ** 9 }}", 1, "** is only for small numbers"),
        ('{% set thread = "yes" %}', 1, 'thread must be "plain" or "numbered", not "yes"'),
        ('a\n{% include "any/none.txt.j2" %}', None, None),
    ],
)  # fmt: skip
def test_a_mistake_names_file_line_and_cause(tmp_path: Path, text: str, line: int | None, why: str | None) -> None:
    with pytest.raises(TemplateError) as raised:
        render(tmp_path, text)
    if line is None:
        assert (raised.value.key, raised.value.params["file"]) == ("template.missing", "any/none.txt.j2")
    else:
        assert (raised.value.params["file"], raised.value.params["line"]) == ("any/any.txt.j2", line)
        assert why is None or raised.value.params["why"] == why
    assert raised.value.sentence.startswith("The post template any/")


def test_a_mistake_in_an_included_file_names_that_file(tmp_path: Path) -> None:
    write(tmp_path, "any/part.txt.j2", "a\n\n{{ title.colour }}")
    with pytest.raises(TemplateError) as raised:
        render(tmp_path, 'x\n{% include "any/part.txt.j2" %}')
    assert (raised.value.params["file"], raised.value.params["line"]) == ("any/part.txt.j2", 3)


@pytest.mark.parametrize(
    ("files", "found"),
    [
        (["x/speech", "x/any", "any/speech", "any/any"], "x/speech"),
        (["x/any", "any/speech", "any/any"], "x/any"),
        (["any/speech", "any/any"], "any/speech"),
        (["any/any", "bluesky/speech"], "any/any"),
    ],
)
def test_find_takes_the_nearest_file(tmp_path: Path, files: list[str], found: str) -> None:
    for name in files:
        write(tmp_path, f"{name}.txt.j2", "x")
    assert Templates(tmp_path).find("x", "speech") == f"{found}.txt.j2"


def test_find_by_name_or_path(tmp_path: Path) -> None:
    write(tmp_path, "any/campaign.txt.j2", "x")
    assert Templates(tmp_path).find("x", "speech", "campaign") == "any/campaign.txt.j2"
    assert Templates(tmp_path).find("x", "speech", "any/campaign.txt.j2") == "any/campaign.txt.j2"


def test_what_the_own_folder_lacks_is_taken_from_those_shipped(tmp_path: Path) -> None:
    write(tmp_path, "any/speech.txt.j2", "x")
    own = Templates(tmp_path)
    shipped = own.find("bluesky", "event")
    assert (own.find("bluesky", "speech"), shipped) == ("any/speech.txt.j2", "bluesky/event.txt.j2")
    assert own.render("any/speech.txt.j2", NAMES).pieces == (Piece("x"),)


def test_broken_names_each_file_that_cannot_be_read(tmp_path: Path) -> None:
    write(tmp_path, "x/speech.txt.j2", "{% if %}")
    assert [error.params["file"] for error in Templates(tmp_path).broken()] == ["x/speech.txt.j2"]


@pytest.mark.parametrize("template", ["none", "../../secret.txt.j2", "/etc/passwd.j2"])
def test_find_says_what_is_missing(tmp_path: Path, template: str) -> None:
    with pytest.raises(TemplateError) as raised:
        Templates(tmp_path).find("x", "speech", template)
    assert raised.value.key == "template.missing"


def test_a_file_that_is_no_text_is_a_template_error(tmp_path: Path) -> None:
    (tmp_path / "any").mkdir()
    (tmp_path / "any/any.txt.j2").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(TemplateError) as raised:
        Templates(tmp_path).find("x", "speech")
    assert raised.value.params["why"] == "the file cannot be read as UTF-8 text"


def test_a_changed_file_is_used_at_once(tmp_path: Path) -> None:
    render(tmp_path, "old")
    assert render(tmp_path, "new") == (Piece("new"),)


def test_the_shipped_templates_are_where_the_package_looks() -> None:
    assert (default_folder() / "any/any.txt.j2").is_file()


def test_kept_templates_notice_each_change_of_a_file(tmp_path: Path) -> None:
    (tmp_path / "any").mkdir()
    first, second = tmp_path / "any" / "a.txt.j2", tmp_path / "any" / "b.txt.j2"
    first.write_text("One {% include 'any/b.txt.j2' %}")
    second.write_text("two.")

    def written() -> str:
        return "".join(piece.text for piece in templates_in(tmp_path).render("any/a.txt.j2", {}).pieces)

    assert (written(), templates_in(tmp_path) is templates_in(tmp_path)) == ("One two.", True)
    second.write_text("three.")
    assert written() == "One three."
    first.write_text("{{ nothing }}")
    with pytest.raises(TemplateError):
        written()


def test_template_of_the_language_comes_before_the_one_for_all(tmp_path: Path) -> None:
    for name in ("any/speech", "any/speech.pt", "any/any.pt-br", "any/campaign.de"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / f"{name}.txt.j2").write_text("{{ title }}", encoding="utf-8")
    own = Templates(tmp_path)
    found = [own.find("x", "speech", language=tag) for tag in ("pt-BR", "pt", "de", "")]
    assert found == ["any/speech.pt.txt.j2", "any/speech.pt.txt.j2", "any/speech.txt.j2", "any/speech.txt.j2"]
    assert own.find("x", "news", language="pt-BR") == "any/any.pt-br.txt.j2"
    assert own.find("x", "speech", "campaign", "de-AT") == "any/campaign.de.txt.j2"
