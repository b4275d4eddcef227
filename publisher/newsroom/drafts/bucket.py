"""Files for networks that fetch, in S3-compatible storage: put there once, fetched by a signed address that ends."""

import io
from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from publisher import config
from publisher.errors import NetworkError, Refused, Retry
from publisher.networks.authorities import authorities
from publisher.networks.media import Encoded

if TYPE_CHECKING:
    from minio import Minio

TIMEOUT = 20.0
"""Seconds between two pieces of an answer."""


def is_set() -> bool:
    """Whether whoever runs the desk wants files to be fetched from a bucket."""
    return bool(config.get().s3_bucket)


def address(file: Encoded, name: str, lasts: timedelta) -> str:
    """Where `file` can be fetched for so long. It is put there if nothing of this name is.

    Raises Retry when the storage does not answer, Refused when it does not let us.
    """
    from minio.error import MinioException, S3Error  # slow import
    from urllib3.exceptions import HTTPError  # slow import

    bucket = config.get().s3_bucket
    try:
        client = _client()
        if not _has(client, bucket, name):
            client.put_object(bucket, name, io.BytesIO(file.data), len(file.data), content_type=file.type)
        return client.presigned_get_object(bucket, name, expires=lasts)
    except S3Error as error:
        raise _judged(str(error.code), error.response.status) from error
    except (MinioException, HTTPError, OSError, ValueError) as error:
        raise Retry("media.bucket_unreachable", type(error).__name__) from error


def forget() -> None:
    """Read the settings anew at the next call."""
    _client.cache_clear()


@cache
def _client() -> "Minio":
    import urllib3  # slow import
    from minio import Minio  # slow import

    settings = config.get()
    endpoint = urlsplit(settings.s3_endpoint)
    secure = endpoint.scheme != "http"
    trust: dict[str, Any] = {"ssl_context": authorities()} if secure else {}
    pool = urllib3.PoolManager(
        timeout=urllib3.Timeout(connect=TIMEOUT, read=TIMEOUT),
        retries=False,  # what failed is tried again by the post's own tries
        **trust,
    )
    return Minio(
        endpoint.netloc,
        settings.s3_access_key,
        settings.s3_secret_key.get_secret_value(),
        secure=secure,
        region=settings.s3_region,  # named, so that it is not asked for before each call
        http_client=pool,
    )


def _has(client: "Minio", bucket: str, name: str) -> bool:
    from minio.error import S3Error  # slow import

    try:
        client.stat_object(bucket, name)
    except S3Error as error:
        # Who may not list a bucket is told "denied" of what is not there, too; whether we may write shows then.
        if error.code in {"NoSuchKey", "NoSuchObject", "ResourceNotFound", "AccessDenied"}:
            return False
        raise
    return True


def _judged(code: str, status: int) -> NetworkError:
    if status >= 500 or code in {"SlowDown", "RequestTimeout"}:
        return Retry("media.bucket_unreachable", f"{status} {code}")
    return Refused("media.bucket_refused", f"{status} {code}", why=code)
