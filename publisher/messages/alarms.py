"""The sentences of alarms: what needs a person, and what to do."""

ALARMS: dict[str, str] = {
    # --- corrections (newsroom/documents/rechecks.py, changes.py, vanished.py) ----------------
    "alarm.correction": (
        "The institution changed this text after %(count)s of our posts about it had gone out. Look at what changed, then "
        "decide for each post."
    ),
    "alarm.vanished": (
        "The institution took this text down, so whatever was still to go out about it was stopped. Posts that are out "
        "still link to it: look at them, and withdraw or correct what should not stand."
    ),
    "alarm.withdrawn": (
        "The institution says that this text no longer holds, so whatever was still to go out about it was stopped. "
        "Posts that are out still tell of it: look at them, and withdraw or correct what should not stand."
    ),
    "alarm.returned": (
        "The institution had taken this text down, and it is there again. Look whether the text is the same. A stop that "
        "still stands on the document's page is for a person to lift."
    ),
    # --- alarms themselves (newsroom/alerts/alarms.py) ----------------------------------------
    "alarm.unknown": "There is no alarm number %(id)s.",
    "alarm.closed_already": "Somebody has closed this alarm already. The page shows how it stands now.",
    # --- what a source brings (newsroom/documents/screening.py) -------------------------------
    "alarm.mass_change": (
        "%(source)s is suddenly mostly new: %(count)s of the %(shown)s texts it shows were never there before. Perhaps the "
        "site was rebuilt. They wait; look at them and queue them, or leave them."
    ),
    "alarm.after_outage": (
        "%(source)s answers again after a long time and brings %(count)s texts that we did not know. They wait; queue them "
        "for review, or leave them."
    ),
    "alarm.gap": (
        "Nothing of what %(source)s showed last time is there any more, so texts may have come and gone unseen. Look at "
        "the site itself; we look at it twice as often for a week."
    ),
    # --- silence and waiting (newsroom/feeds/silence.py, newsroom/documents/unposted.py) ------
    "alarm.moved": (
        "This source has moved for good, from %(old)s to %(new)s. The new address is watched from now on; look whether it "
        "shows what the old one did."
    ),
    "alarm.ended": "This source is watched no more. What it says: %(said)s",
    "alarm.silence": (
        "This source usually brings %(usual)s; nothing has come for %(time)s. Look at its site: if there is something new, "
        "the source no longer shows it and needs another address."
    ),
    "alarm.failing": (
        "This source could not be read for %(time)s, so nothing from it reaches the desk. It is tried on and nothing is lost "
        "once it answers again. What it says: %(problem)s"
    ),
    "alarm.waiting": (
        "Published on the site more than %(minutes)s minutes ago, not yet on our channels. Approve a post about it, or "
        "reject its posts if nothing is to go out."
    ),
    "alarm.waiting_undrafted": (
        "Published on the site more than %(minutes)s minutes ago, and no post about it has been drafted although a rule fits. "
        "Draft the posts by hand."
    ),
}
