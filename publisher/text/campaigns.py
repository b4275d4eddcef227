"""Addresses that tell statistics where a reader came from: `utm_source`, `utm_medium`, `utm_campaign`. Pure."""

import re
from collections.abc import Collection, Mapping
from urllib.parse import quote, unquote_plus, urlsplit, urlunsplit

PLACES = ("network", "channel", "kind", "language", "reference", "year", "month", "day")
"""What may stand between braces in a template."""
_PLACE = re.compile(r"\{([^{}]*)\}")
_NOT_PLAIN = re.compile(r"[^\w.~-]+")
# Names under which storage services and gateways keep the proof that an address was given out by them: AWS Signature
# Version 4 and 2, Google Cloud's and Azure's shared access signatures, CloudFront's, and what others call the same.
_SIGNED = {
    *("signature", "sig", "hmac", "hash", "token", "access_token", "auth", "expires", "policy", "key-pair-id"),
    *("googleaccessid", "awsaccesskeyid", "sv"),
}
_SIGNED_BEGINNINGS = ("x-amz-", "x-goog-", "x-oss-", "x-ms-")


def wrong_place(template: str) -> str:
    """The first thing in a template that nothing can be put in for; blank where all is well."""
    unknown = [place for place in _PLACE.findall(template) if place not in PLACES]
    left = _PLACE.sub("", template)
    return f"{{{unknown[0]}}}" if unknown else next((brace for brace in "{}" if brace in left), "")


def fill(template: str, values: Mapping[str, str]) -> str:
    """`template` with its places filled, in lower case and in one word, as statistics count them."""
    whole = _PLACE.sub(lambda match: values.get(match[1], ""), template)
    return _NOT_PLAIN.sub("-", whole.strip().casefold()).strip("-_.")


def tag(url: str, parameters: Mapping[str, str], hosts: Collection[str]) -> str:
    """`url` with the parameters at the end of its query; its own of the same name go, so that none stands there twice.

    Only at `hosts` and the hosts below them: other sites have statistics of their own, and some refuse what they do
    not know. An address with a signature holds only as it is, and stays so. What is blank is left out.
    """
    given = {name: value for name, value in parameters.items() if value}
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").lower()
    except ValueError:
        return url
    ours = any(host == each or host.endswith(f".{each}") for each in hosts)
    if not given or not ours or parts.username or parts.scheme.lower() not in {"http", "https"}:
        return url
    fields = [each for each in parts.query.split("&") if each]
    names = [unquote_plus(each.partition("=")[0]).lower() for each in fields]
    if any(name in _SIGNED or name.startswith(_SIGNED_BEGINNINGS) for name in names):
        return url
    kept = [each for each, name in zip(fields, names, strict=True) if name not in given]
    added = [f"{name}={quote(value, safe='')}" for name, value in given.items()]
    return urlunsplit(parts._replace(query="&".join([*kept, *added])))
