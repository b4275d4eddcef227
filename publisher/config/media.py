"""Pictures, videos and quote cards, and where networks fetch them."""

from typing import Literal

from pydantic import BaseModel, Field, SecretStr, field_validator

from publisher.config.values import Colour, File, Folder, parts_of


class Media(BaseModel):
    card_background: Colour = Field("#12305a", description="Quote cards: the colour of the ground.")
    card_text: Colour = Field("#ffffff", description="Quote cards: the colour of the words.")
    card_accent: Colour = Field("#ffcc00", description="Quote cards: the colour of the bar beside the words.")
    card_logo: File | None = Field(None, description="Quote cards: your logo, an SVG, PNG or JPEG file.")
    card_fonts: Folder | None = Field(
        None, description="Quote cards: a folder with the files of your own font; empty means Noto Sans."
    )
    upload_megabytes: int = Field(
        100, ge=1, le=4000, description="The largest picture or video that may be uploaded, in megabytes."
    )
    alt_text: Literal["required", "advised"] = Field(
        "required", description="Descriptions of pictures, where a network takes them: required or advised."
    )
    s3_bucket: str = Field("", description="S3 storage for files that networks fetch: the bucket; empty: the desk.")
    s3_endpoint: str = Field("https://s3.amazonaws.com", description="S3 storage: its address.")
    s3_region: str = Field("us-east-1", description="S3 storage: its region, as the provider calls it.")
    s3_access_key: str = Field("", description="S3 storage: the access key.")
    s3_secret_key: SecretStr = Field(SecretStr(""), description="S3 storage: the secret key.")

    @field_validator("s3_endpoint")
    @classmethod
    def _storage(cls, value: str) -> str:
        parts = parts_of(value)
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username is not None:
            raise ValueError("it must begin with https:// or http:// and name a host")
        if parts.query or parts.fragment:
            raise ValueError("it must end with the host, or a path; the bucket has a setting of its own")
        return value.rstrip("/")
