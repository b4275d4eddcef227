"""The sentences about sources: what is wrong with one, or with what it shows or pushes."""

SOURCES: dict[str, str] = {
    "source.unknown": "There is no source %(id)s.",
    "source.not_stored": "What this source showed could not be stored. It will be tried again; if it stays so, check the free disk space.",
    "source.not_http": "%(url)s is no web address. It must begin with https:// or http://.",
    "source.unknown_kind": "There is no kind of source %(kind)s. We have: %(known)s.",
    "source.interval": "Choose an interval between %(least)s minute and %(most)s days, or none: then the source's own rhythm decides.",
    "source.known": "This address is already watched, as %(name)s.",
    # --- reading one (watch/) -----------------------------------------------------------------
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
    # --- pushes (newsroom/feeds/push.py) ------------------------------------------------------
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
}
