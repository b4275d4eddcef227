from hypothesis import given
from hypothesis import strategies as st

from publisher.watch.decode import decode


def test_utf8_is_believed_before_every_label() -> None:
    assert decode("Füße".encode(), "text/xml; charset=iso-8859-1") == "Füße"


def test_the_document_s_own_label_comes_before_the_server_s() -> None:
    body = '<?xml version="1.0" encoding="iso-8859-7"?><a>Αθήνα</a>'.encode("iso-8859-7")
    assert decode(body, "text/xml; charset=iso-8859-2").endswith("<a>Αθήνα</a>")


def test_a_page_s_own_label() -> None:
    assert decode('<meta charset="windows-1251">Киев'.encode("cp1251")).endswith("Киев")


def test_the_server_s_label_where_there_is_no_other() -> None:
    assert decode("Łódź".encode("iso-8859-2"), 'text/plain; charset="ISO-8859-2"') == "Łódź"


def test_latin_1_means_windows_1252() -> None:
    assert decode("“Straße”".encode("cp1252"), "text/html; charset=iso-8859-1") == "“Straße”"


def test_seven_bit_encodings_are_read_by_their_label() -> None:
    assert decode("東京".encode("iso-2022-jp"), "text/html; charset=iso-2022-jp") == "東京"


def test_labels_that_are_no_charsets_are_passed_over() -> None:
    for label in ("rot13", "base64", "utf-7", "nonsense", "zlib"):
        assert decode("+AEE-é".encode("cp1252"), f"text/html; charset={label}") == "+AEE-é"


def test_utf16_with_and_without_mark() -> None:
    text = '<?xml version="1.0"?><a>é</a>'
    assert {decode(text.encode(name)) for name in ("utf-16", "utf-16-le", "utf-16-be", "utf-32")} == {text}


@given(st.binary(max_size=200), st.text(max_size=40))
def test_bytes_always_have_a_text(body: bytes, content_type: str) -> None:
    assert isinstance(decode(body, content_type), str)


@given(st.text(max_size=100).filter(lambda text: not text.startswith("\ufeff") and "\0" not in text))
def test_utf8_survives_whatever_the_server_says(text: str) -> None:
    assert decode(text.encode("utf-8", "surrogatepass").decode("utf-8", "replace").encode(), "charset=koi8-r") == (
        text.encode("utf-8", "surrogatepass").decode("utf-8", "replace")
    )
