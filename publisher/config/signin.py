"""How people come in: sessions, second factors, the institution's own identities."""

import json
from typing import Literal

from pydantic import BaseModel, Field, SecretStr, field_validator

from publisher.config.values import parts_of
from publisher.enums import Role


class SignIn(BaseModel):
    second_factor: Literal["off", "approvers", "everyone"] = Field(
        "off",
        description="Who must have a second factor before they may act: off for nobody, approvers, everyone.",
    )
    session_hours: int = Field(12, ge=1, le=720, description="Hours after which a sign-in ends.")
    session_idle_minutes: int = Field(
        120, ge=5, le=43200, description="Minutes without use after which a sign-in ends before that."
    )
    oidc_issuer: str = Field(
        "", description="OpenID Connect: the provider's issuer, like https://id.example.org; empty for none."
    )
    oidc_client_id: str = Field("", description="OpenID Connect: what the provider calls this desk.")
    oidc_client_secret: SecretStr = Field(SecretStr(""), description="OpenID Connect: the secret that goes with it.")
    oidc_name: str = Field(
        "your institution's account",
        description="OpenID Connect: what the sign-in page calls it, after “Sign in with”.",
    )
    oidc_scopes: str = Field("openid profile email", description="OpenID Connect: what is asked for, blanks between.")
    oidc_claim: str = Field("groups", description="OpenID Connect: the claim that roles are read from.")
    oidc_roles: str = Field(
        "",
        description='OpenID Connect: roles by that claim, as JSON: {"Press officers": "editor"}; empty: ours.',
    )
    oidc_create: bool = Field(
        False, description="OpenID Connect: whether people come in whom nobody invited; as viewers, or by the roles."
    )
    oidc_trust_email: bool = Field(
        False, description="OpenID Connect: whether addresses count that the provider does not call verified."
    )
    oidc_second_factor: bool = Field(
        False, description="OpenID Connect: whether the provider asks for a second factor, so that the desk need not."
    )

    @field_validator("oidc_issuer")
    @classmethod
    def _issuer(cls, value: str) -> str:
        if not value:
            return ""
        parts = parts_of(value)
        if parts.scheme not in {"https", "http"} or not parts.hostname or len(value) > 200:
            raise ValueError("it must begin with https:// and name a host")
        if parts.scheme == "http" and parts.hostname not in {"127.0.0.1", "localhost", "::1"}:
            raise ValueError("it must begin with https://; tokens would travel in the open otherwise")
        return value

    @field_validator("oidc_roles")
    @classmethod
    def _roles_by_group(cls, value: str) -> str:
        try:
            found = json.loads(value or "{}")
        except ValueError:
            raise ValueError("it is no valid JSON") from None
        if not isinstance(found, dict) or not all(role in list(Role) for role in found.values()):
            raise ValueError(f'it must be like {{"Press officers": "editor"}}, with the roles {", ".join(Role)}')
        return value

    @property
    def role_map(self) -> dict[str, str]:
        """Value of the provider's claim to role."""
        found: dict[str, str] = json.loads(self.oidc_roles) if self.oidc_roles else {}
        return found
