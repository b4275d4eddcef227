"""Messages to people."""

import re
from typing import Literal

from pydantic import BaseModel, Field, SecretStr, field_validator


class Mail(BaseModel):
    smtp_host: str = Field("", description="The mail server that messages to people go through; empty: no e-mail.")
    smtp_port: int = Field(587, ge=1, le=65535, description="The mail server's port.")
    smtp_security: Literal["starttls", "tls", "none"] = Field(
        "starttls", description="How the way to the mail server is encrypted: starttls, tls (mostly port 465) or none."
    )
    smtp_user: str = Field("", description="The name at the mail server, if it asks for one.")
    smtp_password: SecretStr = Field(SecretStr(""), description="The password at the mail server.")
    mail_from: str = Field("", description="The sender of the messages, like publisher@example.org.")
    digest_hour: int = Field(
        8, ge=-1, le=23, description="The hour of the newsroom's day at which the daily digest goes out; -1 for none."
    )

    @field_validator("mail_from")
    @classmethod
    def _mail_address(cls, value: str) -> str:
        if value and not re.fullmatch(r"[^\s@<>,;]+@[^\s@<>,;]+", value):
            raise ValueError("it must be one plain e-mail address")
        return value
