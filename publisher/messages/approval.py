"""The sentences about who agrees to a post, and about working on one together."""

APPROVAL: dict[str, str] = {
    "approval.own_words": "You wrote or edited this post, so somebody else must approve it.",
    "approval.own_rule": "You own the rule that made this post, so somebody else must approve it.",
    "approval.say_who": "Two people must be told apart here, so say who you are: use --as with your e-mail address.",
    "approval.one_more": "Approved by %(people)s; one more person must say yes.",
    "approval.rule_and_person": "The rule says yes; a person must too before this goes out.",
    "approval.earlier": "The other approval is for a later time. Take the post back to review, and approve it anew.",
    "approval.one_or_two": "One or two people approve a post. Choose 1 or 2.",
    "notice.emergency": (
        "%(by)s published alone on %(channel)s, without the approvals that are usually asked for: “%(why)s” Look at it, "
        "and say what you think of it."
    ),
    "emergency.no_reason": "Say why this cannot wait for a second person; all approvers will read it.",
    "emergency.unknown": "There is no emergency publication %(id)s.",
    "emergency.own": "You published this alone, so somebody else must look at it.",
    "emergency.reviewed": "Somebody has looked at this already.",
    "proposal.unknown": "There is no proposal %(id)s.",
    "proposal.own": "You proposed this, so somebody else must confirm it.",
    "proposal.open_already": "This has been proposed already; a second person can confirm it.",
    "proposal.closed": "This proposal is closed. Look at the page again.",
    "proposal.too_old": "This proposal is more than a day old. Propose it anew.",
    # --- working together on a post (newsroom/approval/comments.py, assignment.py) ------------
    "comment.asked": "Changes are asked for: “%(why)s”",
    "comment.changes_first": "Somebody asks for changes of these words. Edit the post, or have the request withdrawn; then approve it.",
    "comment.empty": "The comment is empty. Write what you want to say.",
    "comment.too_long": "The comment is too long: %(length)s of %(limit)s characters.",
    "comment.unknown": "There is no comment %(id)s.",
    "comment.not_yours": "Only whoever wrote a comment can withdraw it; a request for changes also who may approve.",
    "comment.withdrawn_already": "This comment has been withdrawn already.",
    "assign.cannot": "%(person)s may not write for %(channel)s, so the post cannot be theirs. Choose somebody who may.",
}
