"""What could be better about a description of a picture. Rules of W3C's "An alt Decision Tree" and of what screen
readers do: they say "image" themselves, and read a description in one go. Pure.
"""

import re

SHORT = 12
"""Letters below which a description hardly says anything; single names are shorter and rarely enough."""
LONG = 500
"""Characters after which a listener has lost the thread; what is longer belongs into the text."""
_FILE = re.compile(r"(?i)(?:\S+\.(?:jpe?g|png|gif|webp|avif|tiff?|bmp|heic|mp4|mov)|(?:img|dsc|pxl|dji)[_-]?\d+\S*)")
_ANNOUNCED = re.compile(
    r"(?i)(?:an? |the )?(?:image|picture|photo(?:graph)?|graphic|screenshot) (?:of|showing|shows)\b"
    r"|(?:(?:ein |das )?(?:bild|foto)|(?:eine )?grafik) (?:von|mit|zeigt)\b"
    r"|(?:une? |la |l['’])?(?:image|photo(?:graphie)?) (?:de|d['’]|du|des|montrant)"
    r"|(?:una? |la )?(?:imagen|foto(?:grafía|grafia)?|immagine|imagem) (?:de|del|di|da|do)\b"
)


def hint(alt: str, text: str) -> str:
    """The end of a key of `alt.…`; blank when there is nothing to say. `text` is the post's own."""
    said = " ".join(alt.split())
    if not said:
        return ""
    if _FILE.fullmatch(said):
        return "file_name"
    if _ANNOUNCED.match(said):
        return "announced"
    if said.casefold().strip(" .") == " ".join(text.split()).casefold().strip(" ."):
        return "same_as_text"
    if sum(letter.isalnum() for letter in said) < SHORT and not re.search(r"[^\u0000-\u2fff]", said):
        return "short"
    return "long" if len(said) > LONG else ""
