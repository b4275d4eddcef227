"""When a rate limit ends, and which failures prove that nothing was sent."""

import datetime as dt
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from publisher import errors
from publisher.networks.mastodon_wire import Server, rate_limit_ends
from tests.peers.mastodon import MastodonServer

NOW = datetime(2026, 11, 23, 6, 45, tzinfo=UTC)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"X-RateLimit-Reset": "2026-11-23T06:49:15.000Z"}, 255),
        ({"X-RateLimit-Reset": "2026-11-23T07:49:15.250000+01:00"}, 255.25),
        ({"X-RateLimit-Reset": "2026-11-23T06:49:15"}, 255),
        ({"X-RateLimit-Reset": str(int(NOW.timestamp()) + 90)}, 90),
        ({"X-RateLimit-Reset": f"{NOW.timestamp() + 90.5}"}, 90.5),
        ({"Retry-After": "7"}, 7),
        ({"Retry-After": "7", "X-RateLimit-Reset": "2026-11-23T06:49:15.000Z"}, 7),
        ({"Retry-After": "Mon, 23 Nov 2026 06:46:00 GMT"}, 60),
        # The server's clock is an hour ahead: what counts is how long it asks us to wait.
        ({"X-RateLimit-Reset": "2026-11-23T07:49:15Z", "Date": "Mon, 23 Nov 2026 07:45:00 GMT"}, 255),
        ({}, 300),
        ({"X-RateLimit-Reset": "soon"}, 300),
        ({"Retry-After": "²"}, 300),
        ({"X-RateLimit-Reset": "nan"}, 300),
        ({"X-RateLimit-Reset": "2026-11-23T06:00:00Z"}, 1),
        ({"Retry-After": "0"}, 1),
        ({"Retry-After": "9" * 30}, 86400),
        ({"X-RateLimit-Reset": "9999-12-31T23:59:59Z"}, 86400),
    ],
)
def test_rate_limit_ends(headers: dict[str, str], seconds: float) -> None:
    assert rate_limit_ends(headers, NOW) == NOW + timedelta(seconds=seconds)


@pytest.fixture
def impostor(tmp_path: Path) -> Iterator[MastodonServer]:
    """A server with a certificate that nobody vouches for."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    certificate = (
        builder.not_valid_before(datetime(2020, 1, 1, tzinfo=dt.UTC))
        .not_valid_after(datetime(2050, 1, 1, tzinfo=dt.UTC))
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file = tmp_path / "server.pem"
    file.write_bytes(private + certificate.public_bytes(serialization.Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    server = MastodonServer()
    server.wrap(context)
    server.start()
    yield server
    server.stop()


def test_a_server_without_a_good_certificate_gets_nothing(impostor: MastodonServer) -> None:
    server = Server(impostor.url.replace("http://", "https://"), "tok", timeout=5, wait=lambda _: None)
    with pytest.raises(errors.Retry) as raised:
        server.call("status_post", "We act.", posting=True)
    assert raised.value.key == "network.unreachable"
    assert impostor.requests == []
