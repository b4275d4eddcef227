"""The nouns as rows: what is stored, and what the database refuses. No decisions live here."""

import publisher.models.guards  # noqa: F401  # connects what raises the triggers after each migrate
from publisher.models.alarm import Alarm
from publisher.models.asset import Asset, AssetUse
from publisher.models.channel import Channel
from publisher.models.comment import Comment
from publisher.models.connect import Handshake, NetworkApp
from publisher.models.document import Document, Identity, Sighting, Version
from publisher.models.emergency import Emergency
from publisher.models.event import Actor, Event
from publisher.models.figures import PostFigures
from publisher.models.hashtag import Hashtag
from publisher.models.hold import Hold
from publisher.models.language import LanguageWait
from publisher.models.link import ShortLink
from publisher.models.notice import Notice, NoticeAddress, NoticeWish, Telling
from publisher.models.period import SensitivePeriod
from publisher.models.person import Person
from publisher.models.post import Approval, Attempt, Post, Revision
from publisher.models.presence import Presence
from publisher.models.proposal import Proposal
from publisher.models.rule import Rule
from publisher.models.sandbox import SandboxAccount, SandboxImage, SandboxPost
from publisher.models.source import Host, Source
from publisher.models.subscription import Subscription
from publisher.models.user import Grant, Invitation, SignInFailure, User

__all__ = [
    "Actor",
    "Alarm",
    "Approval",
    "Asset",
    "AssetUse",
    "Attempt",
    "Channel",
    "Comment",
    "Document",
    "Emergency",
    "Event",
    "Grant",
    "Handshake",
    "Hashtag",
    "Hold",
    "Host",
    "Identity",
    "Invitation",
    "LanguageWait",
    "NetworkApp",
    "Notice",
    "NoticeAddress",
    "NoticeWish",
    "Person",
    "Post",
    "PostFigures",
    "Presence",
    "Proposal",
    "Revision",
    "Rule",
    "SandboxAccount",
    "SandboxImage",
    "SandboxPost",
    "SensitivePeriod",
    "ShortLink",
    "Sighting",
    "SignInFailure",
    "Source",
    "Subscription",
    "Telling",
    "User",
    "Version",
]
