"""Browsers of people in each role."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from publisher.enums import Role
from tests.factories import make_user

HTMX = {"HTTP_HX_REQUEST": "true"}
"""What htmx sends with each of its requests."""


def _signed_in(role: str) -> Client:
    client = Client()
    client.force_login(make_user(role))
    return client


@pytest.fixture
def administrator(db: None) -> Client:
    return _signed_in(Role.ADMINISTRATOR)


@pytest.fixture
def approver(db: None) -> Client:
    return _signed_in(Role.APPROVER)


@pytest.fixture
def editor(db: None) -> Client:
    return _signed_in(Role.EDITOR)


@pytest.fixture
def viewer(db: None) -> Client:
    return _signed_in(Role.VIEWER)


@pytest.fixture
def stranger(db: None) -> Client:
    return Client()


@pytest.fixture
def htmx() -> Callable[..., Any]:
    """A request as htmx makes it: htmx(client, "/posts/1/reject/", {"reason": "…"}, target="row-1")."""

    def post(client: Client, path: str, data: dict[str, Any] | None = None, *, target: str = "") -> Any:
        return client.post(path, data or {}, **HTMX, HTTP_HX_TARGET=target)

    return post
