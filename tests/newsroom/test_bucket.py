"""Files for networks that fetch, in S3-compatible storage: a real server on loopback that checks each signature."""

import re
import ssl
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest
import time_machine
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from pydantic import SecretStr

from publisher import config
from publisher.errors import Refused, Retry
from publisher.networks.media import Encoded
from publisher.newsroom.drafts import bucket, media, public
from tests.peers.s3 import BUCKET, GUEST, KEY, REGION, SECRET, s3  # noqa: F401  # the server
from tests.ports import closed_address

FILE = Encoded(b"\xff\xd8\xff bytes of a picture", "image/jpeg", 40, 20)
NAME = f"{media.name_of(FILE.data)}.jpg"
HOUR = timedelta(hours=1)


@pytest.fixture
def use(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Set the storage of the desk."""

    def settings(
        endpoint: str, *, name: str = BUCKET, key: str = KEY, secret: str = SECRET, region: str = REGION
    ) -> None:
        given = {"s3_endpoint": endpoint, "s3_bucket": name, "s3_region": region}
        given |= {"s3_access_key": key, "s3_secret_key": SecretStr(secret)}
        for field, value in given.items():
            monkeypatch.setattr(config.get(), field, value)

    return settings


def fetch(address: str, **headers: str) -> httpx.Response:
    return httpx.get(address, headers=headers, trust_env=False)


def put(name: str, data: bytes) -> None:
    bucket._client().put_object(Bucket=BUCKET, Key=name, Body=data)


def names() -> set[str]:
    return {entry["Key"] for entry in bucket._client().list_objects_v2(Bucket=BUCKET).get("Contents", [])}


def test_network_fetches_the_file_by_its_signed_address(s3: str, use: Callable[..., None]) -> None:  # noqa: F811
    use(s3)
    address = public.address(FILE)
    assert address.startswith(f"{s3}/{BUCKET}/publisher/{NAME}?")
    answer = fetch(address)
    assert (answer.status_code, answer.content, answer.headers["Content-Type"]) == (200, FILE.data, "image/jpeg")
    piece = fetch(address, Range="bytes=3-8")
    assert (piece.status_code, piece.content) == (206, FILE.data[3:9])


def test_storage_hands_out_nothing_by_an_address_that_is_not_ours_to_give(
    s3: str,  # noqa: F811
    use: Callable[..., None],
) -> None:
    use(s3)
    address = public.address(FILE)
    with time_machine.travel(datetime.now(UTC) - public.LIFETIME - timedelta(minutes=1), tick=False):
        ended = bucket._address(NAME, public.LIFETIME)
    use(s3, secret="another-secret")
    of_another_secret = bucket._address(NAME, HOUR)
    use(s3, **GUEST)
    of_a_guest = bucket._address(NAME, HOUR)
    last = "1" if address.endswith("0") else "0"
    tried = {
        "as it was": address,
        "ended": ended,
        "made to last longer": re.sub(r"Expires=\d+", "Expires=90000", address),
        "of another file": address.replace(NAME, "another.jpg"),
        "forged": address[:-1] + last,
        "by another secret": of_another_secret,
        "by a guest": of_a_guest,
        "with no signature": address.partition("?")[0],
    }
    assert {way: fetch(url).status_code for way, url in tried.items()} == {
        **dict.fromkeys(tried, 403),
        "as it was": 200,
        "with no signature": 400,  # Swift takes it for no request of S3's at all
    }


def test_file_is_put_there_again_only_where_it_would_go_before_its_address(
    s3: str,  # noqa: F811
    use: Callable[..., None],
) -> None:
    use(s3)
    put(f"publisher/{NAME}", b"what was there")
    with time_machine.travel(datetime.now(UTC) + timedelta(seconds=5)):  # storage tells the time in whole seconds
        seen = [fetch(bucket.address(FILE, NAME, lasts)).content for lasts in (HOUR, bucket.STAYS)]
    assert seen == [b"what was there", FILE.data]


@pytest.mark.parametrize(
    ("wrong", "key"),
    [
        ({"secret": "a-secret"}, "media.bucket_key"),
        ({"key": "nobody"}, "media.bucket_key"),
        (GUEST, "media.bucket_denied"),
        ({"name": "not-there"}, "media.bucket_missing"),
        ({"name": "no bucket's name"}, "media.bucket_refused"),
        ({"region": "eu-west-1"}, "media.bucket_region"),
    ],
    ids=str,
)
def test_storage_that_does_not_let_us_is_said_with_the_setting_that_is_wrong(
    wrong: dict[str, str],
    key: str,
    s3: str,  # noqa: F811
    use: Callable[..., None],
) -> None:
    use(s3, **wrong)
    with pytest.raises(Refused) as refused:
        public.address(FILE)
    assert (refused.value.key, wrong.get("secret", SECRET) in str(refused.value)) == (key, False)
    assert "%(" not in refused.value.sentence
    assert ("us-east-1" in refused.value.sentence) == (key == "media.bucket_region")


def test_storage_that_does_not_answer_is_asked_again_later(use: Callable[..., None]) -> None:
    use(closed_address())
    with pytest.raises(Retry) as put_off:
        public.address(FILE)
    assert put_off.value.key == "media.bucket_unreachable"


@pytest.fixture
def web_server(tmp_path: Path) -> Iterator[ThreadingHTTPServer]:
    """It serves an empty folder, as any server of pages does."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Silent, directory=str(tmp_path))) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}).start()
        yield server
        server.shutdown()


class Silent(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


def test_server_that_is_no_storage_is_said_to_be_none(
    web_server: ThreadingHTTPServer, use: Callable[..., None]
) -> None:
    use(f"http://127.0.0.1:{web_server.server_port}")
    with pytest.raises(Refused) as refused:
        public.address(FILE)
    assert refused.value.key == "media.bucket_no_storage"


@pytest.mark.parametrize("status", [200, 301, 403, 404])
@pytest.mark.parametrize("ask", [lambda: public.address(FILE), bucket.try_out], ids=["address", "try out"])
def test_server_with_a_page_for_everything_is_said_to_be_no_storage(
    status: int, ask: Callable[[], str], web_server: ThreadingHTTPServer, use: Callable[..., None]
) -> None:
    class Page(Silent):
        def do_HEAD(self) -> None:
            self.send_response(status)
            self.end_headers()

        def do_PUT(self) -> None:
            self.do_HEAD()
            self.wfile.write(b"<html><body>Welcome</body></html>")

    web_server.RequestHandlerClass = Page
    use(f"http://127.0.0.1:{web_server.server_port}")
    with pytest.raises(Refused) as refused:
        ask()
    assert refused.value.key == "media.bucket_no_storage"


def test_certificate_that_nobody_vouches_for_is_named(
    web_server: ThreadingHTTPServer, use: Callable[..., None], tmp_path: Path
) -> None:
    secured = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    secured.load_cert_chain(self_signed(tmp_path / "storage.pem"))
    web_server.socket = secured.wrap_socket(web_server.socket, server_side=True)
    use(f"https://127.0.0.1:{web_server.server_port}")
    with pytest.raises(Retry) as put_off:
        public.address(FILE)
    assert put_off.value.key == "media.bucket_certificate"


def self_signed(path: Path) -> Path:
    """A key and a certificate for it that only itself has signed."""
    key, name, now = ec.generate_private_key(ec.SECP256R1()), x509.Name([]), datetime.now(UTC)
    made = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), now, now + HOUR)
    kept = Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
    path.write_bytes(key.private_bytes(*kept) + made.sign(key, SHA256()).public_bytes(Encoding.PEM))
    return path


def test_what_the_machine_has_for_other_tools_of_amazon_is_not_looked_at(
    s3: str,  # noqa: F811
    use: Callable[..., None],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    (tmp_path / ".aws").mkdir()
    (tmp_path / ".aws" / "config").write_text(
        "[default]\nendpoint_url = http://127.0.0.1:1\ns3 =\n  addressing_style = virtual"
    )
    (tmp_path / ".aws" / "credentials").write_text(
        "[default]\naws_access_key_id = other\naws_secret_access_key = other"
    )
    other = {"ACCESS_KEY_ID": "other", "SECRET_ACCESS_KEY": "other", "SESSION_TOKEN": "other", "PROFILE": "not-there"}
    other |= {"ENDPOINT_URL": "http://127.0.0.1:1", "CA_BUNDLE": "/not/there", "REGION": "eu-west-1"}
    for name, value in other.items():
        monkeypatch.setenv(f"AWS_{name}", value)
    monkeypatch.setenv("HOME", str(tmp_path))
    use(s3)
    assert fetch(public.address(FILE)).content == FILE.data
    use(s3, key="", secret="")
    with pytest.raises(Refused):
        public.address(FILE)


@pytest.mark.parametrize(
    ("endpoint", "begins"),
    [
        ("https://s3.amazonaws.com", "https://press-office.s3.eu-central-1.amazonaws.com/publisher/a.jpg?"),
        (
            "https://s3.eu-central-1.amazonaws.com",
            "https://press-office.s3.eu-central-1.amazonaws.com/publisher/a.jpg?",
        ),
        ("https://storage.example.org:9000/s3", "https://storage.example.org:9000/s3/press-office/publisher/a.jpg?"),
    ],
)
def test_address_has_the_bucket_where_the_storage_looks_for_it(
    endpoint: str, begins: str, use: Callable[..., None]
) -> None:
    use(endpoint, region="eu-central-1")
    address = bucket._address("a.jpg", timedelta(days=1))
    assert address.startswith(begins + "X-Amz-Algorithm=AWS4-HMAC-SHA256&")
    assert "&X-Amz-Expires=86400&" in address


def test_files_whose_addresses_have_ended_are_deleted_and_nothing_else(
    s3: str,  # noqa: F811
    use: Callable[..., None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    use(s3)
    public.address(FILE)
    for name in ("publisher/of-somebody-else.jpg", NAME):
        put(name, b"of somebody else")
    public.prune()
    before = names()
    monkeypatch.setattr(bucket, "STAYS", timedelta(seconds=-3))  # as if they had been there for long
    public.prune()
    assert before - names() == {f"publisher/{NAME}"}
    use(s3, **GUEST)
    public.prune()  # a key that may not list leaves it to a rule of the bucket


def test_doctor_puts_a_file_there_and_fetches_it_as_a_network_would(s3: str, use: Callable[..., None]) -> None:  # noqa: F811
    use(s3)
    assert bucket.try_out() == (
        f"{BUCKET} at {s3.removeprefix('http://')}: a file was put there and fetched by its signed address."
    )
    assert "publisher/try.txt" not in names()
