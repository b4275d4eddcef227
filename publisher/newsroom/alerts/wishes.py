"""Who wants to be told of what: each person's e-mail, by kind. What is not said goes by the role."""

from collections.abc import Collection, Mapping

from publisher.enums import NoticeKind
from publisher.models import NoticeWish, User
from publisher.newsroom import access

CHOOSABLE = tuple(kind for kind in NoticeKind if kind not in {NoticeKind.TEST, NoticeKind.EMERGENCY, NoticeKind.ANCHOR})
"""What may be switched off. An emergency reaches everybody who may act; the anchor stands in the digest."""

COMMON = tuple(kind for kind in NoticeKind if kind not in {NoticeKind.TEST, NoticeKind.PERSONAL, NoticeKind.ANCHOR})
"""What the whole newsroom may be told at one place."""


def choices(user: User, said: Mapping[str, bool] | None = None) -> dict[NoticeKind, bool]:
    """For each kind whether this person gets e-mail about it. Who may only look gets what they asked for."""
    if said is None:
        wish = NoticeWish.objects.filter(user=user).first()
        said = wish.kinds if wish else {}
    acts = access.can_somewhere(user, "stop")
    wanted: dict[NoticeKind, bool] = dict.fromkeys(NoticeKind, acts)
    wanted[NoticeKind.TEST] = True
    for kind in CHOOSABLE:
        wanted[kind] = bool(said.get(kind, acts or kind is NoticeKind.PERSONAL))
    return wanted


def choose(user: User, wanted: Collection[str]) -> None:
    """From now on this person gets e-mail about exactly the kinds in `wanted`."""
    NoticeWish.objects.update_or_create(user=user, defaults={"kinds": {kind: kind in wanted for kind in CHOOSABLE}})


def readers(kind: NoticeKind) -> list[User]:
    """Everybody who wants this kind."""
    said = dict(NoticeWish.objects.values_list("user", "kinds"))
    return [user for user in User.objects.filter(is_active=True) if choices(user, said.get(user.pk, {}))[kind]]
