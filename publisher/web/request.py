"""A request of somebody who is signed in: every view that is not marked `login_not_required` gets one."""

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from publisher.models import User


class Request(HttpRequest):
    user: User
    htmx: HtmxDetails
