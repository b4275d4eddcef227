"""Where the apps of a network stop showing a long text and write "… more" instead."""

BLANK = 20
"""How many characters before the cut a blank is looked for, so that no word is cut."""


def find_fold(text: str, characters: int, lines: int = 0) -> int | None:
    """The place (code points) up to which `text` is shown at first; None where all of it is.

    `lines`: at most so many lines, an empty one counting as one; 0 = any number.
    """
    cut = characters if len(text.rstrip()) > characters else len(text)
    if lines:
        broken = text.split("\n", lines)
        if len(broken) > lines and broken[lines].strip():
            cut = min(cut, len(text) - len(broken[lines]) - 1)
    if cut == len(text):
        return None
    if cut == characters and not text[cut].isspace():
        gap = max(text.rfind(blank, max(0, cut - BLANK), cut) for blank in " \n")
        cut = gap if gap > 0 else cut
    return len(text[:cut].rstrip())
