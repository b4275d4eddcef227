"""The sandbox network alone, at its own addresses: it needs nothing of the desk."""

import pytest
from django.test import Client

from publisher.models import SandboxAccount
from tests.sandbox.caller import Api


@pytest.fixture
def api(db: None, client: Client) -> Api:
    account, token = SandboxAccount.objects.open("council", "Council Press")
    return Api(account, token, client)
