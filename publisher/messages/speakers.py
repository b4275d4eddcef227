"""The sentences about speakers and their handles."""

SPEAKERS: dict[str, str] = {
    "speaker.unknown": "There is no speaker %(id)s.",
    "speaker.name": "A name has two to %(longest)s characters.",
    "speaker.network": "There are no handles on %(network)s that a post could name. Those with handles: %(known)s.",
    "speaker.handle": "%(handle)s is no handle. It looks like @name, or like @name@server on Mastodon.",
}
