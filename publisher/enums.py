"""The closed sets of values that every layer shares."""

from enum import StrEnum


class DocumentKind(StrEnum):
    """What an institution calls a text that it puts out."""

    SPEECH = "speech"
    STATEMENT = "statement"
    PRESS_RELEASE = "press_release"
    REMARKS = "remarks"
    READOUT = "readout"
    QUESTIONS_AND_ANSWERS = "questions_and_answers"
    NEWS = "news"
    FACTSHEET = "factsheet"
    DAILY_NEWS = "daily_news"
    EVENT = "event"
    OTHER = "other"


class Precision(StrEnum):
    """How exactly a source tells when a document came out."""

    INSTANT = "instant"
    DAY = "day"


class PostState(StrEnum):
    """Where a post stands; `newsroom.workflow` draws the way from one to the next."""

    DRAFT = "draft"
    REVIEW = "review"
    REJECTED = "rejected"
    SCHEDULED = "scheduled"
    SENDING = "sending"
    PROCESSING = "processing"
    UNCERTAIN = "uncertain"
    PUBLISHED = "published"
    FAILED = "failed"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


class LatePolicy(StrEnum):
    """What becomes of a post whose time has passed before it could go out, or before it was approved."""

    ASK = "ask"
    """A person says anew: now, another time, or not at all."""
    EXPIRE = "expire"
    SEND = "send"


class Pace(StrEnum):
    """What a channel's pace has done with a post, or a person with the pace."""

    WAITS = "waits"
    """Put off to `Post.not_before`: the minutes between two posts, or the number of the day."""
    ASKS = "asks"
    """The month's money is used up: it waits for a person."""
    ANYWAY = "anyway"
    """A person lets it go now, whatever the channel's pace says."""


class LanguageOutcome(StrEnum):
    """How a channel's wait for a document in its language ended."""

    CAME = "came"
    USED = "used"
    """A person took another language."""
    SKIPPED = "skipped"


class Outcome(StrEnum):
    """How one attempt to send one part ended."""

    PUBLISHED = "published"
    PENDING = "pending"
    RETRY = "retry"
    RATE_LIMITED = "rate_limited"
    REFUSED = "refused"
    ACCOUNT_BLOCKED = "account_blocked"
    UNCERTAIN = "uncertain"
    ABSENT = "absent"
    """Uncertain first; a look-up or a person then found that the part is not out."""


class SourceKind(StrEnum):
    """How a source is read."""

    FEED = "feed"
    PRESS_CORNER = "press_corner"
    """The Commission's feed for speed, its search for completeness, its document API for the text."""
    LISTING = "listing"
    """A page that lists documents, read by selectors."""
    SITEMAP = "sitemap"
    CALENDAR = "calendar"
    """Events to come, not news: a stream apart."""


class SourceStatus(StrEnum):
    """What the last look at a source brought."""

    NEW = "new"
    OK = "ok"
    NOT_MODIFIED = "not_modified"
    BLOCKED = "blocked"
    """An answer that is no feed: an error page, a challenge, a maintenance page."""
    GONE = "gone"
    MALFORMED = "malformed"
    OVERSIZE = "oversize"
    RATE_LIMITED = "rate_limited"
    UNREACHABLE = "unreachable"
    ERROR = "error"


class SubscriptionState(StrEnum):
    """Where a WebSub subscription stands."""

    ASKED = "asked"
    ACTIVE = "active"
    DENIED = "denied"
    ENDED = "ended"


class AlarmKind(StrEnum):
    """What a person must look at."""

    SILENCE = "silence"
    """A source that usually brings something brings nothing."""
    WAITING = "waiting"
    """Published by the institution a while ago, and not yet on our channels."""
    GAP = "gap"
    """Nothing of what the last look at a source showed is in this one: something may have been missed."""
    MASS_CHANGE = "mass_change"
    """A known source is suddenly mostly new: its documents wait for a person."""
    LAYOUT = "layout"
    """The selectors of a listing find nothing any more."""
    MOVED = "moved"
    """A source has moved for good, or has ended."""
    CORRECTION = "correction"
    """The institution changed a text about which posts are out."""
    VANISHED = "vanished"
    """The institution took a text down."""


class NoticeKind(StrEnum):
    """What people are told about, by e-mail or in a chat. Besides these, each kind of alarm."""

    FAILED = "failed"
    """A post did not go out."""
    UNCERTAIN = "uncertain"
    EXPIRED = "expired"
    BLOCKED = "blocked"
    """A network no longer lets a channel in."""
    SPEND = "spend"
    """A channel's money of the month is spent."""
    UNREACHABLE = "unreachable"
    """A channel with a post due soon does not answer."""
    EXPIRING = "expiring"
    """A channel's credentials end soon."""
    SILENCE = "silence"
    WAITING = "waiting"
    GAP = "gap"
    MASS_CHANGE = "mass_change"
    LAYOUT = "layout"
    MOVED = "moved"
    CORRECTION = "correction"
    VANISHED = "vanished"
    ALARM = "alarm"
    """Any other alarm."""
    EMERGENCY = "emergency"
    """Somebody published without the approvals that are usually asked for."""
    PERSONAL = "personal"
    """Something for one person: a mention, an assignment."""
    ANCHOR = "anchor"
    """The hash at the head of the history."""
    DIGEST = "digest"
    """How things stand, once a day."""
    TEST = "test"


class RuleMode(StrEnum):
    """What a rule does with a document that it takes."""

    REVIEW = "review"
    AUTOMATIC = "automatic"
    """Sent by itself, where nothing stands against it."""
    IGNORE = "ignore"
    """Nothing is drafted; the document's history says by which rule."""


class Origin(StrEnum):
    """Who asked for a post: a rule on new content, or a person."""

    RULE = "rule"
    PERSON = "person"


class ChannelHealth(StrEnum):
    UNKNOWN = "unknown"
    OK = "ok"
    BLOCKED = "blocked"
    """The network no longer lets us in: the channel is paused until someone reconnects it."""


class ProposalOutcome(StrEnum):
    """What became of an act that needs two people."""

    DONE = "done"
    DROPPED = "dropped"
    EXPIRED = "expired"


class HoldScope(StrEnum):
    EVERYTHING = "everything"
    CHANNEL = "channel"
    DOCUMENT = "document"
    TOPIC = "topic"
    """Every post that is about one of some words."""
    PERIOD = "period"
    """From one moment until another, on all channels or on some."""


class Role(StrEnum):
    """What somebody may do, on every channel or on one; each may do all that the ones below it may."""

    ADMINISTRATOR = "administrator"
    APPROVER = "approver"
    EDITOR = "editor"
    """Writes, and cannot get anything out."""
    VIEWER = "viewer"


class Severity(StrEnum):
    ERROR = "error"
    """The post cannot go out like this."""
    WARNING = "warning"


class Unit(StrEnum):
    """What a network counts when it counts the length of a text."""

    WEIGHTED = "weighted"
    """X: twitter-text v3, a URL is 23."""
    GRAPHEMES = "graphemes"
    """What a reader takes for one character (UAX 29 extended grapheme clusters)."""
    MASTODON = "mastodon"
    """Graphemes, where each http(s) URL counts as a fixed number and @user@host as @user."""
    CODE_POINTS = "code_points"
    """Unicode code points: what most documentation means by "characters"."""
    UTF16 = "utf16"
    """UTF-16 code units: most emoji are two or more (Telegram, TikTok)."""
    THREADS = "threads"
    """Code points, but an emoji is as many as it has UTF-8 bytes."""


class Requires(StrEnum):
    """What a post cannot do without, besides words."""

    NOTHING = "nothing"
    PICTURE = "picture"
    """Or a video, where the network takes one."""
    VIDEO = "video"


class ThreadStyle(StrEnum):
    NONE = "none"
    CHAIN = "chain"
    """Each part is a reply to the one before, in a call of its own."""
    ATOMIC = "atomic"
    """All parts stand or fall in one call."""


class CardStyle(StrEnum):
    NONE = "none"
    OURS = "ours"
    """We send title, description and image."""
    NETWORK = "network"
    """The network reads the page behind the link and makes the card itself."""


class Proof(StrEnum):
    """What tells that a post is out."""

    RECEIPT = "receipt"
    """The network: it gives the post's number and address."""
    NONE = "none"
    """Nothing: the place takes the message and says no more."""
    PERSON = "person"
    """Whoever posted it by hand: no program can."""


class Lookup(StrEnum):
    """How sure a network can tell whether a post is out."""

    EXACT = "exact"
    """By a key that we chose: absence is proof."""
    SEARCH = "search"
    """By looking through the account's recent posts."""
    NONE = "none"
    """Not at all: a person decides."""
