"""Every sentence that a person may read about something that went wrong or needs care.

Keyed, so that the wording lives in one place and can be translated (each text is a gettext msgid).
`%(name)s` marks a gap. Say what happened and what to do; name no class, no status code, no secret.
"""

from collections.abc import Callable

from publisher.messages.cards import CARDS
from publisher.messages.checks import CHECKS
from publisher.messages.connect import CONNECT
from publisher.messages.hashtags import HASHTAGS
from publisher.messages.links import LINKS
from publisher.messages.media import MEDIA
from publisher.messages.networks import NETWORKS
from publisher.messages.pace import PACE
from publisher.messages.rules import RULES
from publisher.messages.told import TOLD

CATALOGUE: dict[str, str] = {
    # --- settings ----------------------------------------------------------------------------
    "config.unknown": "There is no setting %(setting)s. Take it out of .env and the environment; .env.example lists all.",
    "config.unknown_close": "There is no setting %(setting)s. Did you mean %(close)s?",
    "config.wrong": "The setting %(setting)s is wrong: %(why)s.",
    "config.port": "Port %(port)s on %(host)s cannot be used: something else listens there. Set PUBLISHER_PORT to another.",
    "config.file": "The file %(path)s that the setting %(setting)s names cannot be read.",
    "config.env": "The file %(path)s cannot be read. It must be text in UTF-8 that you may open.",
    "config.part": "The setting %(setting)s needs a part that is not installed: pip install 'publisher[%(part)s]'.",
    # --- the machine it runs on --------------------------------------------------------------
    "config.listen": "The desk cannot listen on %(host)s, port %(port)s: %(why)s. Set PUBLISHER_HOST and PUBLISHER_PORT to others.",
    "database.unusable": (
        "The database cannot be used: %(why)s. Check that it is there and may be written, and the free disk space."
    ),
    "compose.nothing": "There is no document in %(path)s, so there is nothing to draft.",
    "disk.unusable": "%(path)s cannot be used: %(why)s. Check its owner and the free disk space.",
    # --- delivery to a network ---------------------------------------------------------------
    "network.unreachable": "%(network)s could not be reached. Nothing was sent; it will be tried again.",
    "network.unavailable": "%(network)s is out of order at the moment. Nothing was sent; it will be tried again.",
    "network.rate_limited": "%(network)s asks us to wait before we post again. The post goes out by itself after that.",
    "network.uncertain": (
        "%(network)s gave no clear answer, so nobody knows yet whether the post is out. It is looked up on the "
        "network; it is not sent a second time before that is clear."
    ),
    "network.refused": "%(network)s refused the post: %(why)s Change it and approve it again.",
    "network.edit_gone": "The post is no longer on %(network)s, so its words cannot be replaced. Post it anew if it is still needed.",
    "network.duplicate": "%(network)s refused the post as a duplicate: a post with the same text is already out.",
    "network.credentials": (
        "%(network)s did not accept the credentials of this channel. Enter new ones under Channels; further posts wait until then."
    ),
    "network.account_blocked": "%(network)s does not let this account post: %(why)s The channel is paused.",
    # --- checks of a draft (fields: text, media, alt, card, thread) --------------------------
    # --- the history (newsroom/record/chain.py, newsroom/record/anchors.py): what does not hold -------------
    "audit.changed": "Event %(number)s is not as it was written.",
    "audit.missing": "Events %(number)s to %(last)s are missing.",
    "audit.rewritten": "Event %(number)s was put in another's place: event %(next)s was written after another one.",
    "audit.unlinked": "The beginning is missing: event %(number)s was written after another one.",
    "audit.version": "Version %(part)s of document %(of)s is not as it was fetched: event %(number)s holds its hash.",
    "audit.version_gone": "Version %(part)s of document %(of)s is missing: event %(number)s tells of it.",
    "audit.revision": "Revision %(part)s of post %(of)s is not as it was written: event %(number)s holds its hash.",
    "audit.revision_gone": "Revision %(part)s of post %(of)s is missing: event %(number)s tells of it.",
    "audit.approval": "Approval %(part)s of post %(of)s is not as it was given: event %(number)s holds its hash.",
    "audit.approval_gone": "Approval %(part)s of post %(of)s is missing: event %(number)s tells of it.",
    "audit.approval_put_in": "Approval %(part)s of post %(of)s was put in: no event tells that anybody gave it.",
    "audit.attempt": "Attempt %(part)s to send post %(of)s is not as it ended: event %(number)s holds its hash.",
    "audit.attempt_gone": "Attempt %(part)s to send post %(of)s is missing: event %(number)s tells of it.",
    "audit.name": "The e-mail address of person %(number)s is not the one with which they acted.",
    "audit.anchor": "Event %(number)s is not the one whose fingerprint was sent out: the history was written anew.",
    "audit.cut": "The history ends with event %(number)s, but event %(anchored)s had been sent out: its end is cut off.",
    "audit.nobody": "The history knows nobody called %(person)s. Write an e-mail address, or a number like: person 12.",
    "audit.no_anchors": "There are no anchors in %(path)s that can be read. Each line is JSON with number and hash.",
    "audit.no_export": "That cannot be exported. Choose events, posts or sources, and write days like 2026-11-24.",
    "audit.wrong_anchor": "%(text)s is no anchor. Copy it from the digest; it looks like 118:9f3c and so on.",
    "audit.erased": "The e-mail address of person %(number)s was taken away, and no event tells of it.",
    # --- backups ------------------------------------------------------------------------------
    "backup.cannot_write": "The backup could not be written to %(path)s. Check the folder and the free space.",
    "backup.not_empty": "The data folder %(path)s already holds a database. Move it away first; nothing was changed.",
    "backup.none": "%(path)s is no backup of ours, or it is damaged. Nothing was changed.",
    "backup.postgresql": (
        "This command is for SQLite. Back PostgreSQL up with pg_dump, and copy the folders keys and media of the data folder."
    ),
    "file.unreadable": "%(path)s cannot be read. Is the name right, and is it text in UTF-8?",
    # --- posts -------------------------------------------------------------------------------
    "document.nothing_to_draft": "Nothing to draft: each channel that a rule names has its post, or no rule fits.",
    "document.not_drafted": (
        "No post could be written for %(channels)s. Open the document and draft it again; if that fails too, look at the log."
    ),
    "document.unknown": "There is no document %(id)s.",
    "speaker.unknown": "There is no speaker %(id)s.",
    "speaker.name": "A name has two to %(longest)s characters.",
    "speaker.network": "There are no handles on %(network)s that a post could name. Those with handles: %(known)s.",
    "speaker.handle": "%(handle)s is no handle. It looks like @name, or like @name@server on Mastodon.",
    "post.unknown": "There is no post %(id)s.",
    "post.wrong_state": "That cannot be done with a post that is %(state)s. Look at the page again.",
    "post.changed_meanwhile": "Somebody changed this post meanwhile. Look at it again before you decide.",
    "post.has_issues": "The post cannot go out like this: %(why)s",
    "post.time_has_passed": "That time has passed. Choose a later one.",
    "post.before_embargo": "The document is under embargo until %(until)s. Choose a later time.",
    "post.partly_out": "%(count)s part(s) of this thread are already out, so its text can no longer be changed.",
    "post.cannot_delete": "%(network)s does not let us delete posts. Delete it there by hand.",
    "post.unknown_on_network": "We do not know this post's number on %(network)s. Delete it there by hand.",
    "held.hold": "Sending is stopped by %(by)s: %(why)s",
    "period.over_it": "It is a sensitive time (%(name)s), so a person looks at this first.",
    "period.name_missing": "Say what the period is: reviewers read it as the reason.",
    "period.times": "The period must end after it begins, and later than now.",
    "period.unknown": "There is no sensitive period %(id)s.",
    "period.over": "This period is over already.",
    "embargo.no_reason": "Say why the embargo may be lifted before its time; colleagues will read it.",
    "embargo.none": "This document is under no embargo.",
    "embargo.lifted_early": "The embargo is lifted, but the post was approved for this time. Send it now if it should go out earlier.",
    "embargo.other": "The embargo is not the one that was to be lifted. Look at the document again.",
    "held.file": "Sending is stopped by the file HOLD in the data folder: %(why)s",
    "held.paused": "The channel %(channel)s is paused.",
    "held.blocked": "The channel %(channel)s must be reconnected first; its posts wait until then.",
    "held.embargo": "Under embargo until %(until)s.",
    "held.not_approved": "The post is not the one that was approved. Approve it again.",
    "network.unknown": "There is no network %(kind)s. We have: %(known)s.",
    "network.not_prepared": "The post for %(network)s could not be prepared. Nothing was sent; it will be tried again.",
    "network.worker_died": (
        "The service stopped while it was posting to %(network)s, so nobody knows yet whether the post is out. It is "
        "looked up on the network; it is not sent a second time before that is clear."
    ),
    "network.given_up": "%(network)s lost the post at every try. It is not out. Try again when %(network)s works.",
    "network.never_processed": (
        "%(network)s has worked on the post since yesterday, so nobody knows whether it will come out. Look there, and "
        "say here whether it is out."
    ),
    "post.rest_not_out": (
        "%(out)s of %(all)s parts are out; the rest of the thread is not. Post the rest by hand, or leave it so."
    ),
    # --- how it is found out what became of an uncertain post (newsroom/sending/lookups.py) ----------
    "lookup.exact": "%(network)s is asked by the key that the post was given, so its answer is certain.",
    "lookup.search": (
        "Its text is looked for among the account's posts on %(network)s since %(since)s, the newest %(posts)s at most."
    ),
    "lookup.costs": "A look costs up to %(cost)s US dollars there.",
    "lookup.none": (
        "%(network)s cannot be asked. Look at the account for a post of %(since)s or later that begins with “%(start)s”."
    ),
    "post.rest_refused": (
        "%(out)s of %(all)s parts are out; the next one was refused: %(why)s Post the rest by hand and leave it so, or "
        "withdraw what is out."
    ),
    "post.not_partly_out": "No part of this post is out and the rest missing, so there is nothing to leave as it is.",
    "post.thread_cut": (
        "The rest of this thread cannot be joined to its last part, because nobody knows that part's number on "
        "%(network)s. Post the rest there by hand."
    ),
    # --- approval ----------------------------------------------------------------------------
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
    # --- working together on a post (newsroom/approval/comments.py, assignment.py) -------------------
    "comment.asked": "Changes are asked for: “%(why)s”",
    "comment.changes_first": "Somebody asks for changes of these words. Edit the post, or have the request withdrawn; then approve it.",
    "comment.empty": "The comment is empty. Write what you want to say.",
    "comment.too_long": "The comment is too long: %(length)s of %(limit)s characters.",
    "comment.unknown": "There is no comment %(id)s.",
    "comment.not_yours": "Only whoever wrote a comment can withdraw it; a request for changes also who may approve.",
    "comment.withdrawn_already": "This comment has been withdrawn already.",
    "assign.cannot": "%(person)s may not write for %(channel)s, so the post cannot be theirs. Choose somebody who may.",
    # --- people ------------------------------------------------------------------------------
    "access.not_allowed": "You may not do this. Ask an administrator of this desk.",
    "access.needs_factor": "This desk asks for a second factor before you may do this. Add one under “Your sign-in”.",
    "access.wrong_password": "The e-mail address or the password is wrong.",
    "access.throttled": "Too many failed tries. Wait %(minutes)s minutes, then try again.",
    "access.link_dead": "This link has been used or is too old. Ask for a new one.",
    "access.email_wrong": "%(email)s is no e-mail address.",
    "access.email_taken": "Somebody with the address %(email)s is already here.",
    "access.name_missing": "Say your name, so that colleagues see who did what.",
    "access.password": "This password will not do: %(why)s",
    "access.unknown_role": "There is no role %(role)s. We have: %(known)s.",
    "access.forget_yourself": "You cannot have yourself forgotten. Ask another administrator.",
    "access.last_administrator": "This is the last administrator. Make somebody else one first.",
    "access.no_grant": "%(person)s has no role of their own on %(channel)s. Look at the team.",
    "access.unknown_number": "There is nobody with the number %(id)s. Look at the team.",
    "access.unknown_person": "There is nobody with the address %(email)s.",
    # --- second factors (newsroom/signin) ---------------------------------------------------
    "factor.wrong_code": "This code is wrong, or has been used. Wait for the next one that the app shows.",
    "factor.wrong_first_code": "This is not the code that the app should show now. Look whether the device's clock is right.",
    "factor.wrong_passkey": "This passkey is not known here. Sign in another way.",
    "factor.passkey_not_made": "The device made no passkey that asks for finger, face or PIN. Try again, or add an app for codes.",
    "factor.one_app": "There is an app for codes already. Take it away first.",
    "factor.none": "There is no second factor yet, so recovery codes would open nothing. Add one first.",
    "factor.none_there": "%(person)s has no second factor.",
    "factor.unknown": "There is no second factor %(id)s of yours.",
    "factor.last": "This desk asks you for a second factor. Add another one before you take this one away.",
    # --- the institution's own identities (newsroom/signin/openid.py) ---------------------------
    "openid.failed": "The sign-in there did not come to a good end. Try again; if it stays so, tell an administrator of this desk.",
    "openid.begun_elsewhere": "This sign-in was not begun in this browser, or more than ten minutes ago. Begin it again here.",
    "openid.refused_there": "The sign-in there was refused. Try again, or ask those who run your institution's accounts.",
    "openid.cancelled": "You broke the sign-in off. Begin it again when you like.",
    "openid.no_role": "Your account gives you no role at this desk. Ask those who run your institution's accounts.",
    "openid.no_address": "Your account tells no confirmed e-mail address, so this desk cannot know who you are. Ask an administrator of this desk.",
    "openid.not_joined": "%(person)s is joined to no account of the institution.",
    "openid.uninvited": "Nobody with your account may come in here. Ask an administrator of this desk to invite you.",
    # --- channels, rules, holds --------------------------------------------------------------
    "channel.unknown": "There is no channel %(id)s.",
    "channel.known": "This account is already connected, as %(name)s.",
    "channel.missing_field": "%(field)s is missing. Fill it in.",
    "channel.wrong_field": "%(field)s: %(why)s.",
    "channel.other_account": "These credentials belong to %(handle)s, not to %(expected)s. Add it as a channel of its own.",
    "channel.cannot_unseal": (
        "The stored credentials cannot be opened: the sealing key is another than before. Enter them again."
    ),
    "channel.has_published": "%(name)s has published, and its history is kept. Pause the channel instead.",
    "hold.unknown": "There is no stop %(id)s.",
    "hold.which_channel": "Say which channel is to stop.",
    "hold.which_topic": "Say what is to stop: one word or more that such posts or their documents hold.",
    "hold.times": "The stop must end after it begins, and later than now.",
    "hold.lifted_already": "This stop has been lifted already.",
    "hold.over": "This stop has ended by itself already.",
    "source.unknown": "There is no source %(id)s.",
    "source.not_stored": "What this source showed could not be stored. It will be tried again; if it stays so, check the free disk space.",
    "source.not_http": "%(url)s is no web address. It must begin with https:// or http://.",
    "source.unknown_kind": "There is no kind of source %(kind)s. We have: %(known)s.",
    "source.interval": "Choose an interval between %(least)s minute and %(most)s days, or none: then the source's own rhythm decides.",
    "source.known": "This address is already watched, as %(name)s.",
    "config.data_dir": "The data folder %(path)s cannot be written. Check its owner and the free space.",
    # --- sources (watch/) --------------------------------------------------------------------
    "source.address": (
        "%(url)s cannot be watched: an address must begin with http:// or https:// and hold no user name or password."
    ),
    "source.inside": (
        "%(host)s lies inside your own network, so it was not read. If it is meant to be read, name it in the setting "
        "PUBLISHER_PRIVATE_HOSTS and start Publisher again."
    ),
    "source.port": (
        "The port %(port)s is not one that web pages are served at, so nothing was read. Check the address; usually it "
        "needs no port at all."
    ),
    "source.downgrade": (
        "The site sends us from a protected address (https) to an unprotected one (http), so nothing was read. Open the "
        "address in a browser and enter the one that begins with https://."
    ),
    "source.held": (
        "The site has asked us to stay away for a while, so it was not asked. The source is read again by itself after that."
    ),
    "source.unreachable": (
        "The source could not be reached. It will be tried again; if this goes on, check its address in a browser."
    ),
    "source.slow": "The source did not answer in time. It will be tried again.",
    "source.insecure": (
        "The source's security certificate is not valid, so nothing was read. Check the address, or tell the people who "
        "run the site."
    ),
    "source.redirects": "The source sends us from one address to the next without end. Check its address in a browser.",
    "source.too_large": "The source sends more than %(limit)s MB, so nothing was read. Look for a shorter feed of the site.",
    "source.broken": "The answer broke off or arrived damaged, so nothing was taken from it. It will be tried again.",
    "source.gone": "The source has been taken down for good. Enter its new address, or remove it.",
    "source.ended": "The source says that it has ended and brings nothing new. Look for its successor, or remove it.",
    "source.not_found": "There is nothing at this address any more. Check it in a browser and enter the new one.",
    "source.forbidden": (
        "The site does not let us read this source. It will be tried again; if this goes on, ask the people who run the "
        "site to admit Publisher."
    ),
    "source.rate_limited": "The site asks us to come back later. The source is read again by itself after that.",
    "source.unavailable": "The site is out of order at the moment. It will be tried again.",
    "source.refused": "The site did not answer as a source should. It will be tried again; check the address in a browser.",
    "source.failed": "The source could not be read because of a fault in Publisher. It will be tried again; please report this.",
    "source.empty": "The source answered with nothing at all. It will be tried again; what is known of it stays.",
    "source.blocked": (
        "The site answered with a test for robots or an error page instead of the source. It will be tried again; what is "
        "known of it stays."
    ),
    "source.no_feed": "There is no feed at this address, but something else. Enter the address of the feed itself.",
    "source.malformed": "The source is damaged and cannot be read. It will be tried again; tell the people who run the site.",
    "source.dangerous": "The source is built like an attack, so it was not read. Check its address, or remove it.",
    "source.layout": (
        "The page has been rebuilt: where its list of documents stood, nothing is found any more. Nothing is lost; pick the "
        "parts of the page anew on the source's own page."
    ),
    "source.no_recipe": "Nobody has said yet where the documents stand on this page. Pick the parts of the page first.",
    "source.recipe_broken": "The selectors of this source cannot be used. Correct them on the source's own page.",
    "source.recipe_part": "A page has no part called %(part)s. We know: %(known)s.",
    "source.nothing_found": (
        "Nothing that can be watched was found at %(url)s. If the page lists documents itself, say where they stand: "
        "publisher source add URL --kind listing --selectors FILE"
    ),
    "source.recipe_file": "%(path)s is no TOML file: %(why)s.",
    "source.recipe_value": "What is given for %(part)s is no selector or list of selectors.",
    "source.recipe_selector": "%(selector)s, given for %(part)s, is no CSS selector. An example of one: .card-title a",
    "source.no_sitemap": "There is no sitemap at this address, but something else. Enter the address of the sitemap itself.",
    "calendar.event_broken": "The event “%(title)s” of this calendar is damaged and is left out.",
    "listing.no_dates": "No document of this page has a date that can be read. Check the selector for the date.",
    "source.error_page": "The site answered with an error page instead of the document. It will be tried again.",
    "source.other_page": "The site answered with another page than the document's, so nothing was taken from it.",
    "source.no_document": "No document can be made out on this page: it has no headline.",
    "source.no_answer_of_press_corner": (
        "This is not an answer of the Press Corner, or an empty one. Some of its documents can never be read; look the "
        "number up in a browser."
    ),
    "source.file": "The file %(name)s cannot be read. Check its name and whether you may open it.",
    "source.no_picture": "There is no picture at this address.",
    # --- corrections (newsroom/documents/rechecks.py, changes.py, vanished.py, corrections.py) ---------
    "alarm.correction": (
        "The institution changed this text after %(count)s of our posts about it had gone out. Look at what changed, then "
        "decide for each post."
    ),
    "alarm.vanished": (
        "The institution took this text down, so whatever was still to go out about it was stopped. Posts that are out "
        "still link to it: look at them, and withdraw or correct what should not stand."
    ),
    "alarm.withdrawn": (
        "The institution says that this text no longer holds, so whatever was still to go out about it was stopped. "
        "Posts that are out still tell of it: look at them, and withdraw or correct what should not stand."
    ),
    "alarm.returned": (
        "The institution had taken this text down, and it is there again. Look whether the text is the same. A stop that "
        "still stands on the document's page is for a person to lift."
    ),
    "hold.vanished": "The institution took the text down.",
    "hold.withdrawn": "The institution says that the text no longer holds.",
    "change.rewritten": "The source changed its text; this draft was written anew from it.",
    "change.completed": "The whole text was read only now; this draft was written anew from it.",
    "change.look": "The source changed its text, and these words depend on what changed. Compare them with the new text.",
    "change.kept": "The source changed its text; what this post says still holds.",
    "correction.all_decided": "Every post was decided.",
    "correction.not_out": "This post is not out any more, so there is nothing to correct. Load the page again.",
    "correction.cannot_edit": "%(network)s cannot change a post that is out. Reply with a correction, or withdraw it and post anew.",
    "correction.decided": "This post of the alarm has been decided already. The page shows how it stands now.",
    "correction.no_reason": "Say why the post may stay as it is; colleagues see it in the history.",
    "correction.unknown_act": "There is no act called %(act)s. Choose one of: %(known)s.",
    "post.corrected_gone": "The post that this one corrects is no longer on %(network)s. Reject this one, or post it as a text of its own.",
    # --- alarms (newsroom/alerts/alarms.py) ---------------------------------------------------------
    "alarm.unknown": "There is no alarm number %(id)s.",
    "alarm.closed_already": "Somebody has closed this alarm already. The page shows how it stands now.",
    # --- alarms about what a source brings (newsroom/documents/screening.py) ---------------------------
    "alarm.mass_change": (
        "%(source)s is suddenly mostly new: %(count)s of the %(shown)s texts it shows were never there before. Perhaps the "
        "site was rebuilt. They wait; look at them and queue them, or leave them."
    ),
    "alarm.after_outage": (
        "%(source)s answers again after a long time and brings %(count)s texts that we did not know. They wait; queue them "
        "for review, or leave them."
    ),
    "alarm.gap": (
        "Nothing of what %(source)s showed last time is there any more, so texts may have come and gone unseen. Look at "
        "the site itself; we look at it twice as often for a week."
    ),
    # --- alarms about silence and waiting (newsroom/feeds/silence.py, unposted.py) -----------------
    "alarm.moved": (
        "This source has moved for good, from %(old)s to %(new)s. The new address is watched from now on; look whether it "
        "shows what the old one did."
    ),
    "alarm.ended": "This source is watched no more. What it says: %(said)s",
    "alarm.silence": (
        "This source usually brings %(usual)s; nothing has come for %(time)s. Look at its site: if there is something new, "
        "the source no longer shows it and needs another address."
    ),
    "alarm.failing": (
        "This source could not be read for %(time)s, so nothing from it reaches the desk. It is tried on and nothing is lost "
        "once it answers again. What it says: %(problem)s"
    ),
    "alarm.waiting": (
        "Published on the site more than %(minutes)s minutes ago, not yet on our channels. Approve a post about it, or "
        "reject its posts if nothing is to go out."
    ),
    "alarm.waiting_undrafted": (
        "Published on the site more than %(minutes)s minutes ago, and no post about it has been drafted although a rule fits. "
        "Draft the posts by hand."
    ),
    # --- pushes (newsroom/feeds/push.py) -----------------------------------------------------------
    "push.hub_unreachable": (
        "The hub that pushes this feed cannot be reached. The feed is read in turn meanwhile; the hub is asked again."
    ),
    "push.hub_refused": (
        "The hub that pushes this feed did not take our request. The feed is read in turn meanwhile; the hub is asked again."
    ),
    "push.denied": (
        "The hub does not push this feed to us: %(why)s. The feed is read in turn; the hub is asked again tomorrow."
    ),
    "push.lease_over": (
        "The hub did not renew its promise to push this feed. The feed is read in turn meanwhile; the hub is asked again."
    ),
    "push.not_signed": (
        "Something was delivered for this feed that the hub did not sign as agreed, so it was ignored. The feed is read in "
        "turn. If this goes on, pause and resume the source."
    ),
    "push.unreadable": (
        "What the hub delivered for this feed cannot be read, so nothing was taken from it. The feed itself is read in turn."
    ),
    "entry.empty": "One entry of the source has neither title nor text; it is left out.",
    "entry.no_address": "“%(title)s” has no address of its own, so a post about it cannot link to it.",
    "entry.language_differs": (
        "“%(title)s” is said to be in the language %(said)s, but its address says %(seen)s. Check before it goes out."
    ),
    "entry.embargo": (
        "“%(title)s” is under embargo, and the source does not say until when. It is held until the source lifts the embargo."
    ),
    "entry.machine_translation": (
        "“%(title)s” is a machine translation, not the institution's own words. Use the original, or have it checked."
    ),
    "entry.check_delivery": "“%(title)s” is a text as prepared: check it against what was said before you quote it.",
    "entry.withdrawn": "The institution has withdrawn “%(title)s”: it no longer holds.",
    "entry.no_recipe": (
        "“%(title)s” was read without a recipe for its site: check its text against the page before you quote it."
    ),
    "entry.no_body": "“%(title)s” has no text of its own, only a headline or a file to download.",
    # --- drafting ----------------------------------------------------------------------------
    "template.broken": (
        "The post template %(file)s has a mistake in line %(line)s: %(why)s. Until it is mended, posts are drafted "
        "with title and link only."
    ),
    "template.missing": (
        "The post template %(file)s does not exist. Until it is there, posts are drafted with title and link only."
    ),
    "compose.unknown_network": "There is no network called %(network)s. Choose one of: %(networks)s.",
    # --- words held against the document (compose/verify.py) ---------------------------------
    "quote.not_in_source": (
        "These words stand in quotation marks, but the document does not have them like that: %(words)s. Quote the "
        "document word for word, or take the marks off."
    ),
    "quote.other_speaker": (
        "In the document it is %(who)s who says this: %(words)s. Name the right person, or choose another quotation."
    ),
    "quote.question": (
        "In the document a journalist asks this, nobody else says it: %(words)s. Choose another quotation."
    ),
    "quote.not_speech": (
        "The document tells this itself, it does not quote anybody: %(words)s. Check who really said it before this goes out."
    ),
    "claim.number": "The document does not have the number %(words)s. Check it before this goes out.",
    "claim.date": "The document does not have the date %(words)s. Check it before this goes out.",
    "claim.name": "The document does not name %(words)s. Check it before this goes out.",
    # --- the desk (web/) ---------------------------------------------------------------------
    "desk.form": "%(field)s: %(why)s",
    "desk.nothing_to_approve": "No post of this document waits for approval any more.",
    "desk.not_a_web_address": "This is no web address. It begins with https:// or http://.",
    # Said to a person who tries an address or credentials out: nothing is tried again by itself then.
    "desk.tried.network.unreachable": (
        "%(network)s could not be reached, so nothing was connected. Check the address, or try again in a while."
    ),
    "desk.tried.network.unavailable": (
        "%(network)s is out of order at the moment, or something else answers at this address, so nothing was "
        "connected. Check the address, or try again in a while."
    ),
    "desk.tried.network.rate_limited": "%(network)s asks us to wait. Nothing was connected; try again in a quarter of an hour.",
    "desk.tried.network.credentials": "%(network)s did not accept these credentials. Check each of them and enter them again.",
    "desk.tried.bluesky.no_server": "No Bluesky server answers at this address. Check it and try again.",
    "desk.tried.source.unreachable": "Nothing answers at this address. Check its spelling, or open it in a browser.",
    "desk.tried.source.slow": "The site did not answer in time. Try again in a while.",
    "desk.tried.source.broken": "The answer broke off or arrived damaged. Try again in a while.",
    "desk.tried.source.not_found": "There is nothing at this address. Check its spelling, or open it in a browser.",
    "desk.tried.source.gone": "What stood at this address has been taken down for good. Look for the new address.",
    "desk.tried.source.forbidden": "The site does not let us read this. Ask the people who run it to admit Publisher.",
    "desk.tried.source.rate_limited": "The site asks us to come back later. Try again in a quarter of an hour.",
    "desk.tried.source.unavailable": "The site is out of order at the moment. Try again in a while.",
    "desk.tried.source.refused": "The site did not answer as a feed should. Open the address in a browser and check it.",
    "desk.tried.source.empty": "There is nothing at all in the answer. Check whether this is the address of the feed.",
    "desk.tried.source.blocked": (
        "The site answered with a test for robots or an error page instead of the feed. Ask the people who run it to "
        "admit Publisher."
    ),
    "desk.tried.source.no_feed": "There is no feed at this address, but a page. Look for feeds on it, or pick its parts.",
    "desk.tried.source.layout": "These selectors find no documents with title and link on this page. Try others.",
    "desk.tried.source.no_recipe": "Nobody has said yet where the documents stand on this page. Pick its parts first.",
    "desk.tried.source.malformed": "The feed is damaged and cannot be read. Tell the people who run the site.",
    **CARDS,
    **CHECKS,
    **HASHTAGS,
    **LINKS,
    **MEDIA,
    **NETWORKS,
    **CONNECT,
    **RULES,
    **PACE,
    **TOLD,
}


def sentence(key: str, **params: object) -> str:
    """The sentence for `key`, its gaps filled. Raises KeyError for a key that the catalogue lacks."""
    return translate(CATALOGUE[key]) % params


def _as_it_is(text: str) -> str:
    return text


translate: Callable[[str], str] = _as_it_is
"""Gives a text in the reader's language. The desk puts gettext here; the pure rooms speak English."""
