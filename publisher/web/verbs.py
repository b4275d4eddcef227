"""What the desk calls the events of the history: each verb of each subject, as what somebody did."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SUBJECTS: dict[str, Promise] = {
    "post": _("Post"),
    "document": _("Document"),
    "source": _("Source"),
    "channel": _("Channel"),
    "app": _("App at a network"),
    "rule": _("Rule"),
    "hold": _("Stop"),
    "period": _("Sensitive period"),
    "alarm": _("Alarm"),
    "team": _("Team"),
    "hashtag": _("Hashtag"),
    "speaker": _("Speaker"),
    "person": _("Person"),
    "place": _("Address for messages"),
    "media": _("Picture or video"),
    "sample": _("Sample newsroom"),
    "history": _("History"),
}

_BOTH: Mapping[str, Promise] = {
    "add": _("added"),
    "change": _("changed"),
    "remove": _("removed"),
    "pause": _("paused"),
    "resume": _("resumed"),
}
"""Verbs that mean the same whatever they are done to."""

VERBS: dict[str, Mapping[str, Promise]] = {
    "post": {
        "submit": _("drafted, and put into review"),
        "edit": _("written anew"),
        "keep": _("kept as it is, though the source changed"),
        "keep for review": _("kept for a person's look"),
        "reject": _("rejected"),
        "reopen": _("put back into review"),
        "approve": _("approved"),
        "first approval": _("approved by the first of two"),
        "reschedule": _("given another time"),
        "unschedule": _("taken back into review"),
        "wait": _("made to wait for its channel's pace"),
        "send anyway": _("sent without waiting for its channel's pace"),
        "ask": _("put back into review, because its time had passed"),
        "expire": _("left, because its time had passed"),
        "claim": _("taken up to be sent"),
        "publish": _("published"),
        "process": _("taken by the network, which works on it"),
        "put off": _("put off"),
        "refuse": _("refused"),
        "lose": _("sent without a clear answer"),
        "find": _("found on the network"),
        "send again": _("not found on the network, and sent again"),
        "give up": _("given up"),
        "retry": _("sent again by hand"),
        "leave": _("left as far as it is out"),
        "withdraw": _("withdrawn from the network"),
        "late answer": _("answered late by the network"),
        "review emergency": _("looked at after an emergency"),
        "comment": _("commented on"),
        "withdraw comment": _("a comment withdrawn"),
        "ask for changes": _("changes asked for"),
        "withdraw request": _("a request for changes withdrawn"),
        "assign": _("given to somebody"),
        "unassign": _("given to nobody"),
    },
    "document": {
        "arrive": _("arrived"),
        "change": _("changed by its source"),
        "translate": _("arrived in another language"),
        "sight": _("seen in another source too"),
        "duplicate": _("seen again as a twin"),
        "resurface": _("shown again by its source under another date"),
        "vanish": _("taken down by its source"),
        "return": _("there again"),
        "ignore": _("ignored, as a rule says"),
        "lift embargo": _("its embargo lifted"),
        "use language": _("used in another language than its channel's"),
        "skip language": _("left out where its language has not come"),
    },
    "source": {
        "first sight": _("looked at for the first time; what stood there is remembered"),
        "quarantine": _("mostly new at once; its documents wait"),
        "remember": _("what it showed is remembered, and not posted"),
        "move": _("moved to another address"),
        "stop": _("no longer looked at"),
        "push agreed": _("agreed to push what is new"),
        "push denied": _("refused to push what is new"),
    },
    "channel": {
        "connect": _("connected"),
        "reconnect": _("connected anew"),
        "block": _("shut out by its network"),
        "learn": _("found to have other limits"),
        "pace": _("when it may send, changed"),
        "links": _("how its links are written, changed"),
        "approval policy": _("how its posts are approved, changed"),
        "sandbox switch": _("its sandbox told how to answer"),
    },
    "app": {"set": _("its keys entered")},
    "rule": {
        "agree": _("agreed to: it may send by itself"),
        "switch on": _("switched on"),
        "switch off": _("switched off"),
    },
    "hold": {"set": _("set"), "lift": _("lifted")},
    "period": {"set": _("set"), "end": _("ended")},
    "alarm": {"raise": _("raised"), "close": _("closed")},
    "team": {
        "invite": _("somebody invited"),
        "join": _("joined"),
        "detach identity": _("freed from the sign-in of the institution"),
        "join identity": _("joined by the sign-in of the institution"),
        "password link": _("given a link for a new password"),
        "new password": _("chose a new password"),
        "role": _("given another role"),
        "grant": _("given a role on one channel"),
        "take grant": _("a role on one channel taken away"),
        "activate": _("let in again"),
        "deactivate": _("shut out"),
        "sign out everywhere": _("signed out everywhere"),
        "add factor": _("added a second step to sign in"),
        "remove factor": _("took away a second step to sign in"),
        "reset second factor": _("freed from the second step to sign in"),
        "new recovery codes": _("made new recovery codes"),
        "use recovery code": _("signed in with a recovery code"),
    },
    "hashtag": {},
    "speaker": {"add": _("added"), "handles": _("given handles")},
    "person": {"forget": _("forgotten")},
    "place": {},
    "media": {"describe": _("described"), "caption": _("given subtitles, or freed from them")},
    "sample": {"open": _("opened")},
    "history": {"seal": _("sealed as it stands")},
}
"""Every verb that `newsroom.record.audit` is given, by its subject; a test finds those that are missing."""

PAIRS: dict[str, Promise] = {
    "propose": _("proposed: %(act)s"),
    "confirm": _("confirmed: %(act)s"),
    "drop": _("dropped: %(act)s"),
    "correct": _("a correction decided: %(act)s"),
}
"""Verbs that name an act: the steps of what takes two people, and what becomes of a post that is out."""
ACTS: dict[str, Promise] = {
    "lift embargo": _("to lift its embargo"),
    "lift everything": _("to lift it"),
    "relax approval": _("fewer eyes on its posts"),
    "confirm rule": _("to let it send by itself"),
    "edit": _("to edit it on the network"),
    "reply": _("to answer it with a correction"),
    "repost": _("to withdraw it and post anew"),
    "leave": _("to leave it"),
}


def known(subject: str, verb: str) -> Promise | None:
    """The words for what was done; None where there are none."""
    step, colon, _act = verb.partition(": ")
    return PAIRS.get(step) if colon else VERBS.get(subject, {}).get(verb) or _BOTH.get(verb)


def say(subject: str, verb: str) -> str:
    """The same; of a verb that we have no words for (any more), itself."""
    act = verb.partition(": ")[2]
    return str(known(subject, verb) or verb) % {"act": ACTS.get(act, act)}


def subject(value: str) -> str:
    return str(SUBJECTS.get(value, value))
