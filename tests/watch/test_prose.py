import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher.types import Image
from publisher.watch.prose import clean, read_html, title_of


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("", ""),
        ("Plain words &amp; more", "Plain words & more"),
        ("One\r\n\r\nTwo\nthree", "One\n\nTwo\nthree"),
        ("<p>One</p>\n\n<p>Two <b>bold</b>,\n  and <i>it</i>.</p>", "One\n\nTwo bold, and it."),
        ("<div><div>One</div></div><div>Two</div>", "One\n\nTwo"),
        ("a<br>b<br/><br/>c", "a\nb\n\nc"),
        ("<p>List:</p><ul><li>one</li><li><p>two</p></li><li></li></ul>after", "List:\n\n• one\n• two\n\nafter"),
        ("<ul><li>one<ul><li>in</li></ul></li><li>two</li></ul>", "• one\n• in\n• two"),
        ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td><td>d</td></tr></table>", "a b\nc d"),
        ("<p>x</p><script>alert(1)</script><style>p{}</style><nav>Home</nav><p hidden>no</p><p>y</p>", "x\n\ny"),
        ("<p>A&nbsp;b\u00ad\u200bc</p>", "A bc"),
        ("<h2>Head</h2>Text", "Head\n\nText"),
        ("<p>5 < 6 & 7 > 2</p>", "5 < 6 & 7 > 2"),
        ("<!-- note > note --><?pi x><p>x</p>", "x"),
        ("<p title='a > b' data-x='\"<br>\"'>x</p>", "x"),
        ("<p>&amp;lt;b&amp;gt; and &lt;p&gt;</p>", "&lt;b&gt; and <p>"),
        ("<ul><li>&nbsp;<p>one</p></li></ul>", "• one"),
    ],
)
def test_html_becomes_paragraphs(html: str, text: str) -> None:
    assert read_html(html).text == text


def test_however_deep_it_nests() -> None:
    assert read_html("<div>" * 2_000 + "deep").text == "deep"
    assert read_html("<div>" * 200_000 + "deep").text == "deep"


@pytest.mark.parametrize(
    ("raw", "title"),
    [
        ("Two\n lines", "Two lines"),
        ("<b>Bold</b> &amp; <i>it</i>", "Bold & it"),
        ("Use <a> as <area>", "Use <a> as <area>"),
        ('A <a href="x">link</a>', "A link"),
        ("Q&amp;A &#8211; x", "Q&A – x"),
        ("AT&T; R&D", "AT&T; R&D"),
        ("one<br/>two", "one two"),
        ("CO<sub>2</sub>", "CO2"),
        ("5 &lt; 6", "5 < 6"),
    ],
)
def test_titles(raw: str, title: str) -> None:
    assert title_of(raw) == title


def test_pictures_are_absolute_described_and_real() -> None:
    html = (
        '<img src="https://s.w.org/images/core/emoji/x.png"><img src="p.gif" width="1">'
        '<img src="data:image/png;base64,x">'
        '<img src="/i.jpg" alt="Two &amp; three"><img data-src="j.jpg">'
    )
    assert read_html(html, "https://example.org/a/b").images == (
        Image(url="https://example.org/i.jpg", alt="Two & three"),
        Image(url="https://example.org/a/j.jpg"),
    )


def test_the_v_of_a_video_stays() -> None:
    html = '<p>Link to the video: <a href="https://audiovisual.ec.europa.eu/en/video/I-270847v">video</a></p>'
    assert read_html(html).video == "https://audiovisual.ec.europa.eu/en/video/I-270847v"


EC = "https://ec.europa.eu/commission/presscorner/detail/en/ip_26_1801"
EP = "https://www.europarl.europa.eu/news/en/x"


@pytest.mark.parametrize(
    ("field", "text", "url", "expected"),
    [
        ("lead", "European Commission Press release Brussels, 07 Sep 2026 Today, the", EC, "Today, the"),
        ("lead", "European Commission Questions and answers New York, 7 September 2026 What?", EC, "What?"),
        ("lead", "Europäische Kommission Pressemitteilung Brüssel, 7. September 2026 Heute", EC, "Heute"),
        ("lead", "European Commission proposes a law.", EC, "European Commission proposes a law."),
        ("lead", "Text.\n\nThe post Title appeared first on Site.", "https://example.org/", "Text."),
        ("lead", "Der Text geht weiter […]", "https://example.org/", "Der Text geht weiter…"),
        ("lead", "Text.\n\nSource : © European Union, 2021 - EP", EP, "Text."),
        ("lead", "Source : © European Union", "https://example.org/", "Source : © European Union"),
        ("title", "Press release - EU-China relations", EP, "EU-China relations"),
        ("title", "Press release - EU-China relations", "https://example.org/", "Press release - EU-China relations"),
        ("title", "Remarks | EEAS", "https://www.eeas.europa.eu/x_en", "Remarks"),
        ("title", "News story - GOV.UK", "https://www.gov.uk/x", "News story"),
    ],
)  # fmt: skip
def test_boilerplate_goes_where_it_belongs(field: str, text: str, url: str, expected: str) -> None:
    assert clean(field, text, url) == expected


@given(st.text(max_size=200))
def test_any_text_has_tidy_prose(source: str) -> None:
    text = read_html(source).text
    assert text == text.strip()
    assert "\n\n\n" not in text
    assert "  " not in text


@given(
    st.lists(
        st.sampled_from(
            [
                "<p>",
                "</p>",
                "<li>",
                "</li>",
                "<ul>",
                "<br>",
                "<td>",
                "x",
                " ",
                "<b>",
                "<!--",
                "-->",
                "<script>",
                "&amp;",
            ]
        ),
        max_size=30,
    )
)
def test_any_tag_soup_has_tidy_prose(pieces: list[str]) -> None:
    text = read_html("".join(pieces)).text
    assert "\n\n\n" not in text
    assert text == text.strip()


def test_the_caption_of_a_picture_is_its_credit_where_it_names_somebody() -> None:
    figure = '<figure><a><img src="https://i/{0}.jpg" alt="A"></a><figcaption>{0}</figcaption></figure>'
    found = read_html("".join(figure.format(caption) for caption in ("© European Union, 2026", "A river")))
    assert [image.credit for image in found.images] == ["© European Union, 2026", ""]


def test_what_stands_before_and_behind_a_menu_are_two_things() -> None:
    assert read_html("One.<nav>Home</nav>Two.").text == "One. Two."


def test_headings_and_bold_paragraphs_are_known() -> None:
    found = read_html("<h2>What?</h2><p><b>Who <i>pays</i></b><strong>?</strong></p><p>We <b>do</b>.</p><p></p>")
    assert found.strong == {"What?", "Who pays?"}
