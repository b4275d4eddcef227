"""Sentences about quote cards and title cards."""

CARDS: dict[str, str] = {
    "card.no_quote": "The document has no line that can be quoted with certainty. Choose words of it yourself, or make a title card.",
    "card.no_number": "There is no line %(number)s: the document has %(count)s lines that can be quoted. Choose one of them.",
    "card.no_document": "Nothing is kept of this post's document, so there is nothing for a card.",
    "card.no_pictures": "%(network)s takes no pictures, so a card cannot go out there.",
    "card.no_title": "The document has no title, so there is nothing for a title card.",
    "card.not_drawn": "This post needs a picture, and no card could be drawn for it: %(why)s Edit the post and give it one.",
    "card.not_yet": "It was not there in time.",
    "card.too_long": "The words do not fit on a card of %(size)s, even in small type. Choose fewer words, or a taller card.",
    "card.letters": (
        "No font at hand has these letters: %(letters)s. Put a font file that has them into a folder, and name the folder in "
        "PUBLISHER_CARD_FONTS."
    ),
    "card.contrast": (
        "%(setting)s is %(colour)s on a ground of %(ground)s: a contrast of %(found)s to 1, which many people cannot read. It must be "
        "%(least)s at least; %(better)s would do."
    ),
    "card.logo": "The logo %(path)s cannot be drawn. PUBLISHER_CARD_LOGO must name a whole SVG, PNG or JPEG file.",
    "card.fonts": "There is no font in %(path)s. PUBLISHER_CARD_FONTS must name a folder with TrueType or OpenType files (.ttf, .otf).",
    "card.template": (
        "The card template %(file)s has a mistake in line %(line)s: %(why)s. Mend it, or take it out of your templates folder to have ours."
    ),
    "card.slow": (
        "Drawing the card took more than %(seconds)s seconds, or more memory than it may. Try again; if that does not help, take %(file)s out of your "
        "templates folder to have ours."
    ),
    "card.unwritten": "The card cannot be written to %(path)s. Check the folder and whether you may write there.",
}
