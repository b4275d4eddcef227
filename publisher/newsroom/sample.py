"""The sample newsroom: real press items, three accounts on the sandbox network, two rules. Opened on a first start
with nothing configured, so that a newcomer sees the whole flow; removed by one button, and then it stays away."""

from urllib.parse import urlsplit

from django.db import transaction
from django.utils import timezone

from publisher import config
from publisher.enums import ChannelHealth, DocumentKind, RuleMode
from publisher.models import (
    Channel,
    Document,
    Event,
    Post,
    Rule,
    SandboxAccount,
    Source,
    User,
)
from publisher.newsroom import access
from publisher.newsroom.record import audit
from publisher.newsroom.sealing import seal, unseal
from publisher.types import Identity, to_json

FEEDS = {
    "eeas-fr": "Service européen pour l’action extérieure",
    "parliament": "European Parliament",
    "council": "Council of the EU",
    "commission": "European Commission",
    "eeas": "European External Action Service",
}
"""In the order in which they are read: what comes last stands first in the queue."""
ACCOUNTS = {
    "newsroom": ("EU Newsroom", "#1f5fbf", "en"),
    "spokesperson": ("The Spokesperson", "#7a3e9d", "en"),
    "presse": ("Salle de presse", "#0f766e", "fr"),
}
"""Handle to name, colour and language: a text goes only where its language is spoken."""
BY_ITSELF = [DocumentKind.PRESS_RELEASE]
QUEUED = 4
"""How many of each feed's items are drafted at first sight: all of them."""


def wanted() -> bool:
    """Only where nothing has ever happened: no source, no channel, no event."""
    return not (Source.objects.exists() or Channel.objects.exists() or Event.objects.filter(subject="sample").exists())


def present() -> bool:
    return Source.objects.filter(sample=True).exists() or Channel.objects.filter(sample=True).exists()


def open_newsroom(address: str) -> None:
    """Make it. `address` is where this service can be reached from this machine, like http://127.0.0.1:8000."""
    with transaction.atomic():
        channels = []
        for handle, (name, colour, language) in ACCOUNTS.items():
            account, token = SandboxAccount.objects.open(handle, name, colour, sample=True)
            identity = Identity(id=str(account.pk), handle=handle, name=name, url=f"{address}/timeline/{handle}")
            channels.append(
                Channel.objects.create(
                    network="sandbox",
                    name=name,
                    language=language,
                    credentials=seal({"base_url": address, "account": handle, "token": token}),
                    account=to_json(identity),
                    health=ChannelHealth.OK,
                    checked_at=timezone.now(),
                    four_eyes=False,  # to try out, one person must be enough
                    sample=True,
                )
            )
        for name, title in FEEDS.items():
            Source.objects.create(
                name=f"{title} (sample)",
                url=f"{address}/sample/{name}.xml",
                interval=config.get().poll_interval,
                queue_newest=QUEUED,
                sample=True,
            )
        rule = Rule.objects.create(
            name="Sample: press releases go out by themselves",
            position=10,
            kinds=list(BY_ITSELF),
            mode=RuleMode.AUTOMATIC,
            sample=True,
        )
        rule.channels.set(channels)
        audit.record(audit.SERVICE, "sample", 0, "open")


def readdress(address: str) -> None:
    """The service has moved to another port: the sample feeds and the sandbox network moved with it."""
    with transaction.atomic():
        for source in Source.objects.filter(sample=True):
            url = f"{address}/sample/{source.url.rsplit('/', 1)[1]}"
            if url != source.url:
                Source.objects.filter(pk=source.pk).update(url=url)
        for channel in Channel.objects.filter(network="sandbox", sample=True):
            fields = unseal(channel.credentials)
            if fields.get("base_url") != address:
                account = {**channel.account, "url": f"{address}/timeline/{fields['account']}"}
                sealed = seal({**fields, "base_url": address})
                Channel.objects.filter(pk=channel.pk).update(credentials=sealed, account=account)
                for post in channel.posts.exclude(url=""):
                    Post.objects.filter(pk=post.pk).update(url=address + urlsplit(post.url).path)


def remove(user: User | None = None) -> None:
    """Take the sample newsroom away: its sources, documents, posts, accounts and timelines. It cannot be undone."""
    if user is not None:
        access.require(user, "manage")
    with transaction.atomic():
        Post.objects.filter(channel__sample=True).delete()
        Document.objects.filter(sample=True).delete()
        Rule.objects.filter(sample=True).delete()
        Channel.objects.filter(sample=True).delete()
        Source.objects.filter(sample=True).delete()
        SandboxAccount.objects.filter(sample=True).delete()
        audit.record(user.email if user else audit.SERVICE, "sample", 0, "remove")


def set_failure(channel_id: int, user: User, failure: str) -> None:
    """Turn the sandbox network's switch: how it answers this account's next posts."""
    access.require(user, "manage")
    channel = Channel.objects.get(pk=channel_id, network="sandbox")
    with transaction.atomic():
        SandboxAccount.objects.set_failure(str(channel.account["handle"]), failure)  # type: ignore[arg-type]  # it makes the enum itself
        audit.record(user.email, "channel", channel_id, "sandbox switch", data={"failure": failure})
