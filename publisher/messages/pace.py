"""The sentences about a channel's pace: what waits, until when and why, what is too late, what is spent."""

PACE: dict[str, str] = {
    "pace.spacing": "Waits until %(until)s: %(minutes)s minutes between two posts.",
    "pace.daily": "Waits until %(until)s: no more than %(count)s a day go out here, and they are taken.",
    "pace.spend": (
        "Waits for a person: this month about $%(spent)s of $%(cap)s are spent on %(channel)s, and this post costs about "
        "$%(cost)s more. Send it anyway, or raise the limit of the channel."
    ),
    "pace.not_waiting": "This post does not wait for its channel's pace, so there is nothing to send anyway.",
    "pace.spacing_wrong": "The minutes between two posts are a number from 0 to 1440.",
    "pace.daily_wrong": "The posts of a day are a number from 0 (as many as there are) to 1000.",
    "pace.language_wrong": "The hours for which a channel waits for its language are a number from 0 to %(most)s.",
    "pace.spend_wrong": "The limit of a month is an amount in US dollars, such as 50 or 49.90, or nothing at all.",
    "pace.hours_wrong": "“%(line)s” names no hours. Write lines like: mon-fri 09:00, 14:30",
    "pace.no_hours": "%(channel)s names no best hours. Enter them under Channels, or choose a time.",
    "late.asked": "Its time, %(when)s, passed before it could go out. Approve it to send it now, or choose another time.",
    "late.expired": "Its time passed before it could go out.",
    "late.slot_passed": "Its time, %(when)s, has passed. Send it now, or choose another time.",
    "late.slot_expired": "Its time, %(when)s, passed before it was approved.",
    "late.unknown": "There is no rule “%(policy)s” for what is too late. Choose ask, expire or send.",
}
