"""The sentences about documents: what one lacks, what to mind in it, its embargo."""

DOCUMENTS: dict[str, str] = {
    "document.nothing_to_draft": "Nothing to draft: each channel that a rule names has its post, or no rule fits.",
    "document.not_drafted": (
        "No post could be written for %(channels)s. Open the document and draft it again; if that fails too, look at the log."
    ),
    "document.unknown": "There is no document %(id)s.",
    "embargo.no_reason": "Say why the embargo may be lifted before its time; colleagues will read it.",
    "embargo.none": "This document is under no embargo.",
    "embargo.lifted_early": "The embargo is lifted, but the post was approved for this time. Send it now if it should go out earlier.",
    "embargo.other": "The embargo is not the one that was to be lifted. Look at the document again.",
    # --- what one entry of a source lacks, or a person must mind ------------------------------
    "entry.empty": "One entry of the source has neither title nor text; it is left out.",
    "entry.no_address": "“%(title)s” has no address of its own, so a post about it cannot link to it.",
    "entry.language_differs": (
        "“%(title)s” is said to be in the language %(said)s, but its address says %(seen)s. Check before it goes out."
    ),
    "entry.embargo": (
        "“%(title)s” is under embargo, and the source does not say until when. It is held until the source lifts the embargo."
    ),
    "entry.machine_translation": (
        "“%(title)s” is a machine translation, not the institution's own words. Use the original, or have it checked."
    ),
    "entry.check_delivery": "“%(title)s” is a text as prepared: check it against what was said before you quote it.",
    "entry.withdrawn": "The institution has withdrawn “%(title)s”: it no longer holds.",
    "entry.no_recipe": (
        "“%(title)s” was read without a recipe for its site: check its text against the page before you quote it."
    ),
    "entry.no_body": "“%(title)s” has no text of its own, only a headline or a file to download.",
}
