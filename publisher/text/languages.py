"""What we know about languages, as data: small word lists, lower case."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    conjunction: str
    """Joins two names."""
    common: frozenset[str]
    """Words that nearly every sentence has: they tell which language a sentence is in."""
    first_person: frozenset[str]
    strong: frozenset[str]
    """Words of resolve: a sentence with one of them is likely to be a message."""
    dangling: frozenset[str]
    """First words that lean on the sentence before."""
    empty: tuple[str, ...]
    """Courtesy and housekeeping: a sentence that has one of these says nothing worth quoting."""


def word_set(words: str) -> frozenset[str]:
    """The words of a list that is written as one line."""
    return frozenset(words.split())


LANGUAGES: dict[str, Language] = {
    "en": Language(
        conjunction="and",
        common=word_set("the and of to in is that we for it are with our be this have not will on as at by an"),
        first_person=word_set("i we our us my ours ourselves"),
        strong=word_set(
            "must never need always cannot only together freedom peace security stand defend protect "
            "future democracy now stronger decide unity responsibility"
        ),
        dangling=word_set(
            "and but so yet or then also this that these those it they he she him his her their its therefore however "
            "thus hence such because which who whose first second third secondly thirdly finally moreover furthermore "
            "besides likewise similarly here there instead otherwise meanwhile both neither nor again still too "
            "one another some others same now well yes no while additionally consequently accordingly overall"
        ),
        empty=(
            "thank", "thanks", "ladies and gentlemen", "good morning", "good afternoon", "good evening", "dear ",
            "welcome", "pleasure", "honour", "honor", "grateful", "glad to", "happy to", "good to see", "delighted",
            "excellenc", "distinguished", "colleagues", "friends,", "let me ", "allow me", "i would like to",
            "i will now", "i want to ", "as i said", "like i said", "i mean", "as you know", "you know", "hand over",
            "the floor", "question", "congratulat", "check against delivery", "press release", "link to", "for example",
            "first of all", "in addition", "with permission", "this statement",
            " of that ", " in that ", " at that ", " with that ",
            "i am sorry", "we discussed", "i met ", "we met ", "agenda",
        ),
    ),
    "de": Language(
        conjunction="und",
        common=word_set("der die das und ist in zu den wir nicht von mit ein eine für auf es im dem des sind auch"),
        first_person=word_set("ich wir uns unser unsere unserer unserem unseren mein meine"),
        strong=word_set(
            "müssen muss werden nie niemals immer brauchen nur gemeinsam freiheit frieden sicherheit stehen "
            "verteidigen schützen zukunft demokratie jetzt stark stärker zusammen verantwortung"
        ),
        dangling=word_set(
            "und aber also doch oder dann auch dies diese dieser dieses das er sie es sein ihr deshalb darum deswegen "
            "jedoch daher dennoch trotzdem denn weil dabei damit dazu dort hier erstens zweitens drittens außerdem "
            "zudem schließlich deren dessen solche beide ja nein nun so"
        ),
        empty=(
            "danke", "dank ", "damen und herren", "guten tag", "guten morgen", "guten abend", "sehr geehrte", "liebe ",
            "willkommen", "freue mich", "ehre", "exzellenz", "kolleginnen", "lassen sie mich", "ich möchte",
            "wie gesagt", "frage", "gratulier", "glückwunsch", "es gilt das gesprochene wort", "pressemitteilung",
            "zum beispiel", "tagesordnung",
        ),
    ),
    "fr": Language(
        conjunction="et",
        common=word_set("le la les de des et est à en que nous pour dans un une du qui ne pas au avec ce sur par"),
        first_person=word_set("je nous notre nos mon ma mes j’ai j'ai"),
        strong=word_set(
            "devons doit faut jamais toujours besoin seul seule ensemble liberté paix sécurité défendre protéger "
            "avenir démocratie maintenant fort forte unité soutien responsabilité"
        ),
        dangling=word_set(
            "et mais donc or ou alors aussi ce cela ceci ces cette cet il elle ils elles son sa ses leur leurs c’est "
            "c'est car ainsi pourtant cependant toutefois enfin puis ensuite premièrement deuxièmement y en celui "
            "celle ceux celles oui non"
        ),
        empty=(
            "merci", "remerci", "mesdames", "messieurs", "bonjour", "bonsoir", "chers", "chères", "cher ", "bienvenue",
            "plaisir", "honneur", "heureux de", "heureuse de", "excellence", "permettez", "je voudrais", "je tiens à",
            "question", "félicit", "seul le prononcé", "communiqué de presse", "par exemple", "ordre du jour",
        ),
    ),
    "es": Language(
        conjunction="y",
        common=word_set("el la los las de que y en es un una no por con para del se nuestro nuestra al lo su más"),
        first_person=word_set("yo nosotros nosotras nuestro nuestra nuestros nuestras nos hemos debemos tenemos vamos"),
        strong=word_set(
            "debemos debe nunca jamás siempre necesitamos juntos libertad paz seguridad defender proteger futuro "
            "democracia ahora fuerte unidad apoyo responsabilidad"
        ),
        dangling=word_set(
            "y pero o entonces también esto eso esta este estos estas él ella ellos su sus así porque sin luego "
            "además finalmente primero segundo ahí aquí ambos sí no"
        ),
        empty=(
            "gracias", "agradec", "señoras", "señores", "buenos días", "buenas tardes", "querid", "bienvenid", "placer",
            "honor", "permítanme", "quisiera", "pregunta", "felicit", "nota de prensa", "por ejemplo",
        ),
    ),
    "it": Language(
        conjunction="e",
        common=word_set("il la lo gli le di che e in un una per non con del della è sono nostro nostra al dei si"),
        first_person=word_set("io noi nostro nostra nostri nostre ci abbiamo dobbiamo siamo vogliamo"),
        strong=word_set(
            "dobbiamo deve mai sempre bisogno insieme libertà pace sicurezza difendere proteggere futuro democrazia "
            "ora forte unità sostegno responsabilità"
        ),
        dangling=word_set(
            "e ma o quindi allora anche questo questa questi queste ciò egli lui lei loro suo sua perché così inoltre "
            "infine poi primo secondo lì qui entrambi sì no"
        ),
        empty=(
            "grazie", "ringrazi", "signore", "signori", "buongiorno", "buonasera", "cari ", "care ", "benvenut",
            "piacere", "onore", "permettetemi", "vorrei", "domanda", "congratul", "comunicato stampa", "ad esempio",
        ),
    ),
}  # fmt: skip


def known(language: str) -> Language:
    """What we know about `language` (BCP 47); English for those we know nothing about."""
    return LANGUAGES.get(primary(language), LANGUAGES["en"])


def primary(language: str) -> str:
    return language.lower().split("-")[0]


def in_language(words: list[str], language: str) -> bool:
    """Whether a sentence of these (lower-case) words looks like `language` rather than another that we know.

    True where nothing speaks against it, and for languages we have no list for.
    """
    own = LANGUAGES.get(primary(language))
    if own is None:
        return True
    score = sum(word in own.common for word in words)
    return all(sum(word in other.common for word in words) <= score for other in LANGUAGES.values() if other is not own)
