"""Sentences about hashtags."""

HASHTAGS: dict[str, str] = {
    "hashtag.flat": "%(tag)s is read out as one word. With a capital for each word, as %(better)s, everybody can follow.",
    "hashtag.long": "%(tag)s is read out as one word. If it is several, begin each with a capital.",
    "hashtag.topic": "Name the topic as the institution does, with up to %(longest)s characters.",
    "hashtag.wrong": "%(tag)s is no hashtag. It has letters, figures and underscores only, and a letter among them.",
    "hashtag.unknown": "There is no hashtag %(id)s.",
}
