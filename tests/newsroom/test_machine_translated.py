"""What a machine translated goes out only on the word of somebody who says that they have checked it."""

import pytest

from publisher.enums import PostState, Role
from publisher.errors import InvalidInput
from publisher.models import Event, Post, User
from publisher.newsroom.approval import emergencies, review
from tests.factories import make_document, make_post, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def approver() -> User:
    return make_user(Role.APPROVER)


@pytest.fixture
def post() -> Post:
    return make_post(make_document(told={"machine_translated": True}))


def refused(post: Post, user: User, **given: object) -> str:
    with pytest.raises(InvalidInput) as caught:
        review.approve(post.pk, user, revision_id=post.revision_id, **given)  # type: ignore[arg-type]  # it has one
    return caught.value.key


def test_approval_says_expressly_that_it_was_checked(post: Post, approver: User) -> None:
    assert refused(post, approver) == "approval.machine_translated"
    done = review.approve(post.pk, approver, revision_id=post.revision_id, translated=True)  # type: ignore[arg-type]  # it has one
    assert done.state == PostState.SCHEDULED
    assert Event.objects.get(subject="post", verb="approve").data["machine_translated"] is True


def test_approving_all_leaves_it_where_it_is(post: Post, approver: User) -> None:
    ((_, error),) = review.approve_all(post.document_id, approver, revisions={post.pk: post.revision_id})  # type: ignore[dict-item]  # it has one
    assert isinstance(error, InvalidInput)
    assert (error.key, Post.objects.get().state) == ("approval.machine_translated", PostState.REVIEW)


def test_emergency_is_no_way_around_it(post: Post, approver: User) -> None:
    assert post.revision_id is not None
    with pytest.raises(InvalidInput) as caught:
        emergencies.publish(post.pk, approver, revision_id=post.revision_id, reason="Flood")
    assert caught.value.key == "approval.machine_translated"
    emergencies.publish(post.pk, approver, revision_id=post.revision_id, reason="Flood", translated=True)
    assert Post.objects.get().state == PostState.SCHEDULED


def test_other_texts_ask_nothing(approver: User) -> None:
    post = make_post()
    assert review.approve(post.pk, approver, revision_id=post.revision_id).state == PostState.SCHEDULED  # type: ignore[arg-type]  # it has one
