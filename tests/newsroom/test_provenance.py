"""Every post answers where it comes from."""

import hashlib
from collections.abc import Callable
from pathlib import Path

from publisher.models import Post, Rule, User
from publisher.newsroom.approval import review
from publisher.newsroom.drafts import rules
from publisher.newsroom.drafts.terms import Terms
from publisher.newsroom.record import provenance
from publisher.newsroom.sending import delivery
from publisher.types import Part
from tests.newsroom.conftest import entry

Waiting = Callable[..., Post]
ROOT = Path(__file__).resolve().parent.parent.parent


def test_post_tells_source_version_rule_template_people_and_answer(
    administrator: User, approver: User, editor: User, waiting: Waiting, review_all: Rule
) -> None:
    rules.update(review_all.pk, administrator, Terms(name="All"))
    post = waiting()
    assert post.revision is not None
    post = review.edit(post.pk, editor, revision_id=post.revision_id or 0, parts=[Part(text="By hand.")])
    review.approve(post.pk, approver, revision_id=post.revision_id or 0)
    delivery.deliver(post.pk)
    post.refresh_from_db()
    found = provenance.of(post.pk)
    assert found["document"]["url"] == entry().url
    assert found["document"]["source"]["name"] == "Press Corner"
    written, edited = found["revisions"]
    file = ROOT / "templates" / written["template"]
    assert written["template_hash"] == hashlib.sha256(file.read_bytes()).hexdigest()
    version = post.document.current
    assert written["version"]["hash"] == version.hash
    assert written["version"]["fetched_at"] == version.fetched_at.isoformat()
    assert (edited["author"], edited["template"], edited["current"]) == (editor.email, "", True)
    assert [each["by"] for each in found["approvals"]] == [approver.email]
    assert found["approvals"][0]["hash"] == edited["hash"]
    (sent,) = found["attempts"]
    assert (sent["outcome"], sent["receipt"]["url"]) == ("published", post.url)
    assert (found["rule"]["name"], found["rule"]["by"]) == ("All", administrator.email)
    assert found["rule"]["said"]["mode"] == "review"
    assert [each["verb"] for each in found["events"]] == ["submit", "edit", "approve", "claim", "publish"]


def test_lines_for_people_name_each_step(waiting: Waiting) -> None:
    lines = provenance.told(provenance.of(waiting().pk))
    assert [line.partition(":")[0] for line in lines[1:4]] == ["about", "first seen in", "rule"]
    assert lines[4].startswith("revision 1: ")
    assert ", from version 1, fetched " in lines[4]
