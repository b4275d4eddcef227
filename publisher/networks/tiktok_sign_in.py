"""Signing in at TikTok (Login Kit for Web, "Manage user access tokens"): PKCE in hexadecimal, tokens that rotate."""

from collections.abc import Mapping
from datetime import timedelta
from typing import ClassVar

from publisher import messages
from publisher.errors import NetworkError, Retry
from publisher.networks.credentials import Credentials
from publisher.networks.patience import CALL_TIMEOUT
from publisher.networks.sign_in import App, Choice, Pkce, SignIn, Stage, Tokens, written
from publisher.networks.tiktok_account import API, NEEDED, offered, own, read_creator, renew
from publisher.networks.tiktok_answers import LABEL
from publisher.networks.tiktok_answers import judge as judge_call
from publisher.networks.wire import Answer, Judge


class TikTokSignIn(SignIn):
    label: ClassVar[str] = LABEL
    authorize_at: ClassVar[str] = "https://www.tiktok.com/v2/auth/authorize/"
    exchange_at: ClassVar[str] = f"{API}/v2/oauth/token/"
    scopes: ClassVar[tuple[str, ...]] = ("user.info.basic", NEEDED)
    separator: ClassVar[str] = ","
    pkce: ClassVar[Pkce] = Pkce.HEX
    client_id: ClassVar[str] = "client_key"
    names: ClassVar[tuple[str, str]] = ("Client key", "Client secret")
    where: ClassVar[str] = "https://developers.tiktok.com/apps/"
    redirect_box: ClassVar[str] = "Login Kit, Redirect URI"
    besides: ClassVar[tuple[str, ...]] = ("tiktok.step_product", "tiktok.step_address", "tiktok.step_audit")
    https_only: ClassVar[bool] = True
    kept: ClassVar[Mapping[str, str]] = {"client_key": "client_id", "client_secret": "client_secret"}
    ends: ClassVar[str] = "ends"
    renewed_by: ClassVar[str] = "refresh_token"
    early: ClassVar[timedelta] = timedelta(minutes=30)

    def accounts(self, app: App, tokens: Tokens) -> list[Choice]:
        with self.wire(app, API, "ask", secrets=(app.secret, tokens.refresh), token=tokens.access) as wire:
            creator = read_creator(wire)
        number = str(tokens.told.get("open_id") or "")
        found = {
            "access_token": tokens.access,
            "refresh_token": tokens.refresh,
            "ends": written(tokens.ends),
            "sign_in_ends": written(tokens.refresh_ends),
            "open_id": number,
        }
        audiences = offered(creator)
        if not audiences:
            raise Retry("network.unavailable", "no audience is offered", network=LABEL)
        # TikTok wants a person to say who may see posts, with nothing preset.
        return [
            Choice(
                f"{number}:{audience}",
                messages.sentence("tiktok.choice", handle=creator.handle, audience=audience),
                {**found, "audience": audience},
                account=number,
            )
            for audience in audiences
        ]

    def refresh(self, credentials: Credentials) -> dict[str, str]:
        changed: dict[str, str] = {}
        renew(own(credentials), changed.update, CALL_TIMEOUT)
        return changed

    def judge(self, stage: Stage) -> Judge:
        plain_words = super().judge(stage)

        def judge(answer: Answer) -> NetworkError | None:
            return judge_call(answer) if stage == "ask" else plain_words(answer)

        return judge
