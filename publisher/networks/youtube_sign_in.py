"""Signing in at Google for a YouTube channel.

Source: developers.google.com/identity/protocols/oauth2/web-server. Google asks which of their channels a person means.
Only a sign-in for offline access, newly agreed to, gives a refresh token. The access token of an hour is made of it
when a call needs one (`youtube_account.wire_for`): neither ends the other, so nobody needs to renew anything.
"""

from collections.abc import Mapping
from typing import ClassVar

from publisher.errors import NetworkError, Retry
from publisher.networks.sign_in import App, Choice, SignIn, Stage, Tokens, written
from publisher.networks.wire import Answer, Judge
from publisher.networks.youtube_account import API, SCOPE, SIGN_IN, find_channel
from publisher.networks.youtube_answers import LABEL
from publisher.networks.youtube_answers import judge as judge_call


class GoogleSignIn(SignIn):
    label: ClassVar[str] = LABEL
    authorize_at: ClassVar[str] = "https://accounts.google.com/o/oauth2/v2/auth"
    exchange_at: ClassVar[str] = f"{SIGN_IN}/token"
    scopes: ClassVar[tuple[str, ...]] = (SCOPE,)
    extra: ClassVar[Mapping[str, str]] = {"access_type": "offline", "prompt": "consent"}
    where: ClassVar[str] = "https://console.cloud.google.com/apis/credentials"
    redirect_box: ClassVar[str] = "Clients, Authorized redirect URIs"
    besides: ClassVar[tuple[str, ...]] = ("youtube.step_api", "youtube.step_publish", "youtube.step_audit")
    kept: ClassVar[Mapping[str, str]] = {"client_id": "client_id", "client_secret": "client_secret"}

    def accounts(self, app: App, tokens: Tokens) -> list[Choice]:
        if not tokens.refresh:
            raise Retry("network.unavailable", "no refresh token", network=LABEL)
        with self.wire(app, API, "ask", secrets=(app.secret, tokens.refresh), token=tokens.access) as wire:
            channel = find_channel(wire)
        given = {"refresh_token": tokens.refresh, "access_token": tokens.access, "ends": written(tokens.ends)}
        given |= {"sign_in_ends": written(tokens.refresh_ends)}
        return [Choice(channel.id, channel.name or channel.handle, given)]

    def judge(self, stage: Stage) -> Judge:
        plain_words = super().judge(stage)

        def judge(answer: Answer) -> NetworkError | None:
            return judge_call(answer) if stage == "ask" else plain_words(answer)

        return judge
