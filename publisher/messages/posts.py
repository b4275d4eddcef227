"""The sentences about posts and about sensitive periods, in which a person looks at each."""

POSTS: dict[str, str] = {
    "post.unknown": "There is no post %(id)s.",
    "post.wrong_state": "That cannot be done with a post that is %(state)s. Look at the page again.",
    "post.changed_meanwhile": "Somebody changed this post meanwhile. Look at it again before you decide.",
    "post.has_issues": "The post cannot go out like this: %(why)s",
    "post.time_has_passed": "That time has passed. Choose a later one.",
    "post.before_embargo": "The document is under embargo until %(until)s. Choose a later time.",
    "post.partly_out": "%(count)s part(s) of this thread are already out, so its text can no longer be changed.",
    "post.cannot_delete": "%(network)s does not let us delete posts. Delete it there by hand.",
    "post.unknown_on_network": "We do not know this post's number on %(network)s. Delete it there by hand.",
    "period.over_it": "It is a sensitive time (%(name)s), so a person looks at this first.",
    "period.name_missing": "Say what the period is: reviewers read it as the reason.",
    "period.times": "The period must end after it begins, and later than now.",
    "period.unknown": "There is no sensitive period %(id)s.",
    "period.over": "This period is over already.",
}
