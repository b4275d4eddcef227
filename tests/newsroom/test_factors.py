"""Second factors: how they are kept, taken once, reset, and asked for before somebody may act."""

import base64
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from cryptography.fernet import Fernet
from django.db import connection
from pydantic import SecretStr

from publisher import config, keys
from publisher.enums import Role
from publisher.errors import InvalidInput, NotAllowed
from publisher.models import Event, Notice, SignInFailure, User
from publisher.newsroom import access, rotation
from publisher.newsroom.approval import eyes
from publisher.newsroom.record import forgetting
from publisher.newsroom.signin import codes, factors, steps
from tests.factories import make_user

HERE = "127.0.0.1"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
HALF_MINUTE = 30


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel("2026-11-24 08:00:10+00:00", tick=False) as traveller:
        yield traveller


def shown(secret: str = SECRET, *, later: int = 0) -> str:
    """What the app shows, so many half minutes from now."""
    now = list(totp.yield_hotp_counters_from_time())[1]
    return totp.format_hotp_value(totp.hotp_value(secret, now + later))


def with_app(user: User) -> list[str]:
    return factors.add_app(user, SECRET, shown())


def asks(monkeypatch: pytest.MonkeyPatch, whom: str) -> None:
    monkeypatch.setattr(config.get(), "second_factor", whom)


def test_codes_are_those_of_the_standard(clock: time_machine.Traveller) -> None:
    """RFC 6238, appendix B, SHA1: the last six of the eight figures."""
    secret = base64.b32encode(b"12345678901234567890").decode()
    for at, code in ((59, "287082"), (1111111109, "081804"), (20000000000, "353130")):
        clock.move_to(at)
        assert codes.step_of(secret, code) == at // HALF_MINUTE


def test_app_is_added_when_its_first_code_is_right(editor: User) -> None:
    with pytest.raises(InvalidInput):
        factors.add_app(editor, SECRET, "000000")
    assert (editor.has_factor, len(with_app(editor)), editor.has_factor) == (False, 10, True)
    assert [(row.kind, row.name) for row in factors.listed(editor)] == [("totp", "")]


def test_code_is_taken_once(editor: User, clock: time_machine.Traveller) -> None:
    with_app(editor)
    with pytest.raises(NotAllowed):
        steps.by_code(editor, shown(), HERE)  # the one that added it
    clock.shift(2 * HALF_MINUTE)
    steps.by_code(editor, f" {shown()[:3]} {shown()[3:]} ", HERE)
    for used in (shown(), shown(later=-1)):  # an earlier one must not work after a later one
        with pytest.raises(NotAllowed):
            steps.by_code(editor, used, HERE)


@pytest.mark.parametrize(("later", "good"), [(-2, False), (1, True), (2, False)])
def test_clock_may_be_half_a_minute_off(editor: User, clock: time_machine.Traveller, later: int, good: bool) -> None:
    with_app(editor)
    clock.shift(10 * HALF_MINUTE)
    if good:
        steps.by_code(editor, shown(later=later), HERE)
    else:
        with pytest.raises(NotAllowed):
            steps.by_code(editor, shown(later=later), HERE)


def test_recovery_code_works_once_and_the_person_is_told(editor: User) -> None:
    first, *_ = with_app(editor)
    steps.by_code(editor, first, HERE)
    assert (codes.left(editor), Event.objects.latest("id").verb) == (9, "use recovery code")
    told = Notice.objects.get(key="notice.recovery_code")
    assert (told.people, told.params) == ([editor.pk], {"left": 9})
    with pytest.raises(NotAllowed):
        steps.by_code(editor, first, HERE)


def test_new_recovery_codes_replace_the_earlier_ones(editor: User) -> None:
    first, *_ = with_app(editor)
    assert first not in factors.new_codes(editor)
    with pytest.raises(NotAllowed):
        steps.by_code(editor, first, HERE)


def test_guessing_codes_shuts_out_the_right_one_and_the_password_too(editor: User) -> None:
    first, *_ = with_app(editor)
    for _ in range(steps.PER_PERSON):
        with pytest.raises(NotAllowed) as wrong:
            steps.by_code(editor, "000000", HERE)
        assert wrong.value.key == "factor.wrong_code"
    for step in (
        lambda: steps.by_code(editor, first, "203.0.113.7"),
        lambda: steps.by_password(editor.email, "correct horse battery", "203.0.113.7"),
    ):
        with pytest.raises(NotAllowed) as refused:
            step()
        assert refused.value.key == "access.throttled"


def test_right_password_does_not_start_the_count_of_codes_anew(db: None) -> None:
    user = make_user()
    with_app(user)
    with pytest.raises(NotAllowed):
        steps.by_code(user, "000000", HERE)
    steps.by_password(user.email, "correct horse battery", HERE)
    assert SignInFailure.objects.count() == 1
    steps.complete(user)
    assert SignInFailure.objects.count() == 0


def test_secrets_are_sealed_and_move_to_the_newest_key(editor: User, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second, *_ = with_app(editor)
    kept = str(list(Authenticator.objects.values_list("data", flat=True)))
    assert [word for word in (SECRET, first) if word in kept] == []
    steps.by_code(editor, first, HERE)
    new = Fernet.generate_key().decode()
    old = ",".join(keys.sealing_keys(config.get()))
    monkeypatch.setattr(config.get(), "sealing_keys", SecretStr(f"{new},{old}"))
    assert rotation.rotate_keys()["factors"] == 2
    monkeypatch.setattr(config.get(), "sealing_keys", SecretStr(new))
    steps.by_code(editor, second, HERE)


def test_each_change_leaves_an_event_and_is_told(editor: User) -> None:
    with_app(editor)
    factors.remove(editor, factors.listed(editor)[0].id)
    verbs = list(Event.objects.filter(subject="team").order_by("id").values_list("verb", flat=True))
    assert verbs == ["add factor", "remove factor"]
    assert sorted(Notice.objects.values_list("key", flat=True)) == ["notice.factor_added", "notice.factor_removed"]


def test_recovery_codes_go_with_the_last_factor(editor: User) -> None:
    with_app(editor)
    factors.remove(editor, factors.listed(editor)[0].id)
    assert (Authenticator.objects.count(), codes.left(editor)) == (0, 0)


def test_nobody_takes_away_the_factor_of_another(editor: User, administrator: User) -> None:
    with_app(editor)
    with pytest.raises(InvalidInput):
        factors.remove(administrator, factors.listed(editor)[0].id)
    assert len(factors.listed(editor)) == 1


def test_administrator_resets_a_colleague_who_is_told_and_signed_out(editor: User, administrator: User) -> None:
    with_app(editor)
    factors.reset(editor.pk, administrator)
    now = User.objects.get(pk=editor.pk)
    assert (now.has_factor, now.sessions_ended) == (False, editor.sessions_ended + 1)
    assert Event.objects.latest("id").verb == "reset second factor"
    assert Notice.objects.get(key="notice.factor_reset").people == [editor.pk]
    with pytest.raises(InvalidInput):
        factors.reset(editor.pk, administrator)


def test_only_an_administrator_resets(editor: User, approver: User) -> None:
    with_app(editor)
    with pytest.raises(NotAllowed):
        factors.reset(editor.pk, approver)
    assert editor.has_factor


def test_forgotten_person_leaves_no_factor_and_no_identity(administrator: User) -> None:
    user = make_user(issuer="https://id.example.org", subject="12")
    with_app(user)
    forgetting.forget(user.pk, administrator)
    user.refresh_from_db()
    assert (Authenticator.objects.count(), user.issuer, user.subject) == (0, "", "")


@pytest.mark.skipif(
    connection.vendor == "sqlite", reason="SQLite in memory, as in tests, lets threads fail instead of wait"
)
def test_code_that_is_typed_four_times_at_once_opens_once(
    transactional_db: None, clock: time_machine.Traveller
) -> None:
    user = make_user()
    with_app(user)
    clock.shift(4 * HALF_MINUTE)
    code, gate = shown(), threading.Barrier(4)

    def opens(_: int) -> bool:
        gate.wait()
        try:
            steps.by_code(user, code, HERE)
        except NotAllowed:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(4) as people:
        assert sorted(people.map(opens, range(4))) == [False, False, False, True]


# --- asked for by the settings ---------------------------------------------------------------------------------------

ALLOWED: dict[str, dict[str, str]] = {
    "off": {"editor": "view write stop", "approver": "view write approve stop"},
    "approvers": {"editor": "view write stop", "approver": "view write stop"},
    "everyone": {"editor": "view stop", "approver": "view stop"},
}


@pytest.mark.parametrize("mode", ALLOWED)
def test_without_the_factor_that_is_asked_for_nobody_acts(mode: str, monkeypatch: Any, db: None) -> None:
    asks(monkeypatch, mode)
    for role, expected in ALLOWED[mode].items():
        user = make_user(role)
        assert " ".join(action for action in access.MAY if access.can(user, action)) == expected
        with_app(user)
        assert [access.can(user, action) for action in access.MAY] == [role in access.MAY[a] for a in access.MAY]


def test_refusal_says_what_to_do(approver: User, monkeypatch: pytest.MonkeyPatch) -> None:
    asks(monkeypatch, "approvers")
    with pytest.raises(NotAllowed) as refused:
        access.require(approver, "approve")
    assert refused.value.key == "access.needs_factor"
    with_app(approver)
    access.require(approver, "approve")


def test_last_factor_stays_where_one_is_asked_for(approver: User, monkeypatch: pytest.MonkeyPatch) -> None:
    with_app(approver)
    asks(monkeypatch, "approvers")
    with pytest.raises(InvalidInput):
        factors.remove(approver, factors.listed(approver)[0].id)
    assert len(factors.listed(approver)) == 1


def test_command_line_needs_none(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    asks(monkeypatch, "everyone")
    access.require(access.operator(), "manage")


def test_colleagues_without_a_factor_still_make_four_eyes(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else asking for second factors would switch off looking twice."""
    asks(monkeypatch, "approvers")
    for _ in range(2):
        make_user(Role.APPROVER)
    assert eyes.several()
