"""A template may say what we say. It cannot reach anything else, nor bring the service down."""

import time
import tracemalloc
from datetime import UTC, datetime
from pathlib import Path

import pytest

from publisher.compose.language import TEXT_LIMIT, TIME_LIMIT
from publisher.compose.templates import Templates
from publisher.errors import TemplateError
from tests.compose.test_templates import write

NAMES = {
    "title": "News",
    "lead": "One. Two. Three.",
    "body": "word " * 40_000,
    "quotes": ("“One.”", "“Two.”"),
    "published": datetime(2026, 11, 24, tzinfo=UTC),
}
MEMORY = 64 * 1024 * 1024
"""Bytes that no template takes more than, whatever it tries."""
UNSAFE = "access to attribute '{}' of '{}' object is unsafe"
CALLED = "{} cannot be called in a template"
LISTS = "a list can hold plain texts and numbers only"
LONG = f"it makes a text of more than {TEXT_LIMIT} characters"
SMALL = "{} is only for small numbers"

ESCAPES = {
    "a class": ("{{ title.__class__.__mro__ }}", UNSAFE.format("__class__", "str")),
    "a class by another way": ("{{ title['__class__'] }}", UNSAFE.format("__class__", "str")),
    "a class by a filter": ("{{ title | attr('__class__') }}", "No filter named 'attr'"),
    "a class by a format": ("{{ '{0.__class__}'.format(title) }}", CALLED.format("format")),
    "a class by a format with names": ("{{ '{x.__class__}'.format_map(title) }}", CALLED.format("format_map")),
    "a class by a format that is put together": ("{{ ('{0.__cl' ~ 'ass__}').format(title) }}", CALLED.format("format")),
    "a class by a joined attribute": ("{{ title['__cl' ~ 'ass__'] }}", UNSAFE.format("__class__", "str")),
    "a sort by a class": (
        "{{ quotes | sort(attribute='__class__') | list | join }}",
        UNSAFE.format("__class__", "str"),
    ),
    "the globals of a function": ("{{ range.__globals__ }}", UNSAFE.format("__globals__", "function")),
    "the globals of a method": ("{{ title.join.__self__ }}", UNSAFE.format("__self__", "builtin_function_or_method")),
    "the insides of a macro": ("{% macro m() %}{% endmacro %}{{ m._func }}", UNSAFE.format("_func", "Macro")),
    "the template itself": (
        "{{ self._TemplateReference__context }}",
        UNSAFE.format("_TemplateReference__context", "TemplateReference"),
    ),
    "the insides of a loop": (
        "{% for q in quotes %}{{ loop._iterator }}{% endfor %}",
        UNSAFE.format("_iterator", "LoopContext"),
    ),
    "Jinja's cycler": ("{{ cycler.__init__.__globals__ }}", None),
    "Jinja's namespace": ("{% set n = namespace() %}", None),
    "a module": ("{% import 'os' as os %}", None),
    "a method that is shown": ("{{ title.encode }}", "only text can be written, not a builtin_function_or_method"),
    "a method of a class": ("{{ title.maketrans('a', 'b') }}", CALLED.format("maketrans")),
    "a time zone's methods": ("{{ published.astimezone() }}", CALLED.format("astimezone")),
}
BOMBS = {
    "a huge range": ("{{ range(10 ** 5 * 9) | list }}", None),
    "a huge power": ("{{ 9 ** 9 ** 9 ** 9 }}", SMALL.format("**")),
    "a huge product": ("{{ 'x' * 999999999 }}", SMALL.format("*")),
    "a huge list": ("{{ quotes * 999999999 }}", SMALL.format("*")),
    "a huge width": ("{{ '%999999999d' % 3 }}", SMALL.format("%")),
    "a huge margin": ("{{ title.ljust(999999999) }}", CALLED.format("ljust")),
    "a huge number": ("{{ title.zfill(999999999) | length }}", CALLED.format("zfill")),
    "huge tabs": ("{{ title.expandtabs(999999999) }}", CALLED.format("expandtabs")),
    "huge bytes": ("{{ (3).to_bytes(999999999, 'big') | length }}", CALLED.format("to_bytes")),
    "text that doubles by ~": ("{% set x = body %}" + "{% set x = x ~ x %}" * 40, LONG),
    "text that doubles by +": ("{% set x = body %}" + "{% set x = x + x %}" * 40, LONG),
    "text that doubles by set": ("{% set x = body %}" + "{% set x %}{{ x }}{{ x }}{% endset %}" * 40, LONG),
    "text that doubles by a macro": ("{% macro m(x) %}{{ x }}{{ x }}{% endmacro %}{% set x = body %}"
                                     + "{% set x = m(x) %}" * 40, LONG),
    "text that grows by replace": ("{{ body | replace('', body) | length }}", LONG),
    "text that grows by join": ("{{ body | join(body) | length }}", LONG),
    "text that grows by a method": ("{{ body.replace('', body) }}", CALLED.format("replace")),
    "lists that double": ("{% set x = [body] %}" + "{% set x = [x, x] %}" * 40, LISTS),
    "lists that double by +": ("{% set x = quotes %}" + "{% set x = x + x %}" * 40, SMALL.format("+")),
    "lists that double by a table": ("{% set x = {'a': body} %}" + "{% set x = {'a': x, 'b': x} %}" * 40, LISTS),
}  # fmt: skip
ENDLESS = {
    "an endless loop": ("{% for i in [1] recursive %}{{ loop([1]) }}{% endfor %}", None),
    "many loops": ("{% for i in range(99999) %}{% for j in range(99999) %}{% endfor %}{% endfor %}",
                   "it does not end: more than 10000 steps"),
    "slow steps": ("{% for i in range(9999) %}{% set x = body | sort | unique | list | reverse | list %}{% endfor %}",
                   f"it takes longer than {TIME_LIMIT:.0f} seconds"),
    "an include of itself": ("{% include 'any/any.txt.j2' %}", "it calls or includes itself without end"),
    "a block of itself": ("{% block a %}{{ self.a() }}{% endblock %}", "it calls or includes itself without end"),
    "deep brackets": ("{{ " + "(" * 5000 + ")" * 5000 + " }}", "too much stands inside each other"),
}  # fmt: skip


def refusal(folder: Path, text: str) -> TemplateError:
    write(folder, "any/any.txt.j2", f"a first line\n{text}")
    templates = Templates(folder)
    with pytest.raises(TemplateError) as raised:
        templates.render(templates.find("any", "any"), NAMES)
    return raised.value


@pytest.mark.parametrize(("text", "why"), ESCAPES.values(), ids=ESCAPES)
def test_template_reaches_nothing_but_its_names(tmp_path: Path, text: str, why: str | None) -> None:
    error = refusal(tmp_path, text)
    assert why is None or (error.params["line"], error.params["why"]) == (2, why)
    assert error.sentence.startswith("The post template ")


@pytest.mark.parametrize(("text", "why"), BOMBS.values(), ids=BOMBS)
def test_template_takes_little_memory(tmp_path: Path, text: str, why: str | None) -> None:
    tracemalloc.start()
    try:
        error = refusal(tmp_path, text)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert why is None or (error.params["line"], error.params["why"]) == (2, why)
    assert peak < MEMORY


@pytest.mark.parametrize(("text", "why"), ENDLESS.values(), ids=ENDLESS)
def test_template_ends(tmp_path: Path, text: str, why: str | None) -> None:
    began = time.thread_time()
    error = refusal(tmp_path, text)
    assert why is None or (error.params["file"], error.params["why"]) == ("any/any.txt.j2", why)
    assert time.thread_time() - began < 5 * TIME_LIMIT


@pytest.mark.parametrize(
    "name", ["/etc/passwd", "../secret.txt.j2", "any/../../secret.txt.j2", "any/link.txt.j2", "linked/secret.txt.j2"]
)
def test_template_reads_no_file_outside_its_folder(tmp_path: Path, name: str) -> None:
    (tmp_path / "secret.txt.j2").write_text("the key")
    folder = tmp_path / "templates"
    (folder / "any").mkdir(parents=True)
    (folder / "any" / "link.txt.j2").symlink_to(tmp_path / "secret.txt.j2")
    (folder / "linked").symlink_to(tmp_path)
    for tag in (f"{{% include '{name}' %}}", f"{{% extends '{name}' %}}", f"{{% import '{name}' as x %}}"):
        error = refusal(folder, tag)
        assert (error.key, error.params["file"]) == ("template.missing", name)
    with pytest.raises(TemplateError):
        Templates(folder).find("any", "any", name)


def test_folder_may_be_a_link_and_so_may_its_files_within(tmp_path: Path) -> None:
    """As a cluster hands out files that it can exchange all at once."""
    write(tmp_path / "of-today", "any/any.txt.j2", "well")
    (tmp_path / "current").symlink_to("of-today")
    assert Templates(tmp_path / "current").render("any/any.txt.j2", NAMES).pieces[0].text == "well"


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("{{ published.strftime('%d/%m/%Y') }}", "24/11/2026"),
        ("{{ published.date() }}", "2026-11-24"),
        ("{{ title.upper() ~ ': ' ~ 3 }}", "NEWS: 3"),
        ("{{ title + '!' }} {{ 2 + 3 }}", "News! 5"),
        ("{% if title in ['News', 'Speech'] %}yes{% endif %}", "yes"),
        ("{{ {'News': '#news'}[title] }}", "#news"),
        ("{% for a, b in [('x', 1), ('y', 2)] %}{{ a }}{{ b }}{{ loop.cycle(',', '') }}{% endfor %}", "x1,y2"),
        ("{{ quotes | join(' ') }}", "“One.” “Two.”"),
        ("{{ lead | replace('One', '1') }}", "1. Two. Three."),
        ("{% if title.startswith('N') %}{{ lead.split('. ') | first }}{% endif %}", "One"),
    ],
)
def test_what_a_template_needs_still_works(tmp_path: Path, text: str, written: str) -> None:
    write(tmp_path, "any/any.txt.j2", text)
    assert "".join(piece.text for piece in Templates(tmp_path).render("any/any.txt.j2", NAMES).pieces) == written
