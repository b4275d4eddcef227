"""Fields of JSON answers from outside: of the type that is wanted, or empty. Pure."""

from typing import Any


def text(data: dict[str, Any], name: str) -> str:
    """A string without blanks around it and without half characters."""
    value = data.get(name)
    return value.encode("utf-8", "replace").decode().strip() if isinstance(value, str) else ""


def number(data: dict[str, Any], name: str) -> int:
    """A whole number that is not negative, else 0."""
    value = data.get(name)
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 < value < 10**9 else 0


def mapping(data: dict[str, Any], name: str) -> dict[str, Any]:
    value = data.get(name)
    return value if isinstance(value, dict) else {}


def mappings(data: dict[str, Any], name: str) -> list[dict[str, Any]]:
    value = data.get(name)
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def first(data: dict[str, Any], *names: str) -> str:
    """The first of these fields that is a string and not blank."""
    return next(filter(None, (text(data, name) for name in names)), "")
