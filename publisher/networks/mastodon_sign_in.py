"""Signing in at a Mastodon server, or at one of its relatives: our app is made there first, by its API.

Source: docs.joinmastodon.org, "apps" and "oauth". Tokens do not end. A server that knows no PKCE passes over it.
"""

from typing import ClassVar

from pydantic import SecretStr

from publisher.errors import InvalidInput, Refused, Retry
from publisher.networks.server_address import origin
from publisher.networks.sign_in import App, Choice, SignIn, Tokens


class MastodonSignIn(SignIn):
    label: ClassVar[str] = "Mastodon"
    authorize_at: ClassVar[str] = "/oauth/authorize"
    exchange_at: ClassVar[str] = "/oauth/token"
    scopes: ClassVar[tuple[str, ...]] = ("read:accounts", "read:statuses", "write:statuses", "write:media")
    servers: ClassVar[bool] = True

    def server(self, typed: str) -> str:
        try:
            return origin(typed)
        except ValueError:
            raise InvalidInput("mastodon.base_url") from None

    def register(self, server: str, redirect: str) -> App:
        form = {
            "client_name": "Publisher",
            "redirect_uris": redirect,
            "scopes": " ".join(self.scopes),
        }
        app = App(client_id="-", base_url=server)
        with self.wire(app, "", "ask", secrets=()) as wire:
            try:
                answer = wire.ask("POST", "api/v1/apps", data=form)
            except (Refused, Retry) as error:
                if error.key == "network.unreachable":
                    raise
                raise Retry("mastodon.not_a_server", error.diagnostic, after=600, server=server) from None
        told = answer.object
        if not told.get("client_id") or not told.get("client_secret"):
            # Without the answer: it may hold one of the two.
            raise Retry("mastodon.not_a_server", f"HTTP {answer.status} without an app", after=600, server=server)
        secret = SecretStr(str(told["client_secret"]))
        return App(client_id=str(told["client_id"]), client_secret=secret, base_url=server)

    def accounts(self, app: App, tokens: Tokens) -> list[Choice]:
        with self.wire(app, "", "ask", secrets=(app.secret,), token=tokens.access) as wire:
            told = wire.ask("GET", "api/v1/accounts/verify_credentials", needs=("id", "username")).object
        return [Choice(str(told["id"]), str(told["username"]), {"access_token": tokens.access})]

    def covers(self, granted: tuple[str, ...], name: str) -> bool:
        """`write` covers `write:media`."""
        return name in granted or name.partition(":")[0] in granted
