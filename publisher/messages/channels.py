"""The sentences about channels."""

CHANNELS: dict[str, str] = {
    "channel.unknown": "There is no channel %(id)s.",
    "channel.known": "This account is already connected, as %(name)s.",
    "channel.missing_field": "%(field)s is missing. Fill it in.",
    "channel.wrong_field": "%(field)s: %(why)s.",
    "channel.other_account": "These credentials belong to %(handle)s, not to %(expected)s. Add it as a channel of its own.",
    "channel.cannot_unseal": (
        "The stored credentials cannot be opened: the sealing key is another than before. Enter them again."
    ),
    "channel.has_published": "%(name)s has published, and its history is kept. Pause the channel instead.",
}
