"""The sentences about sending: what a network answered, what stands in the way, what became of a post."""

SENDING: dict[str, str] = {
    # --- what a network answered --------------------------------------------------------------
    "network.unreachable": "%(network)s could not be reached. Nothing was sent; it will be tried again.",
    "network.unavailable": "%(network)s is out of order at the moment. Nothing was sent; it will be tried again.",
    "network.rate_limited": "%(network)s asks us to wait before we post again. The post goes out by itself after that.",
    "network.uncertain": (
        "%(network)s gave no clear answer, so nobody knows yet whether the post is out. It is looked up on the "
        "network; it is not sent a second time before that is clear."
    ),
    "network.refused": "%(network)s refused the post: %(why)s Change it and approve it again.",
    "network.edit_gone": "The post is no longer on %(network)s, so its words cannot be replaced. Post it anew if it is still needed.",
    "network.duplicate": "%(network)s refused the post as a duplicate: a post with the same text is already out.",
    "network.credentials": (
        "%(network)s did not accept the credentials of this channel. Enter new ones under Channels; further posts wait until then."
    ),
    "network.account_blocked": "%(network)s does not let this account post: %(why)s The channel is paused.",
    "network.unknown": "There is no network %(kind)s. We have: %(known)s.",
    "network.not_prepared": "The post for %(network)s could not be prepared. Nothing was sent; it will be tried again.",
    "network.worker_died": (
        "The service stopped while it was posting to %(network)s, so nobody knows yet whether the post is out. It is "
        "looked up on the network; it is not sent a second time before that is clear."
    ),
    "network.given_up": "%(network)s lost the post at every try. It is not out. Try again when %(network)s works.",
    "network.never_processed": (
        "%(network)s has worked on the post since yesterday, so nobody knows whether it will come out. Look there, and "
        "say here whether it is out."
    ),
    # --- how it is found out what became of an uncertain post (newsroom/sending/lookups.py) ---
    "lookup.exact": "%(network)s is asked by the key that the post was given, so its answer is certain.",
    "lookup.search": (
        "Its text is looked for among the account's posts on %(network)s since %(since)s, the newest %(posts)s at most."
    ),
    "lookup.costs": "A look costs up to %(cost)s US dollars there.",
    "lookup.none": (
        "%(network)s cannot be asked. Look at the account for a post of %(since)s or later that begins with “%(start)s”."
    ),
    # --- threads of which a part is out -------------------------------------------------------
    "post.rest_not_out": (
        "%(out)s of %(all)s parts are out; the rest of the thread is not. Post the rest by hand, or leave it so."
    ),
    "post.rest_refused": (
        "%(out)s of %(all)s parts are out; the next one was refused: %(why)s Post the rest by hand and leave it so, or "
        "withdraw what is out."
    ),
    "post.not_partly_out": "No part of this post is out and the rest missing, so there is nothing to leave as it is.",
    "post.thread_cut": (
        "The rest of this thread cannot be joined to its last part, because nobody knows that part's number on "
        "%(network)s. Post the rest there by hand."
    ),
    # --- what stands in the way ---------------------------------------------------------------
    "held.hold": "Sending is stopped by %(by)s: %(why)s",
    "held.file": "Sending is stopped by the file HOLD in the data folder: %(why)s",
    "held.paused": "The channel %(channel)s is paused.",
    "held.blocked": "The channel %(channel)s must be reconnected first; its posts wait until then.",
    "held.embargo": "Under embargo until %(until)s.",
    "held.not_approved": "The post is not the one that was approved. Approve it again.",
    # --- stops --------------------------------------------------------------------------------
    "hold.unknown": "There is no stop %(id)s.",
    "hold.which_channel": "Say which channel is to stop.",
    "hold.which_topic": "Say what is to stop: one word or more that such posts or their documents hold.",
    "hold.times": "The stop must end after it begins, and later than now.",
    "hold.lifted_already": "This stop has been lifted already.",
    "hold.over": "This stop has ended by itself already.",
}
