"""A request of somebody who is signed in: every view that is not marked `login_not_required` gets one."""

from django.http import HttpRequest
from django.views.decorators.http import require_http_methods
from django_htmx.middleware import HtmxDetails

from publisher.models import User


class Request(HttpRequest):
    user: User
    htmx: HtmxDetails


takes_form = require_http_methods(["GET", "HEAD", "POST"])
"""For a view that shows a form, and takes it when it is sent."""
