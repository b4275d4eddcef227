"""The sentences that only the desk says."""

DESK: dict[str, str] = {
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
}
