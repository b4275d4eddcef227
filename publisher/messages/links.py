"""Sentences about links in posts: what is added to them, and the shortener."""

LINKS: dict[str, str] = {
    "link.place": "%(place)s means nothing here. Between braces can stand: %(known)s.",
    "link.too_long": "This is too long: at most %(longest)s characters are taken.",
    "link.no_shortener": "No shortener is set up. Set PUBLISHER_SHORTENER_URL and start Publisher again, or leave links long.",
    "link.not_shortened": "The shortener gave no short link, so the long one stands there.",
}
