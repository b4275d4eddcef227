import pytest

from publisher.watch.languages import language_of_url, language_tag


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        ("EN", "en"), ("en-us", "en-US"), ("en_GB", "en-GB"), ("pt-br", "pt-BR"), ("zh-hans-cn", "zh-Hans-CN"),
        ("es-419", "es-419"),
        ("de-CH-1996", "de-CH"), ("", ""), ("und", ""), ("English", ""), ("e", ""), ("en us", ""),
    ],
)  # fmt: skip
def test_language_tags(text: str, tag: str) -> None:
    assert language_tag(text) == tag


@pytest.mark.parametrize(
    ("url", "language"),
    [
        ("https://ec.europa.eu/commission/presscorner/detail/en/ip_26_1900", "en"),
        ("https://www.eeas.europa.eu/eeas/x_fr", "fr"),
        ("https://www.bundesregierung.de/breg-de/aktuelles/x-1", "de"),
        ("https://example.org/de-at/x", "de"),
        ("https://example.org/x.fr.html", "fr"),
        ("https://de.example.org/news/x", ""),
        ("https://example.org/us/in/go/x", ""),
        ("https://example.org/news?lang=/fr/", ""),
    ],
)
def test_languages_in_addresses(url: str, language: str) -> None:
    assert language_of_url(url) == language
