"""The sentences about single networks: what one of them said, or does not take."""

NETWORKS: dict[str, str] = {
    "figures.none": "%(network)s tells us no figures of a post.",
    "figures.not_out": "This post is not out, so there are no figures of it.",
    # --- X (networks/x*.py) ------------------------------------------------------------------
    "network.x_reply_rule": (
        "X lets this account reply only to someone who mentioned or quoted it, and it counts the parts of a thread as "
        "replies. What is out stays out; send the rest as a single post."
    ),
    "network.x_parent_missing": "X does not show the part before this one yet. The next one will be tried again.",
    "network.x_cashtags": "X takes only one cashtag (like $ABC) in a post. Take the others out and approve it again.",
    "network.x_credits": (
        "X sends nothing for this account: its prepaid credit or its spending limit is used up. Add credit in X's "
        "developer console (console.x.com), then check the channel again."
    ),
    "network.x_suspended": (
        "X has suspended or locked this account or its developer app. Sign in on x.com and do what X asks there, then "
        "check the channel again."
    ),
    "network.x_app": (
        "X's developer app of this channel may not do this: %(why)s Set it to Read and write in console.x.com, make "
        "new tokens there and enter them under Channels."
    ),
    "network.x_tokens_unsaved": (
        "X gave this channel a new key that could not be saved. Nothing was sent; it will be tried again. Look whether "
        "the disk is full."
    ),
    "network.x_media_refused": "X could not use a picture or video of the post. Choose another one and approve the post again.",
    "network.x_captions": "X takes subtitles only with a language of two letters. Give the post its language, or the video no subtitles.",
    "check.x_cashtags": "The post has %(count)s cashtags (like $ABC); X takes one.",
    "check.x_one_post": (
        "X does not let this account answer itself, so a thread would break off after its first part. Write one post with a "
        "link; or, where X lets it by now, choose “yes” for “Replies to own posts” under Channels, Reconnect."
    ),
    "check.x_thread": (
        "X may refuse every part after the first: since 2026 most accounts may reply only where they are mentioned. A "
        "single post is safer."
    ),
    # --- Bluesky -----------------------------------------------------------------------------
    "bluesky.no_server": (
        "No Bluesky server answers at the address of this channel. Check the address under Channels. Nothing was "
        "sent; it will be tried again."
    ),
    "bluesky.not_saved": "The new sign-in at Bluesky could not be stored. Nothing was sent; it will be tried again.",
    "bluesky.other_account": (
        "The credentials of this channel now belong to another Bluesky account, %(handle)s. Nothing was sent. Enter "
        "those of %(expected)s under Channels, or connect %(handle)s as a channel of its own."
    ),
    "bluesky.other_record": (
        "Another Bluesky post already stands where this one was to go, so nothing was sent. Approve the post again."
    ),
    "bluesky.card_left_out": "Bluesky shows images or a link card, not both: the card is left out.",
    "bluesky.why_text_length": "its text is too long.",
    "bluesky.why_image_size": "a picture or video is too large for the server.",
    "bluesky.why_image_type": "a picture or video is of a kind that it does not take.",
    "bluesky.video_refused": "Bluesky does not take the video: %(why)s Replace it, or mend that, and approve the post again.",
    "bluesky.video_processing": "Bluesky is still preparing the video. Nothing was sent; it will be tried again.",
    "bluesky.why_record": "the server does not accept it in this form.",
    "bluesky.why_taken_down": "it was suspended by Bluesky's moderators. Sign in at Bluesky to see why and to appeal.",
    "bluesky.why_deactivated": "it is deactivated. Sign in at Bluesky to activate it again.",
    "bluesky.why_app_password": (
        "it asks for a code by e-mail, as it does for the account's main password. Make an app password at Bluesky "
        "and enter that under Channels."
    ),
    # --- Mastodon (networks/mastodon.py) -----------------------------------------------------
    "mastodon.base_url": (
        "This is not the address of a Mastodon server. Enter it with https:// as in https://mastodon.example."
    ),
    "mastodon.token": (
        "This is not an access token. Copy it from your server: Preferences, Development, your application, "
        "“Your access token”."
    ),
    "mastodon.scopes": (
        "The access token lacks a permission: %(missing)s. Under Channels press Reconnect and sign in. Or, on your Mastodon server, "
        "open Preferences, Development, your application, tick it, save, regenerate the access token and enter the new one."
    ),
    "mastodon.not_a_server": (
        "%(server)s does not answer as a Mastodon server does, so nothing was done. Check the address under Channels."
    ),
    "mastodon.moved": (
        "%(server)s sends us on to another address, so nothing was done. Enter its present address under Channels."
    ),
    "mastodon.media_processing": (
        "The Mastodon server is still working on the pictures. Nothing was posted; it will be tried again."
    ),
    "mastodon.key_known": (
        "%(server)s says that it was sent this post before, but the account does not have it. It will be sent again in an hour, "
        "when the server has forgotten."
    ),
    "mastodon.no_edits": "%(server)s has no editing of posts. Take the post off and publish a new one instead.",
    "mastodon.description_lost": (
        "%(server)s did not keep the description of a picture, so nothing was posted. Post by hand there, or without the picture."
    ),
    # --- networks that prepare a post before it is out (containers.py, tiktok.py) ---------------
    "network.container_lost": (
        "%(network)s did not finish preparing the post. Nothing was published; it will be prepared anew."
    ),
    "network.media_refused": (
        "%(network)s does not take a picture or video of the post: %(why)s Replace it and approve the post again."
    ),
    # --- Meta (networks/graph.py, containers.py, facebook.py) -----------------------------------------------
    "graph.permission": (
        "%(network)s says that this channel may not do that: %(why)s Connect it again and leave every permission ticked."
    ),
    "graph.proof": (
        "The Meta app of this channel asks for proof of its secret with every call (“Require app secret”), and ours did not do. "
        "Enter App ID and App secret of the app that the token was made with (its settings, Basic) under Channels."
    ),
    "network.not_fetched": (
        "%(network)s could not fetch a picture or video of the post from this desk, so nothing was published. Look whether the "
        "address in PUBLISHER_PUBLIC_URL can be reached from outside."
    ),
    "instagram.no_account": (
        "No Instagram account belongs to this page. In Meta Business Suite, Settings, link the page with the professional "
        "account, make a new token and enter it under Channels."
    ),
    "facebook.not_a_page": (
        "This token belongs to a person, not to a page. Take the access token of the page itself and enter it under "
        "Channels."
    ),
    "facebook.scopes": (
        "The token lacks %(missing)s. Under Channels press Reconnect, sign in and leave it ticked; where Facebook does not offer it, "
        "add it first in the app's settings under Use cases, Permissions. Or enter a token of the page that has it."
    ),
    # --- LinkedIn (networks/linkedin*.py) -----------------------------------------------------
    "linkedin.permission": (
        "LinkedIn says that this channel may not do that: %(why)s Look whether the app has the Community Management API "
        "and whether you still administer the page; then make a new token and enter it under Channels."
    ),
    "linkedin.scopes": (
        "The token lacks %(missing)s. Under Channels press Reconnect and sign in again; where LinkedIn does not offer it, request the "
        "Community Management API first, in the app's settings under Products."
    ),
    "linkedin.role": (
        "The member whose token this is may not post as this page. On LinkedIn make them a super admin or content admin "
        "of the page, then check the channel again."
    ),
    "linkedin.no_page": (
        "LinkedIn knows no page “%(page)s”. Copy the address of the page from your browser and enter it under Channels."
    ),
    "linkedin.version": (
        "LinkedIn has ended the version of its interface that Publisher speaks. Nothing was sent. Update Publisher, or enter a "
        "newer version under Channels, Reconnect; then check the channel again."
    ),
    "linkedin.version_ends": (
        "LinkedIn ends the version of its interface that this channel speaks (%(version)s) about %(date)s. Update Publisher "
        "before; or enter a newer version under Reconnect."
    ),
    "linkedin.file_refused": "LinkedIn could not use the video or document. Choose another one (MP4, PDF) and approve the post again.",
    "linkedin.ghost": (
        "LinkedIn says that this text was posted before, but shows no such post; it does so for a day or two after a "
        "post was deleted. Look at the page. If the text is not there, change a few words and approve it again."
    ),
    "check.linkedin_signs": (
        "The text has many signs such as brackets, which LinkedIn may count twice: it may refuse the post as too long."
    ),
    # --- YouTube (networks/youtube*.py) -------------------------------------------------------
    "youtube.step_api": "Under APIs and services, Library, enable “YouTube Data API v3”.",
    "youtube.step_publish": (
        "Under OAuth consent screen press “Publish app”: while it says Testing, every sign-in ends after 7 days."
    ),
    "youtube.step_audit": (
        "Ask Google for an audit of the project (support.google.com/youtube/contact/yt_api_form): until it is granted, YouTube "
        "locks every video of the project as private, and nobody sees it."
    ),
    "youtube.quota": (
        "What Google lets this project do at YouTube in one day is used up. It goes on after midnight in California. "
        "In Google Cloud, APIs and services, YouTube Data API v3, Quotas, you can ask for more."
    ),
    "youtube.upload_limit": (
        "YouTube takes no more videos from this channel for now: its number for a day is reached. It will be tried again."
    ),
    "youtube.sign_in_over": (
        "The sign-in at Google has ended. Make a new refresh token and enter it under Channels. While the consent screen of "
        "your Google project says “Testing”, that happens every 7 days: publish the app there first."
    ),
    "youtube.client": (
        "Google does not know the client of this channel: %(why)s Copy client ID and client secret again from Google "
        "Cloud, Credentials, and enter them under Channels."
    ),
    "youtube.scope": (
        "The sign-in lacks a permission: youtube.force-ssl. Make a new refresh token with it and enter it under Channels."
    ),
    "youtube.api_off": (
        "The YouTube Data API is off in your Google project. In Google Cloud, APIs and services, Library, enable “YouTube "
        "Data API v3”; then check the channel again."
    ),
    "youtube.no_channel": (
        "The account that signed in at Google has no YouTube channel. Sign in again and choose the institution's channel; "
        "then enter the new refresh token under Channels."
    ),
    "youtube.session_lost": (
        "YouTube has given up the upload of the video. Nothing was published; it will be uploaded anew."
    ),
    "youtube.video_gone": (
        "The uploaded video is no longer on the channel: somebody deleted it there before it was published. Send the post "
        "again if it is to go out after all."
    ),
    "youtube.video_refused": "YouTube does not take the video: %(why)s",
    "youtube.why_duplicate": "It is already on the channel. Delete the other one there, or leave it at that.",
    "youtube.why_length": "It is longer than this channel may upload. Confirm the channel at youtube.com/verify.",
    "youtube.why_copyright": "It holds something that others have the rights to.",
    "youtube.why_claim": "It holds something that others have the rights to.",
    "youtube.why_trademark": "It holds a trademark of others.",
    "youtube.why_inappropriate": "It goes against YouTube's rules. See YouTube Studio.",
    "youtube.why_termsOfUse": "It goes against YouTube's terms of use. See YouTube Studio.",
    "youtube.why_legal": "It was blocked for legal reasons. See YouTube Studio.",
    "youtube.why_codec": "Its format cannot be read. Use MP4 with H.264 and AAC.",
    "youtube.why_conversion": "It could not be converted. Use MP4 with H.264 and AAC.",
    "youtube.why_invalidFile": "It cannot be read as a video. Use MP4 with H.264 and AAC.",
    "youtube.why_emptyFile": "There is nothing in it.",
    "youtube.why_tooSmall": "It is too small.",
    "youtube.locked": (
        "YouTube keeps the video private, so nobody sees it: Google has not audited your project yet. Ask for the audit "
        "(support.google.com/youtube/contact/yt_api_form); until then make the video public by hand in YouTube Studio."
    ),
    "youtube.thumbnail": (
        "YouTube does not take the picture of the video: own thumbnails need a channel that is confirmed by telephone "
        "(youtube.com/verify). Confirm it, or take the picture out and approve the post again."
    ),
    "check.youtube_signs": "YouTube takes neither < nor > in title and description. Write it otherwise.",
    "check.youtube_title": (
        "The title of the video is the first line of the text, which is too long for it: it ends after “%(title)s”."
    ),
    # --- what tells that a post is out, before it is (enums.Proof) -----------------------------
    "proof.none": (
        "Sent without a receipt: this service says no more than that it took a message. It cannot be looked up, changed "
        "or deleted from here."
    ),
    "proof.person": "A person posts this by hand: it is prepared on one page once it is approved and its time has come.",
    # --- Apprise (networks/apprise.py) --------------------------------------------------------
    "apprise.uncertain": (
        "%(service)s did not say that everybody there has it. Look there; nothing is sent again until you say whether "
        "it is out."
    ),
    # --- by hand (networks/manual.py, newsroom/sending/by_hand.py) ---------------------------
    "by_hand.waits": "It waits to be posted by hand. Copy it from its page, and say there when it is done.",
    "by_hand.not_done": "Somebody said that it was not posted. Change it, or send it again to have it posted by hand.",
    "by_hand.no_address": "This is no web address. Copy the post's link from the place; it begins with https://.",
    # --- TikTok (networks/tiktok*.py) ---------------------------------------------------------
    "tiktok.step_product": "Add the product “Content Posting API” to the app and switch on “Direct Post” there.",
    "tiktok.step_address": (
        "Under URL properties verify the address of this desk: TikTok fetches pictures from verified addresses only. Videos "
        "are sent to it."
    ),
    "tiktok.step_audit": (
        "Apply for TikTok's audit of the app. Until it is granted, make the account private, and choose “only me” "
        "after the sign-in: the posts are for nobody else to see."
    ),
    "tiktok.choice": "@%(handle)s; who may see posts: %(audience)s",
    "tiktok.audience": (
        "TikTok does not let this account post for “%(wanted)s”; it offers: %(offered)s. Choose one of these under "
        "Channels, or change who may see the account in TikTok's app."
    ),
    "tiktok.unaudited": (
        "TikTok has not audited your app yet: until then it posts only to private accounts, for nobody else to see. Apply "
        "for the audit at developers.tiktok.com, or make the account private and choose “only me” under Channels."
    ),
    "tiktok.domain": (
        "TikTok fetches pictures only from addresses that it knows to be yours. At developers.tiktok.com open the app, "
        "URL properties, and verify the desk's address; then send the post again."
    ),
    "check.lemmy_title": "The title “%(title)s” is too short for Lemmy, which wants three letters. Write a longer first line.",
    # --- Lemmy (networks/lemmy.py) -------------------------------------------------------------
    "lemmy.second_step": (
        "This Lemmy account asks for a second step at sign-in, which nobody can take here. Make an account of its own for "
        "Publisher, without one, and enter it under Channels."
    ),
    "lemmy.base_url": "This is not the address of a Lemmy server. Enter it with https:// as in https://lemmy.example.",
    "lemmy.no_community": (
        "The Lemmy server knows no community “%(community)s”. Copy its name from the community's page (name@server where it "
        "is on another one) and enter it under Channels."
    ),
    "lemmy.moderators_only": (
        "In “%(community)s” only moderators may post. On Lemmy have one of them make this account a moderator (on a post or "
        "comment of the account, the menu …, “Appoint as mod”), or open the community to all; then check the channel again."
    ),
    # --- Telegram (networks/telegram.py) -----------------------------------------------------
    "telegram.rights": (
        "The bot %(bot)s may not post in this channel. In Telegram open the channel, Administrators, add the bot and "
        "allow it to post messages; then check the channel again."
    ),
    "telegram.rights_lost": (
        "Telegram says that the bot may not do this in the channel: %(why)s In Telegram open the channel, Administrators, add the "
        "bot or open it there, and allow it to post messages; then check the channel again."
    ),
    "telegram.no_channel": (
        "Telegram knows no such channel, or the bot is not in it. In Telegram open the channel, Administrators, and add the bot; if "
        "it is there, compare the channel's name or number and enter it under Channels."
    ),
    "telegram.no_such_kind": (
        "“%(title)s” is a group, not a channel, and Publisher posts to channels only. Make a channel in Telegram, add the bot under "
        "Administrators, and enter its name under Channels."
    ),
    "telegram.locked": (
        "The post stands, but Telegram does not let the bot change or delete it. In Telegram open the channel, Administrators, the "
        "bot, and allow “Edit messages of others” and “Delete messages of others”; then try again, or do it there by hand."
    ),
    "telegram.moved": ("Telegram gave this channel a new number: %(new)s. Enter it under Channels; nothing was sent."),
}
