"""What people are told about rules: why a person looks first, and what cannot be meant."""

RULES = {
    # --- why a person looks first --------------------------------------------------------------
    "rule.embargo": "The institution has put this text under an embargo. Approve it for the time when the embargo ends.",
    "rule.mass_change": (
        "%(source)s suddenly showed mostly new texts, and nobody has looked at that yet (Alarms). Look whether this is news."
    ),
    "rule.many_at_once": "It came with many others at once, so a person looks first.",
    "rule.remembered": "It stood in a source when that was first read, and is news now. A person looks first.",
    "rule.by_hand": "Somebody asked for this draft, so a person looks at it before it goes out.",
    "rule.not_agreed": (
        "On a channel with four eyes, the rule “%(name)s” sends nothing by itself before a second person has agreed to it "
        "(Rules). Until then a person approves its posts."
    ),
    "rule.waits": "Where four eyes count, it sends by itself once a second person has agreed to it; until then its posts wait.",
    "rule.waits_unasked": (
        "Where four eyes count, it sends nothing by itself: a second person must agree to it, and none is asked at the "
        "moment. Ask again."
    ),
    "rule.waits_alone": (
        "Where four eyes count, it sends nothing by itself: a second person must agree to it, and you are the only one who "
        "could. A person approves its posts until a colleague has joined."
    ),
    "rule.over_cap": "The rule “%(name)s” may send %(count)s an hour by itself, and this is one more.",
    "rule.changed": "The rule “%(name)s”, which had scheduled this by itself, was changed. Look at it before it goes out.",
    "rule.switched_off": (
        "The rule “%(name)s”, which had scheduled this by itself, is no longer in force. Look at it before it goes out."
    ),
    "rule.ignores": "The rule “%(name)s” ignores it for %(channels)s, so nothing is drafted there.",
    "rule.no_video": (
        "The rule “%(name)s” takes it for %(channels)s, where only videos go, and the document has none: nothing is drafted "
        "there. To post a video about it, draft it by hand."
    ),
    "rule.other_first": "The rule “%(name)s” comes first and takes it.",
    "rule.withdrawn": "The institution has withdrawn this text, so no rule sends it.",
    "language.not_waiting": "The channel does not wait for this document's language any more: it has come, or somebody has decided.",
    "language.none": "The document is not there in this language: %(language)s.",
    "approval.machine_translated": (
        "A machine has translated this text, so nothing of it is anybody's own words. Check it, and say so: open the post and "
        "tick the box, or add --machine-translated."
    ),
    "rule.machine_translated": (
        "This is a machine translation, not the institution's own words. Look at it before you approve it."
    ),
    "rule.embargo_without_date": (
        "The institution has put this text under an embargo and does not say until when. Approve it when the embargo is lifted."
    ),
    "rule.old": "This was published on %(date)s and reached us only now. Look whether it is still news.",
    "rule.odd_date": "The source dates this %(date)s, which cannot be right. Look at it before you approve it.",
    "rule.same_title": (
        "%(source)s brought a text with the same title. Look whether this is the same news before you approve it."
    ),
    "rule.unknown": "There is no rule %(id)s.",
    "rule.name_missing": "Give the rule a name.",
    "rule.unknown_kind": "There is no kind %(kind)s. We have: %(known)s.",
    "rule.unknown_mode": "There is no mode %(mode)s. We have: %(known)s.",
    "rule.ambiguous": "Several rules are called %(id)s. Give the number of the one you mean.",
    "rule.changed_meanwhile": "The rule was changed or removed meanwhile. Look at it again before you agree to it.",
    "rule.cool_off": "Wait between 0 and %(most)s minutes (a week).",
    "rule.per_hour": "Give a number of posts between 0 (any number) and %(most)s.",
    "rule.weekdays": "Weekdays are numbers from 0 (Monday) to 6 (Sunday).",
    "rule.hours": "The hours must end at another time than they begin.",
    "rule.too_many": "A list of a rule holds at most %(most)s values.",
    "rule.language": "%(value)s is no language. Give its two or three letters: en, fr, de.",
    "rule.person": "%(value)s is no name. Give the name of a speaker as documents write it.",
    "rule.word": "%(value)s has neither letters nor digits, so nothing can be found by it.",
    "rule.hashtag": "%(value)s is no hashtag. Use letters, digits and underscores, without blanks: StateOfTheUnion.",
}
