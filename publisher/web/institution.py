"""How allauth's OpenID Connect is set up and what becomes of its answers. Imported only where a provider is set."""

import logging
import re
from typing import Any, NoReturn

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.internal import jwtkit
from allauth.socialaccount.models import SocialApp, SocialLogin
from allauth.socialaccount.providers.base import AuthError
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from requests import RequestException

from publisher import config
from publisher.errors import NotAllowed
from publisher.newsroom.signin import openid
from publisher.web import entering

log = logging.getLogger(__name__)

PROVIDER = "institution"
BROKEN = (OAuth2Error, RequestException, ValueError, KeyError, TypeError)
"""What allauth raises over a provider that is away, or whose answer is none."""


class Protocol(OpenIDConnectOAuth2Adapter):
    """The code flow with PKCE; stricter than allauth in two points."""

    def get_callback_url(self, request: HttpRequest, app: SocialApp) -> str:  # noqa: ARG002  # their signature
        """As people reach the desk: a web server in front may speak HTTPS for us."""
        page = reverse("institution-callback")
        return config.get().address + page if config.get().public_url else request.build_absolute_uri(page)

    @property
    def openid_config(self) -> dict[str, Any]:
        """The provider must call itself what we call it (OpenID Connect Discovery, 4.3)."""
        found: dict[str, Any] = super().openid_config
        if found.get("issuer") != config.get().oidc_issuer:
            raise OAuth2Error("the provider calls itself by another name than PUBLISHER_OIDC_ISSUER")
        return found

    def _decode_id_token(self, app: SocialApp, id_token: str) -> dict[str, Any]:
        """Its signature is checked also when it comes by TLS; issuer, audience and time are in any case."""
        found: dict[str, Any] = jwtkit.verify_and_decode(
            credential=id_token,
            keys_url=self.openid_config["jwks_uri"],
            issuer=config.get().oidc_issuer,
            audience=app.client_id,
            lookup_kid=jwtkit.lookup_kid_jwk,
        )
        return found


class Adapter(DefaultSocialAccountAdapter):
    """One provider, from our settings; allauth's own rows, sign-up and sign-in are never reached."""

    def list_apps(self, request: HttpRequest, provider: str | None = None, client_id: str | None = None) -> list[Any]:  # noqa: ARG002  # their signature
        settings = config.get()
        app = SocialApp(
            provider="openid_connect",
            provider_id=PROVIDER,
            name=settings.oidc_name,
            client_id=settings.oidc_client_id,
            secret=settings.oidc_client_secret.get_secret_value(),
            settings={
                "server_url": f"{settings.oidc_issuer.rstrip('/')}/.well-known/openid-configuration",
                "oauth_pkce_enabled": True,  # allauth knows S256 only
                "scope": settings.oidc_scopes.split(),
            },
        )
        return [app] if provider in {None, PROVIDER} else []

    def get_provider(self, *asked: Any, **more: Any) -> Any:
        found = super().get_provider(*asked, **more)
        found.oauth2_adapter_class = Protocol
        return found

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> NoReturn:
        told = sociallogin.account.extra_data
        try:
            user = openid.enter(openid.read(told.get("id_token") or {}, told.get("userinfo") or {}))
        except NotAllowed as error:
            log.info("OpenID Connect: %s", error)
            raise ImmediateHttpResponse(entering.refused(request, error)) from error
        page = entering.safe(request, sociallogin.state.get("next") or "")
        if config.get().oidc_second_factor:
            raise ImmediateHttpResponse(entering.enter(request, user, page))
        raise ImmediateHttpResponse(entering.first_step_passed(request, user, page))

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: object,  # noqa: ARG002  # their signature
        error: str | None = None,
        exception: Exception | None = None,
        extra_context: dict[str, Any] | None = None,
    ) -> NoReturn:
        if exception is not None:
            key = "openid.failed"
        elif error == AuthError.CANCELLED:
            key = "openid.cancelled"
        else:  # no state of ours, or the provider itself says no
            key = "openid.begun_elsewhere" if "state_id" in (extra_context or {}) else "openid.refused_there"
        log.warning("OpenID Connect: %s: %s", key, diagnostic(exception, request.GET.get("error", "")))
        raise ImmediateHttpResponse(entering.refused(request, NotAllowed(key)))


def begin(request: HttpRequest) -> HttpResponse:
    return _run(OAuth2LoginView, request)


def finish(request: HttpRequest) -> HttpResponse:
    return _run(OAuth2CallbackView, request)


def diagnostic(exception: Exception | None, said: str) -> str:
    """What went wrong, without what the provider sent: there may be a token in it."""
    code = re.search(r'"error":\s*"(\w+)"', str(exception))
    return f"{type(exception).__name__ if exception else ''} {code[1] if code else said[:80]}".strip()


def _run(view: Any, request: HttpRequest) -> HttpResponse:
    try:
        answer: HttpResponse = view.adapter_view(Protocol(request, PROVIDER))(request)
    except BROKEN as error:
        log.warning("OpenID Connect: %s", diagnostic(error, ""))
        return entering.refused(request, NotAllowed("openid.failed"))
    return answer
