"""How the newsroom works: its time, its sources, its posts."""

import re
from ipaddress import ip_network
from zoneinfo import ZoneInfo, available_timezones

from pydantic import BaseModel, Field, field_validator

from publisher.config.values import Folder


class Newsroom(BaseModel):
    time_zone: str = Field("Europe/Brussels", description="The newsroom's time zone.")
    language: str = Field("en", description="The language of the desk.")
    contact: str = Field(
        "", description="A page or an e-mail address that web servers are told, so that they can reach you."
    )
    poll_interval: int = Field(
        0,
        ge=0,
        le=86400,
        description="Seconds between two looks at a source; 0 lets each source's own rhythm decide.",
    )
    private_hosts: str = Field(
        "",
        description="Hosts or networks inside your own net that may be read: intranet.example.org 10.1.0.0/16.",
    )
    waiting_minutes: int = Field(
        30,
        ge=1,
        le=10080,
        description="Minutes after which a document that is on no channel yet is an alarm.",
    )
    late_after: int = Field(
        21600, ge=60, description="Seconds after its time at which a post no longer goes out by itself but asks again."
    )
    templates_dir: Folder | None = Field(
        None, description="Your own post templates; what is missing there comes with us."
    )
    sample: bool = Field(True, description="Whether the first start opens the sample newsroom.")
    figures_that_cost: bool = Field(
        False, description="Whether the figures of posts are read where each reading is billed (X)."
    )

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        if value not in available_timezones():
            raise ValueError("no such time zone; write it like Europe/Brussels")
        return value

    @field_validator("private_hosts")
    @classmethod
    def _hosts(cls, value: str) -> str:
        for word in value.replace(",", " ").split():
            try:
                ip_network(word.strip("[]"), strict=False)
            except ValueError:
                if not re.fullmatch(r"[\w.-]*[^\W\d][\w.-]*", word):
                    raise ValueError(f"{word} is no host name, IP address or network") from None
        return value

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)
