"""The sentences about connecting an account by signing in at its network, and about tokens that are renewed."""

CONNECT: dict[str, str] = {
    "connect.none": "%(network)s has no sign-in that Publisher could use. Enter the credentials under Channels.",
    "connect.no_app": (
        "%(network)s does not know Publisher yet. An administrator enters the app's keys once: under Channels, Connect, "
        "%(network)s, or with publisher channel app."
    ),
    "connect.no_server": "Say which server: the address of the %(network)s server that the account is on.",
    "connect.lost": (
        "Publisher knows nothing of this sign-in: it was begun elsewhere, has been used, or is more than ten minutes old. "
        "Nothing was connected. Begin again under Channels; what was begun on the command line is finished there, with the whole "
        "address of this page."
    ),
    "connect.address": "This is not the address that the browser ended at: it has no “code” and “state” in it. Copy all of it.",
    "connect.signed_out": (
        "You are not signed in to Publisher in this browser, so nothing was connected. Sign in here, and begin again under "
        "Channels. If you began on the command line, copy the whole address of this page and paste it there."
    ),
    "connect.cancelled": "You did not agree at %(network)s, so nothing was connected. Begin again when you are ready.",
    "connect.denied": "%(network)s did not let you sign in: %(why)s Nothing was connected.",
    "connect.code": (
        "%(network)s did not take this sign-in: %(why)s Nothing was connected. Begin again, and finish without a pause."
    ),
    "connect.app": (
        "%(network)s does not know our app, or not the address that it is to lead back to. Compare %(id)s, %(secret)s and "
        "that address with the app's settings at %(network)s."
    ),
    "connect.scopes": (
        "The token lacks %(missing)s. Sign in again and leave every permission ticked; where %(network)s does not offer "
        "it, add it in the app's settings first."
    ),
    "connect.welcome": (
        "Posting works, and something else does not: the token lacks %(missing)s, needed to take posts back or to read figures. "
        "Under Channels press Reconnect, sign in and leave it ticked."
    ),
    "connect.ended": (
        "%(network)s no longer renews our access: it was taken back, or has run out. Reconnect the channel under Channels."
    ),
    "connect.busy": "The token of this channel is being renewed. Nothing was sent; it will be tried again.",
    "connect.choice": "There is no such account among those that this sign-in showed.",
    "connect.other_account": (
        "%(expected)s is not among the accounts of whoever signed in (%(shown)s). Nothing was changed. Sign in at the network "
        "as somebody who may post as %(expected)s, or connect the other account as a channel of its own."
    ),
    "facebook.step_configuration": (
        "Only where the app has Facebook Login for Business: open its Configurations there and create one. Choose the token type "
        "“User access token” and, as assets, Pages and Instagram accounts. Copy its Configuration ID into the box below. Where "
        "the app has plain Facebook Login, leave that box blank."
    ),
    "facebook.step_rights": (
        "In that configuration tick pages_show_list, pages_manage_posts, pages_read_engagement and business_management, and to "
        "post to Instagram also instagram_basic, instagram_content_publish and instagram_manage_contents. One configuration "
        "serves Facebook and Instagram, and Meta asks whoever signs in for all that it names."
    ),
    "facebook.no_pages": (
        "Whoever signed in has no Facebook page on which they may post, or has shown us none. Sign in again and tick the page, "
        "and with it the business portfolio that it belongs to; in Meta Business Suite they need the right to create content there."
    ),
    "instagram.no_accounts": (
        "No professional Instagram account belongs to the pages that we were shown. In Meta Business Suite, Settings, link the "
        "account with its page, then sign in again and tick both, and the business portfolio that they belong to."
    ),
    "linkedin.no_pages": (
        "Whoever signed in may post as no LinkedIn page. On LinkedIn make them a super admin or content admin of the page, "
        "then sign in again."
    ),
}
