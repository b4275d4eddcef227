"""The sentences about texts that their institution changed or took down, and the posts about them."""

CORRECTIONS: dict[str, str] = {
    "hold.vanished": "The institution took the text down.",
    "hold.withdrawn": "The institution says that the text no longer holds.",
    "change.rewritten": "The source changed its text; this draft was written anew from it.",
    "change.completed": "The whole text was read only now; this draft was written anew from it.",
    "change.look": "The source changed its text, and these words depend on what changed. Compare them with the new text.",
    "change.kept": "The source changed its text; what this post says still holds.",
    "correction.all_decided": "Every post was decided.",
    "correction.not_out": "This post is not out any more, so there is nothing to correct. Load the page again.",
    "correction.cannot_edit": "%(network)s cannot change a post that is out. Reply with a correction, or withdraw it and post anew.",
    "correction.decided": "This post of the alarm has been decided already. The page shows how it stands now.",
    "correction.no_reason": "Say why the post may stay as it is; colleagues see it in the history.",
    "correction.unknown_act": "There is no act called %(act)s. Choose one of: %(known)s.",
    "post.corrected_gone": "The post that this one corrects is no longer on %(network)s. Reject this one, or post it as a text of its own.",
}
