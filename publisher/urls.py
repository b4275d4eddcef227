"""Every address: the desk, the sandbox network and the sample's feeds, Django's admin behind it."""

from django.contrib import admin
from django.urls import include, path

from publisher.web import admin as tables  # noqa: F401  # registers what may be looked at, and nothing of the libraries
from publisher.web.views.account import admin_sign_in

urlpatterns = [
    path("", include("publisher.web.urls")),
    path("", include("publisher.sandbox.urls")),
    # One way in, with its throttle: admin's own sign-in page would have none.
    path("admin/login/", admin_sign_in),
    path("admin/", admin.site.urls),
]
