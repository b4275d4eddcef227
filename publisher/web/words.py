"""What the desk calls the values of our enums."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from publisher import messages
from publisher.enums import (
    AlarmKind,
    ChannelHealth,
    DocumentKind,
    LatePolicy,
    NoticeKind,
    PostState,
    Role,
    RuleMode,
    SourceKind,
    SourceStatus,
)
from publisher.errors import PublisherError
from publisher.newsroom.documents.corrections import Act
from publisher.newsroom.drafts import rehearsal
from publisher.newsroom.feeds.health import Condition

KINDS: dict[str, Promise] = {
    DocumentKind.SPEECH: _("Speech"),
    DocumentKind.STATEMENT: _("Statement"),
    DocumentKind.PRESS_RELEASE: _("Press release"),
    DocumentKind.REMARKS: _("Remarks"),
    DocumentKind.READOUT: _("Read-out"),
    DocumentKind.QUESTIONS_AND_ANSWERS: _("Questions and answers"),
    DocumentKind.NEWS: _("News"),
    DocumentKind.FACTSHEET: _("Factsheet"),
    DocumentKind.DAILY_NEWS: _("Daily news"),
    DocumentKind.EVENT: _("Event"),
    DocumentKind.OTHER: _("Other"),
}

STATES: dict[str, Promise] = {
    PostState.DRAFT: _("Draft"),
    PostState.REVIEW: _("Waiting for review"),
    PostState.REJECTED: _("Rejected"),
    PostState.SCHEDULED: _("Scheduled"),
    PostState.SENDING: _("Being sent"),
    PostState.PROCESSING: _("Being processed"),
    PostState.UNCERTAIN: _("Uncertain"),
    PostState.PUBLISHED: _("Published"),
    PostState.FAILED: _("Failed"),
    PostState.EXPIRED: _("Expired"),
    PostState.WITHDRAWN: _("Withdrawn"),
}

SOURCE_STATUS: dict[str, Promise] = {
    SourceStatus.NEW: _("Not looked at yet"),
    SourceStatus.OK: _("Works"),
    SourceStatus.NOT_MODIFIED: _("Works"),
    SourceStatus.BLOCKED: _("Does not give us the feed"),
    SourceStatus.GONE: _("Gone"),
    SourceStatus.MALFORMED: _("Not a feed"),
    SourceStatus.OVERSIZE: _("Too large"),
    SourceStatus.RATE_LIMITED: _("Asks us to wait"),
    SourceStatus.UNREACHABLE: _("Cannot be reached"),
    SourceStatus.ERROR: _("Out of order"),
}

OTHER_STATUS: dict[str, Promise] = {
    SourceStatus.BLOCKED: _("Does not give us the page"),
    SourceStatus.MALFORMED: _("Cannot be read any more"),
}
"""Where a source that is no feed would be called one."""

CONDITIONS: dict[str, Promise] = {
    Condition.NEW: _("Not looked at yet"),
    Condition.FINE: _("Works"),
    Condition.HELD: _("Asks us to wait"),
    Condition.PAUSED: _("Paused"),
}
"""How a source is doing; where it fails, SOURCE_STATUS says how."""

SOURCE_KINDS: dict[str, Promise] = {
    SourceKind.FEED: _("Feed"),
    SourceKind.PRESS_CORNER: _("Press Corner of the European Commission"),
    SourceKind.LISTING: _("List on a page"),
    SourceKind.SITEMAP: _("Sitemap"),
    SourceKind.CALENDAR: _("Calendar"),
}

HEALTH: dict[str, Promise] = {
    ChannelHealth.UNKNOWN: _("Not checked yet"),
    ChannelHealth.OK: _("Connected"),
    ChannelHealth.BLOCKED: _("Needs to be reconnected"),
}

CRITERIA: dict[str, Promise] = {
    "headline": _("put on top by the institution itself"),
    "topic": _("words of the title or lead"),
    "resolve": _("words of resolve"),
    "first_person": _("says we or our"),
    "names": _("names"),
    "position": _("said early"),
    "leaning": _("leans on the sentence before"),
    "pointing": _("points elsewhere: this, such …"),
    "cut": _("an opening word is left out"),
    "edits": _("edits in square brackets"),
    "today": _("says today or yesterday"),
    "list": _("colon or semicolon"),
    "aside": _("round brackets"),
    "figures": _("figures"),
    "commas": _("commas and dashes"),
    "short": _("short"),
    "long": _("long"),
    "answer": _("in reply to a question"),
}
"""Why a line is quotable or not: `text.quotable.CRITERIA` in the desk's words."""

MODES: dict[str, Promise] = {
    RuleMode.REVIEW: _("A person looks first"),
    RuleMode.AUTOMATIC: _("Goes out by itself"),
    RuleMode.IGNORE: _("Nothing is drafted"),
}

OUTCOMES: dict[str, Promise] = {
    RuleMode.REVIEW: _("A person would look first"),
    RuleMode.AUTOMATIC: _("Would go out by itself"),
    RuleMode.IGNORE: _("Nothing would be drafted"),
    rehearsal.OTHER: _("Another rule takes it"),
}
"""What a rule would have done, as `newsroom.drafts.rehearsal` says it."""

WEEKDAYS: dict[int, Promise] = {
    0: _("Monday"),
    1: _("Tuesday"),
    2: _("Wednesday"),
    3: _("Thursday"),
    4: _("Friday"),
    5: _("Saturday"),
    6: _("Sunday"),
}

LATE: dict[str, Promise] = {
    LatePolicy.ASK: _("Ask a person: it goes back to review"),
    LatePolicy.EXPIRE: _("Let it expire"),
    LatePolicy.SEND: _("Send it all the same"),
}

PROPOSALS: dict[str, Promise] = {
    "lift embargo": _("Lift the embargo of “%(document)s”"),
    "lift everything": _("Lift the stop of everything"),
    "relax approval": _("Ask for fewer eyes on the posts for %(channel)s"),
    "confirm rule": _("Let the rule “%(rule)s” send by itself where four eyes count"),
}
"""Acts that need two people, by their names in `newsroom.approval.pairs`."""

ROLES: dict[str, Promise] = {
    Role.ADMINISTRATOR: _("Administrator"),
    Role.APPROVER: _("Approver"),
    Role.EDITOR: _("Editor"),
    Role.VIEWER: _("Viewer"),
}

MAY: dict[str, Promise] = {
    Role.ADMINISTRATOR: _(
        "connects sources and channels, makes rules, invites the team, and does all an approver does"
    ),
    Role.APPROVER: _("approves, schedules, withdraws, lifts stops, and does all an editor does"),
    Role.EDITOR: _("edits, rejects, takes back, and can stop everything; gets nothing out"),
    Role.VIEWER: _("looks, and changes nothing"),
}


ALARMS: dict[str, Promise] = {
    AlarmKind.SILENCE: _("Silence"),
    AlarmKind.WAITING: _("Not yet on our channels"),
    AlarmKind.GAP: _("Gap"),
    AlarmKind.MASS_CHANGE: _("Suddenly mostly new"),
    AlarmKind.LAYOUT: _("Page rebuilt"),
    AlarmKind.MOVED: _("Moved or ended"),
    AlarmKind.CORRECTION: _("Correction"),
    AlarmKind.VANISHED: _("Taken down"),
}

ALARM_STEPS: dict[str, Promise] = {
    AlarmKind.SILENCE: _("Look at the source's site; close the alarm when all is well."),
    AlarmKind.WAITING: _("Open the document and approve, edit or reject its posts."),
    AlarmKind.GAP: _("Compare the site with what we have; close the alarm when nothing is missing."),
    AlarmKind.MASS_CHANGE: _("Look at the documents, then draft them for review or leave them."),
    AlarmKind.LAYOUT: _("Pick the parts of the page anew on the source's page."),
    AlarmKind.MOVED: _("Check the source's address on its page."),
    AlarmKind.CORRECTION: _("Decide for each post."),
    AlarmKind.VANISHED: _("Look at each post that is out, and withdraw what should not stand."),
}

NOTICES: dict[str, Promise] = {
    NoticeKind.FAILED: _("A post did not go out"),
    NoticeKind.UNCERTAIN: _("Nobody knows whether a post is out"),
    NoticeKind.EXPIRED: _("A post's time passed before it could go out"),
    NoticeKind.SPEND: _("A channel's limit of the month is reached"),
    NoticeKind.BLOCKED: _("A network shuts a channel out"),
    NoticeKind.UNREACHABLE: _("A channel does not answer before a post is due"),
    NoticeKind.EXPIRING: _("The access to a channel ends in 30, 7 or 1 days"),
    NoticeKind.SILENCE: _("A source is silent or cannot be read"),
    NoticeKind.WAITING: _("A text is not yet on our channels"),
    NoticeKind.GAP: _("Texts of a source may have been missed"),
    NoticeKind.MASS_CHANGE: _("A source is suddenly mostly new"),
    NoticeKind.LAYOUT: _("A page was rebuilt"),
    NoticeKind.MOVED: _("A source has moved or ended"),
    NoticeKind.CORRECTION: _("The institution changed a text that we posted about"),
    NoticeKind.VANISHED: _("The institution took a text down that we posted about"),
    NoticeKind.ALARM: _("Any other alarm"),
    NoticeKind.EMERGENCY: _("Somebody published in an emergency"),
    NoticeKind.PERSONAL: _("Something is for me alone: a mention, an assignment"),
    NoticeKind.ANCHOR: _("The hash of the history, to be kept"),
    NoticeKind.DIGEST: _("The daily digest"),
    NoticeKind.TEST: _("A test"),
}

ACTS: dict[str, Promise] = {
    Act.EDIT: _("Edit it"),
    Act.REPLY: _("Reply with a correction"),
    Act.REPOST: _("Withdraw and post anew"),
    Act.LEAVE: _("Leave it"),
}

FIELDS: dict[str, Promise] = {
    "title": _("Title"),
    "lead": _("Lead"),
    "body": _("Text"),
    "embargo": _("Embargo"),
    "video": _("Video"),
    "image": _("Picture"),
}


def when_tried(error: PublisherError) -> str:
    """The sentence for a person who tries something out and waits. The usual one promises another try by itself."""
    key = f"desk.tried.{error.key}"
    return messages.sentence(key, **error.params) if key in messages.CATALOGUE else error.sentence
