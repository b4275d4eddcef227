"""What a person may do about the alarms that are not about a correction."""

from publisher.enums import AlarmKind
from publisher.errors import InvalidInput
from publisher.models import User
from publisher.newsroom import access, alarms, drafting


def queue_them(alarm_id: int, user: User) -> int:
    """Draft for review the documents that a mass change left waiting, and close the alarm. Returns how many."""
    access.require(user, "review")
    alarm = alarms.get(alarm_id)
    if alarm.kind != AlarmKind.MASS_CHANGE:
        raise InvalidInput("alarm.nothing_to_queue")
    waiting = [int(number) for number in alarm.data.get("documents") or ()]
    for document_id in waiting:
        drafting.draft_by_hand(document_id, user)
    alarms.settle(user, alarm_id, "Drafted for review.")
    return len(waiting)
