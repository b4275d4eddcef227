"""The sentences about drafting: post templates, and words that are held against the document."""

DRAFTING: dict[str, str] = {
    "compose.nothing": "There is no document in %(path)s, so there is nothing to draft.",
    "template.broken": (
        "The post template %(file)s has a mistake in line %(line)s: %(why)s. Until it is mended, posts are drafted "
        "with title and link only."
    ),
    "template.missing": (
        "The post template %(file)s does not exist. Until it is there, posts are drafted with title and link only."
    ),
    "compose.unknown_network": "There is no network called %(network)s. Choose one of: %(networks)s.",
    # --- words held against the document (compose/verify.py) ----------------------------------
    "quote.not_in_source": (
        "These words stand in quotation marks, but the document does not have them like that: %(words)s. Quote the "
        "document word for word, or take the marks off."
    ),
    "quote.other_speaker": (
        "In the document it is %(who)s who says this: %(words)s. Name the right person, or choose another quotation."
    ),
    "quote.question": (
        "In the document a journalist asks this, nobody else says it: %(words)s. Choose another quotation."
    ),
    "quote.not_speech": (
        "The document tells this itself, it does not quote anybody: %(words)s. Check who really said it before this goes out."
    ),
    "claim.number": "The document does not have the number %(words)s. Check it before this goes out.",
    "claim.date": "The document does not have the date %(words)s. Check it before this goes out.",
    "claim.name": "The document does not name %(words)s. Check it before this goes out.",
}
