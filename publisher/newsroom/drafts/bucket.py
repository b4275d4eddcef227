"""Files for networks that fetch, in S3-compatible storage: put there, fetched by a signed address that ends.

Only our settings decide whom we ask and as whom: what else this machine has for Amazon's tools (variables, ~/.aws, a
profile, the metadata service) is not looked at. What failed is tried again by the post's own tries, never in here.
"""

import logging
import os
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import cache, lru_cache
from http.client import NOT_IMPLEMENTED
from typing import Any
from urllib.parse import urlsplit

from django.utils import timezone
from pydantic import SecretStr

from publisher import config
from publisher.errors import NetworkError, Refused, Retry
from publisher.networks.media import Encoded

log = logging.getLogger(__name__)

TIMEOUT = 20.0
"""Seconds to reach the storage, and between two pieces of an answer."""
STAYS = timedelta(days=2)
"""A file is deleted so long after it was last put there, by us or by a rule of the bucket; addresses end before."""
FOLDER = "publisher/"
"""All of ours begins so, so that nothing else in the bucket is read or deleted."""
_OURS = re.compile(re.escape(FOLDER) + r"[0-9a-f]{64}\.\w+")
_AMAZON = "s3.amazonaws.com"
_BUCKET_IN_HOST = (".amazonaws.com", ".amazonaws.com.cn", ".aliyuncs.com")
"""Storage that wants the bucket's name in the host (virtual addressing); all other takes it in the path."""
_making = threading.Lock()
"""Threads may share a client, and may not make one at the same time."""
_SENTENCES = {
    "NoSuchBucket": "media.bucket_missing",
    "InvalidAccessKeyId": "media.bucket_key",
    "SignatureDoesNotMatch": "media.bucket_key",
    "AccessDenied": "media.bucket_denied",
    "AuthorizationHeaderMalformed": "media.bucket_region",
    "PermanentRedirect": "media.bucket_region",
    "IllegalLocationConstraintException": "media.bucket_region",
    "RequestTimeTooSkewed": "media.bucket_clock",
}
"""By the codes of https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html."""


def is_set() -> bool:
    """Whether whoever runs the desk wants files to be fetched from a bucket."""
    return bool(config.get().s3_bucket)


def address(file: Encoded, name: str, lasts: timedelta) -> str:
    """Where `file` can be fetched for so long (S3 allows up to seven days, we up to `STAYS`).

    It is put there if nothing of this name stays so long. Raises Retry when the storage does not answer, Refused when
    it does not let us.
    """
    assert lasts <= STAYS
    with _judged():
        if not _stays(name, lasts):
            _put(file, name)
        return _address(name, lasts)


def prune() -> None:
    """Delete files whose addresses have ended, where our key may: a rule of the bucket can do it as well."""
    if not is_set():
        return
    place = {"Bucket": config.get().s3_bucket}
    try:
        with _judged():
            for page in _client().get_paginator("list_objects_v2").paginate(**place, Prefix=FOLDER):
                for entry in page.get("Contents", []):
                    if _OURS.fullmatch(entry["Key"]) and entry["LastModified"] < timezone.now() - STAYS:
                        _client().delete_object(**place, Key=entry["Key"])
    except NetworkError as error:
        level = logging.INFO if error.key == "media.bucket_denied" else logging.WARNING
        log.log(level, "files in the bucket were not deleted: %s", error)


def try_out() -> str:
    """Put a small file there, fetch it by its signed address as a network would, and take it away: what was done.

    Raises what `address` raises.
    """
    import httpx  # slow import

    settings, name = config.get(), "try.txt"
    given = Encoded(os.urandom(16).hex().encode(), "text/plain", 0, 0)
    with _judged():
        _put(given, name)
        found = httpx.get(_address(name, timedelta(minutes=5)), timeout=TIMEOUT)
    if found.content != given.data:
        raise Refused("media.bucket_not_handed_out", f"{found.status_code}", status=found.status_code)
    with _judged(forgiven={"AccessDenied"}):
        _client().delete_object(Bucket=settings.s3_bucket, Key=FOLDER + name)
    return f"{settings.s3_bucket} at {_host()}: a file was put there and fetched by its signed address."


def _client() -> Any:
    settings = config.get()
    with _making:
        return _made(settings.s3_endpoint, settings.s3_region, settings.s3_access_key, settings.s3_secret_key)


@cache
def _session() -> Any:
    """boto3 as it comes, deaf to its surroundings."""
    import boto3  # slow import
    from botocore.configprovider import BOTOCORE_DEFAUT_SESSION_VARIABLES as VARIABLES  # slow import
    from botocore.session import Session  # slow import

    # Of each: its name in files, in the environment, its default, how to read it. Only the default is left.
    nothing_else: dict[str, Any] = {name: (None, None, *last) for name, (_, _, *last) in VARIABLES.items()}
    nothing_else |= dict.fromkeys(("config_file", "credentials_file"), (None, None, os.devnull, None))
    return boto3.Session(botocore_session=Session(session_vars=nothing_else))


@lru_cache(maxsize=1)
def _made(endpoint: str, region: str, key: str, secret: SecretStr) -> Any:
    from botocore.config import Config  # slow import

    host = urlsplit(endpoint).hostname or ""
    client = _session().client(
        "s3",
        endpoint_url=None if host == _AMAZON else endpoint,  # Amazon's differs by region
        region_name=region,
        aws_access_key_id=key,
        aws_secret_access_key=secret.get_secret_value(),
        verify=os.environ.get("SSL_CERT_FILE") or True,  # as `authorities` of networks
        config=Config(
            signature_version="s3v4",
            connect_timeout=TIMEOUT,
            read_timeout=TIMEOUT,
            retries={"total_max_attempts": 1, "mode": "standard"},
            ignore_configured_endpoint_urls=True,
            # Checksums as trailers are new, and many storages refuse them; the signature covers the file's own.
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
            s3={
                "addressing_style": "virtual" if host.endswith(_BUCKET_IN_HOST) else "path",
                "payload_signing_enabled": True,
                "us_east_1_regional_endpoint": "regional",
            },
        ),
    )
    client.meta.events.register_first("needs-retry.s3", _let_fail)
    return client


def _let_fail(*, response: tuple[Any, dict[str, Any]] | None, operation: Any, **_: object) -> None:
    """Else a request to the wrong region goes to the right one, and the addresses that we sign remain wrong."""
    from botocore.exceptions import ClientError  # slow import

    if response is not None and response[0].status_code >= 300:
        raise ClientError(response[1], operation.name)


def _stays(name: str, lasts: timedelta) -> bool:
    from botocore.exceptions import ClientError  # slow import

    try:
        found = _client().head_object(Bucket=config.get().s3_bucket, Key=FOLDER + name)
    except ClientError as error:
        if _status(error) >= 500:
            raise
        return False  # such an answer has no body that says why, and may mean that it is not there: putting will tell
    put_there: datetime | None = found.get("LastModified")  # a server of pages may have none: putting will tell
    return put_there is not None and put_there + STAYS > timezone.now() + lasts


def _put(file: Encoded, name: str) -> None:
    put = _client().put_object(Bucket=config.get().s3_bucket, Key=FOLDER + name, Body=file.data, ContentType=file.type)
    if "ETag" not in put:  # storage names what it keeps; a server of pages may say "200" to anything
        raise Refused("media.bucket_no_storage", "no ETag", host=_host())


def _address(name: str, lasts: timedelta) -> str:
    params = {"Bucket": config.get().s3_bucket, "Key": FOLDER + name}
    return str(_client().generate_presigned_url("get_object", params, int(lasts.total_seconds())))


@contextmanager
def _judged(forgiven: frozenset[str] | set[str] = frozenset()) -> Iterator[None]:
    """Whatever goes wrong with the storage, as an error of ours that says what to do; but for these codes."""
    import httpx  # slow import
    from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError, SSLError  # slow import
    from botocore.exceptions import ConnectionError as NotConnected  # slow import

    try:
        yield
    except ClientError as error:
        if error.response.get("Error", {}).get("Code") not in forgiven:
            raise _refusal(error) from error
    except SSLError as error:
        raise Retry("media.bucket_certificate", type(error).__name__, host=_host()) from error
    except (HTTPClientError, NotConnected, httpx.TransportError, OSError) as error:
        raise Retry("media.bucket_unreachable", type(error).__name__, host=_host()) from error
    except (BotoCoreError, ValueError) as error:  # it found a setting wrong by itself, or the answer is no S3 storage's
        raise Refused("media.bucket_refused", type(error).__name__, why=type(error).__name__) from error


def _refusal(error: Any) -> NetworkError:
    """What an answer that is an error means. `error` is botocore's ClientError."""
    told = error.response.get("Error", {})
    code, status = str(told.get("Code", "")), _status(error)
    # Storage says in a code of its own what is wrong; of a page, botocore makes none or takes the status.
    if status == NOT_IMPLEMENTED or (status < 500 and (not code or code.isdecimal())):
        return Refused("media.bucket_no_storage", f"{status} {code}", host=_host())
    if status >= 500 or code in {"SlowDown", "RequestTimeout"}:
        return Retry("media.bucket_unreachable", f"{status} {code}", host=_host())
    headers = error.response.get("ResponseMetadata", {}).get("HTTPHeaders", {})
    return Refused(
        _SENTENCES.get(code, "media.bucket_refused"),
        f"{status} {code}",
        why=code,
        bucket=config.get().s3_bucket,
        host=_host(),
        region=told.get("Region") or headers.get("x-amz-bucket-region") or "another region",
    )


def _status(error: Any) -> int:
    return int(error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))


def _host() -> str:
    return urlsplit(config.get().s3_endpoint).netloc
