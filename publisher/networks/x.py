"""X, through its API v2 and tweepy.

What X does that shapes this file (docs/networks/x.md says it for the press office):
- A post has no key of its own: after a lost answer only the account's recent posts tell whether it is out. X refuses
  a text that is already out, so a refused duplicate is looked up as well before anyone is told that it failed.
- Since 2026 every call costs money, a post with a link most of all; replies and cashtags are restricted for
  self-serve customers.
- Pictures are uploaded and described first, each in calls that leave no post behind.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, ClassVar

from publisher.enums import Severity, ThreadStyle
from publisher.errors import AccountBlocked, Refused, Retry, Uncertain
from publisher.networks.base import Context, Network, let_go
from publisher.networks.credentials import Credentials
from publisher.networks.figures import added, count
from publisher.networks.limit_types import Limits
from publisher.networks.media import load_captions, load_media
from publisher.networks.patience import CALL_TIMEOUT
from publisher.networks.preview import show
from publisher.networks.sign_in import SignIn
from publisher.networks.x_answers import Answer, created, is_missing, read
from publisher.networks.x_credentials import XCredentials
from publisher.networks.x_sign_in import XSignIn
from publisher.networks.x_text import find_cashtags, find_runs, has_link, is_explained, is_same
from publisher.types import Draft, Figures, Identity, Issue, Part, Pending, Preview, Receipt

if TYPE_CHECKING:
    from publisher.networks.x_client import Client

LOOK_BACK = timedelta(seconds=60)
"""Our clock and X's may differ by so much."""
PAGE = 5
"""Posts asked for at once, X's least: each one that comes back is paid for."""
PAGES = 10
LOOK = 15.0
"""Seconds between two looks at a video that X is processing."""
log = logging.getLogger(__name__)


class X(Network):
    kind: ClassVar[str] = "x"
    label: ClassVar[str] = "X"
    credentials: ClassVar[type[Credentials]] = XCredentials
    sign_in: ClassVar[SignIn | None] = XSignIn()

    def __init__(self, timeout: float = CALL_TIMEOUT) -> None:
        """`timeout` is in seconds for one request; uploads get three times that."""
        self._timeout = timeout

    def check(self, draft: Draft, limits: Limits | None = None) -> list[Issue]:
        issues = super().check(draft, limits)
        for index, part in enumerate(draft.parts):
            tags = find_cashtags(part.text)
            if len(tags) > 1:
                prefix = f"parts.{index}." if len(draft.parts) > 1 else ""
                issues.append(Issue(field=prefix + "text", key="check.x_cashtags", params={"count": len(tags)}))
        if len(draft.parts) > 1 and (limits or self.limits).thread is ThreadStyle.NONE:
            issues = [
                replace(each, key="check.x_one_post") if each.key == "check.no_threads" else each for each in issues
            ]
        elif len(draft.parts) > 1:
            issues.append(Issue(field="thread", key="check.x_thread", severity=Severity.WARNING))
        return issues

    def _is_linked(self, text: str) -> bool:
        return has_link(text)

    def warm_up(self) -> None:
        import publisher.networks.x_client  # noqa: F401  # slow import

    def preview(self, draft: Draft, limits: Limits | None = None) -> Preview:
        return show(draft, limits or self.limits, find_runs, _payload)

    def publish(self, part: Part, context: Context, key: str) -> Receipt | Pending:
        """Pending where X needs long for a video."""
        from publisher.networks import x_media  # slow import

        files = [(load_media(media, context.load, context.limits), media) for media in part.media]
        with self._client(context.credentials, context.save, context.before_publish) as client:
            ids, ready = [], True
            for file, media in files:
                if media.is_video:
                    words = load_captions(media, context.load, context.limits)
                    given = (file, media.alt.strip(), words, context.language, context.alive)
                    identifier, ready = x_media.upload_video(client, *given)
                else:
                    identifier = x_media.upload_image(client, file, media.alt.strip())
                ids.append(identifier)
            if not ready:
                return Pending(data={"media": " ".join(ids), "text": part.text, "key": key}, after=LOOK)
            return self._post(client, part, ids, context, key)

    def resume(self, pending: Pending, context: Context) -> Receipt | Pending:
        """Post what was uploaded once X is through with it, unless a worker that died has done so."""
        from publisher.networks import x_media  # slow import

        part, ids, key = Part(text=pending.data["text"]), pending.data["media"].split(), pending.data["key"]
        with self._client(context.credentials, context.save, context.before_publish) as client:
            if not all(x_media.is_ready(client, each) for each in ids):
                return Pending(data=pending.data, after=LOOK)
            return self.find(part, context, key) or self._post(client, part, ids, context, key)

    def _post(self, client: "Client", part: Part, ids: Sequence[str], context: Context, key: str) -> Receipt:
        answer = client.create_tweet(
            **_payload(part),
            media_ids=list(ids) or None,
            in_reply_to_tweet_id=context.thread[-1].id if context.thread else None,
            user_auth=client.oauth1,
        )
        try:
            return _receipt(created(answer), context)
        except Refused as error:
            if error.key == "network.x_reply_rule":
                _remember_rule(context)
            # A duplicate of what? Perhaps of an earlier try of ours whose answer was lost and which X was slow to list.
            found = self.find(part, context, key) if error.key == "network.duplicate" else None
            if found is None:
                raise
            return found

    def find(self, part: Part, context: Context, key: str) -> Receipt | None:  # noqa: ARG002  # X knows no key
        """Looks through what the account posted since `context.stamp`, newest first.

        Raises Uncertain where that is more than `PAGES` pages: then "not seen" is not "not there".
        """
        token = None
        with self._client(context.credentials, context.save) as client:
            for _ in range(PAGES):
                answer = client.get_users_tweets(
                    context.account.id,
                    max_results=PAGE,
                    start_time=context.stamp - LOOK_BACK,
                    exclude=["retweets"],
                    tweet_fields=["created_at", "entities", "referenced_tweets"],
                    pagination_token=token,
                    user_auth=client.oauth1,
                )
                posts, token = _page(answer)
                for post in posts:
                    if _is_part(post, part, context):
                        return _receipt(str(post["id"]), context)
                if not token:
                    return None
        raise Uncertain("network.uncertain", f"not among the {PAGE * PAGES} newest posts", network=self.label)

    def verify(self, credentials: Credentials, save: Callable[[Mapping[str, str]], None]) -> Identity:
        with self._client(credentials, save) as client:
            answer = client.get_me(user_fields=["profile_image_url"], user_auth=client.oauth1)
        try:
            user = read(answer).get("data")
        except Refused as error:
            params = {"network": self.label, "why": error.params.get("why", "")}
            raise AccountBlocked("network.account_blocked", error.diagnostic, **params) from error
        if not isinstance(user, dict) or not user.get("id") or not user.get("username"):
            raise Retry("network.unavailable", answer.diagnostic, network=self.label)
        if answer.headers.get("x-access-level") == "read":
            raise AccountBlocked("network.x_app", answer.diagnostic, why="Its token may only read.")
        return Identity(
            id=str(user["id"]),
            handle=f"@{user['username']}",
            name=user.get("name") or "",
            url=f"https://x.com/{user['username']}",
            avatar=user.get("profile_image_url") or "",
            limits={} if _own(credentials).replies == "yes" else {"no_threads": 1},
        )

    def figures(self, receipt: Receipt, context: Context) -> Figures:
        """Each reading is billed (`prices.toml`)."""
        with self._client(context.credentials, context.save) as client:
            answer = client.get_tweets([receipt.id], tweet_fields=["public_metrics"], user_auth=client.oauth1)
        if is_missing(answer):
            raise Refused("network.edit_gone", answer.diagnostic, network=self.label)
        posts = read(answer).get("data")
        told = (
            posts[0].get("public_metrics") if isinstance(posts, list) and posts and isinstance(posts[0], dict) else None
        )
        if not isinstance(told, dict):
            raise Retry("network.unavailable", answer.diagnostic, network=self.label)
        return Figures(
            impressions=count(told.get("impression_count")),
            likes=count(told.get("like_count")),
            replies=count(told.get("reply_count")),
            # Long called retweet_count, and repost_count in the specification of 2026.
            reposts=added(count(told.get("repost_count", told.get("retweet_count"))), count(told.get("quote_count"))),
        )

    def delete(self, receipt: Receipt, context: Context) -> None:
        with self._client(context.credentials, context.save) as client:
            answer = client.delete_tweet(receipt.id, user_auth=client.oauth1)
        if is_missing(answer):
            return
        data = read(answer).get("data")
        if not isinstance(data, dict) or data.get("deleted") is not True:
            raise Retry("network.unavailable", answer.diagnostic, network=self.label)

    def _client(
        self,
        credentials: Credentials,
        save: Callable[[Mapping[str, str]], None],
        before_publish: Callable[[], None] = let_go,
    ) -> "Client":
        from publisher.networks.x_client import Client  # slow import

        return Client(_own(credentials), save, self._timeout, before_publish)


def _own(credentials: Credentials) -> XCredentials:
    if not isinstance(credentials, XCredentials):
        raise TypeError(f"credentials of X expected, not {type(credentials).__name__}")
    return credentials


def _payload(part: Part) -> dict[str, Any]:
    """The body of POST /2/tweets, save media ids and the post replied to."""
    return {"text": part.text}


def _remember_rule(context: Context) -> None:
    """From now on a thread for this account is one post."""
    try:
        context.learn({"no_threads": 1})
        context.save({"replies": "no"})
    except Exception:  # whatever the store raises: what X refused is the news
        log.exception("it could not be kept that X refuses replies")


def _receipt(identifier: str, context: Context) -> Receipt:
    return Receipt(id=identifier, url=f"https://x.com/{context.account.handle.lstrip('@')}/status/{identifier}")


def _page(answer: Answer) -> tuple[list[dict[str, Any]], str | None]:
    """The posts of one page and the token of the next. Raises Retry where "not among them" could not be believed."""
    try:
        body = read(answer)
    except Refused as error:
        # Our question was at fault; whether the post is out is still open.
        raise Uncertain("network.uncertain", error.diagnostic, network=X.label) from error
    posts, meta = body.get("data", []), body.get("meta")
    counted = isinstance(meta, dict) and isinstance(posts, list) and meta.get("result_count") == len(posts)
    if not counted or not isinstance(meta, dict) or not all(map(is_explained, posts)):
        raise Retry("network.unavailable", answer.diagnostic, network=X.label)
    return posts, meta.get("next_token")


def _is_part(post: Mapping[str, Any], part: Part, context: Context) -> bool:
    """Where X says what was replied to, that must be right as well."""
    parents = [ref.get("id") for ref in post.get("referenced_tweets") or () if ref.get("type") == "replied_to"]
    expected = [context.thread[-1].id] if context.thread else []
    return (not parents or parents == expected) and is_same(post, part.text)
