"""Which words of a message are accounted for: what is left beside quotes, and what words ask for.

Works on plain words of any language. A word that is not known counts: only what says nothing about
an app in itself (articles, politeness, "build me") may be left over in silence.
"""

import difflib
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence

from stackwright.core.quotes import UNSPACED, find_quote, places

MAX_LEFT = 40
MAX_LEFT_CHARS = 200
MAX_CLAUSES = 400

_WORD = re.compile(r"[^\W_]+(?:[-.'\u2019&+#/][^\W_]+)*")
_SENTENCE_END = re.compile(r"[.!?](?=\s|$)|[;\n\u3002\uff01\uff1f]")
_WHOLE_SENTENCE_END = re.compile(r"[.!?](?=\s+[^\W\d_a-z]|\s*$)|[;\n\u3002\uff01\uff1f]")
_CLAUSE_END = re.compile(
    r"[.!?](?=\s|$)|[,;:\n\u3002\uff01\uff1f\u3001\uff0c]|\b(?:and|with|plus|but|und|mit|sowie|aber|et|avec|mais|y|con|pero)\b",
    re.IGNORECASE,
)
_FILLER_WORDS = """
    a an the this that these those some i me my mine we us our ours you your yours it its they them their
    he him his she her is are was were be been being am do does did have has had having can could will
    would shall should may might must i'd i'm i'll i've it's that's let's we'd we'll you'd
    and or but so then also too as well with for of to in on at by from into about which who whom whose
    where when whenever someone somebody whether if while there here what how please thanks thank hello hi hey dear kindly ok okay sorry
    cheers just really actually maybe perhaps want wants need needs wish like love let lets help build
    built create make makes making made add give get put write develop implement generate provide change
    something thing things stuff people down either finally simple basic quick app apps application applications web website site
    track tracking manage managing organise organize keep keeps keeping run running each every
    bitte danke hallo merci bonjour svp s'il vous plaît plait gracias hola por favor grazie ciao obrigado
    obrigada fastapi next.js nextjs mongodb typescript tailwind
"""
FILLER = frozenset(_FILLER_WORDS.split())
"""Words that may stay outside of every wish. `not`, `only`, `without`, numbers and the like change what
is wanted and are not among them; nor are verbs that take something away. The last ones name what every
app here is made with."""


def nearest(messages: Iterable[str], quote: str) -> str:
    """The part of the messages that is most like what somebody took for a quote."""
    clauses = [text for message in messages for text in _clauses(message)][:MAX_CLAUSES]
    wanted = quote.casefold()[:MAX_LEFT_CHARS]

    def likeness(clause: str) -> float:
        return difflib.SequenceMatcher(None, clause.casefold(), wanted, autojunk=False).ratio()

    return max((clause[:MAX_LEFT_CHARS] for clause in clauses), key=likeness, default="")


def left_over(messages: Iterable[str], quotes: Iterable[str]) -> tuple[str, ...]:
    """The parts of the messages that are in no quote and say something."""
    said = list(quotes)
    left = [part for message in messages for part in _uncovered(message, said)]
    unique = tuple(dict.fromkeys(left))
    if len(unique) > MAX_LEFT:
        return (*unique[: MAX_LEFT - 1], f"… and {len(unique) - MAX_LEFT + 1} more parts")
    return unique


def unsaid(text: str, quotes: Iterable[str]) -> tuple[str, ...]:
    """The clauses of the quotes of which `text` says nothing: none of their words, in any form."""
    said = _stems(_WORD.findall(text))
    return tuple(
        clause.strip("() ")[:MAX_LEFT_CHARS]
        for quote in quotes
        for clause in _clauses(quote)
        if (words := content_words(clause)) and said.isdisjoint(_stems(words))
    )


def untried(quotes: Sequence[str], words: Iterable[str]) -> tuple[str, ...]:
    """The quotes of which none of `words`, in any form, is a part.

    A short quote beside others may say how rather than what ("at a glance"); so do numbers alone."""
    tried = _stems(words)
    telling = [
        (quote, [word for word in content_words(quote) if any(map(str.isalpha, word))])
        for quote in quotes
    ]
    return tuple(
        quote[:MAX_LEFT_CHARS]
        for quote, said in telling
        if (len(said) >= _LONG_CLAUSE or (said and len(quotes) == 1))
        and tried.isdisjoint(_stems(said))
    )


def sentences(text: str) -> list[str]:
    """The whole sentences of a text. An entry of a list and "max." before a number are none."""
    return [
        part
        for part in _split(text, _WHOLE_SENTENCE_END)
        if len(content_words(part)) >= _LONG_CLAUSE
    ]


def forbids(text: str) -> bool:
    """Whether the words set a limit or forbid something. The least or most of a figure that the app works
    out ("a fee of 4 euros per kilo, but at least 1.50") refuses nothing."""
    return _PROHIBITION.search(_WORKED_OUT.sub(" ", text)) is not None


def asks_for_text(messages: Iterable[str], quote: str) -> bool:
    """Whether the words ask that something is said in the app: a name, a heading, a page about a thing.

    So do those that a message opens with: they say what app it is."""
    if _TEXT_ASKED.search(quote) is not None:
        return True
    openings = [clauses[0] for message in messages if (clauses := _clauses(message))]
    return find_quote(openings, quote) is not None


def asks_for_look(text: str) -> bool:
    """Whether the words say how the app looks."""
    return _LOOK_ASKED.search(text) is not None


def asks_for_mail(text: str) -> bool:
    """Whether the words ask that the app sends a mail by itself. Of those of a login no witness is a mail."""
    return _MAIL_ASKED.search(text) is not None and _OF_LOGIN.search(text) is None


def asks_for_figures(text: str) -> bool:
    """Whether the words ask for figures that the app works out from what is recorded."""
    return _FIGURES_ASKED.search(text) is not None


def content_words(text: str) -> list[str]:
    """The words that say something."""
    return [word for word in _WORD.findall(text) if not _is_filler(word)]


def _is_filler(word: str) -> bool:
    return word.casefold().replace("\u2019", "'") in FILLER


def _uncovered(message: str, quotes: Iterable[str]) -> Iterator[str]:
    body = _INTRODUCTION.sub(_blank, without_courtesies(message), count=1)
    body = _LIST_OF.sub(_blank, body)
    covered = bytearray(a != b for a, b in zip(message, body, strict=True))
    for quote in quotes:
        for start, end in places(message, quote):
            covered[start:end] = b"\1" * (end - start)
    for gap in re.finditer(rb"\0+", covered):
        for sentence in _split(message[gap.start() : gap.end()], _SENTENCE_END):
            words = list(_WORD.finditer(sentence))
            telling = [word for word in words if not _is_filler(word.group())]
            if telling:
                part = sentence[telling[0].start() : telling[-1].end()]
                yield " ".join(part.split())[:MAX_LEFT_CHARS]


def _clauses(text: str) -> list[str]:
    return [" ".join(part.split()) for part in _split(text, _CLAUSE_END) if _WORD.search(part)]


def _split(text: str, ends: re.Pattern[str]) -> list[str]:
    return [part for part in ends.split(text) if part]


def _stems(words: Iterable[str]) -> set[str]:
    return {
        stem for word in words for piece in _WORD_PARTS.findall(word) for stem in _stems_of(piece)
    }


_LONG_CLAUSE = 3
"""A clause of at least so many words says something of its own."""
_PROHIBITION = re.compile(
    r"\b(?:must|may|should|can)(?:\s+not|n[o']t)\b|(?<!\bi )\bcan(?:not|['\u2019]t)\b|\bmustn['\u2019]t\b"
    r"|\b(?:nobody|no[ -]one|none|never)(?: else)? (?:may|can|must|should|is allowed)\b"
    r"|\b(?:may|can|must|should) never\b|\bnever (?:hold|ha|be|exceed|take|contain|accept|allow)\w*\b"
    r"|(?:\A|[.,;:(\n]|\b(?:and|but|so|that|while|where|then))\s*only (?:the |an? |their |its |by )?(?:[\w'\u2019-]+ ){1,5}(?:may|can|is allowed|are allowed)\b(?! see\b)"
    r"|\bnot (?:allowed|possible|permitted|more than|twice)\b|\bno (?:two|more than|double|overlap)"
    r"|\b(?:at most|at least|forbidden|refuse[sd]?|rejects?|rejected|overlap\w*|double[- ]book\w*)\b"
    r"|\b(?:darf|d\u00fcrfen) (?:nicht|kein\w*)\b|\bh\u00f6chstens\b|\bmindestens\b",
    re.IGNORECASE,
)
_WORKED_OUT = re.compile(
    r"\b(?:fees?|prices?|costs?|charges?|charged|rates?|fares?|discounts?|tax(?:es)?|sums?|totals?|bonus|interest|salar(?:y|ies)"
    r"|postage|shipping|amounts? to)\b[^.;!?\n]{0,60}?\b(?:per|times|percent)\b[^.;!?\n]{0,60}?\bat (?:least|most)\b"
    r"|%[^.;!?\n]{0,60}?\bat (?:least|most)\b",
    re.IGNORECASE,
)
_TEXT_ASKED = re.compile(
    r"[\"\u201c\u201d\u201e\u00ab\u00bb]|(?<!\w)'[^']+'|(?<=[^\s.!?:;])\s+(?-i:[A-Z\u00c0-\u00de])"
    r"|\b(?:call|name|title|rename) (?:it|this|the|my|our|of|is)\b|\b(?:called|named|titled|entitled|renamed?)\b"
    r"|\b(?:heading|headline|header|footer|footnote|slogan|tagline|welcome|greet\w*|imprint|faq|caption|wording"
    r"|labell?ed|says?|saying|reads|about|contact|opening|explains?|describes?|translat\w*|languages?)\b"
    r"|\b(?:hei\u00dft|hei\u00dfen|genannt|titel|\u00fcberschrift|steht|beschriftet|\u00fcber|sprache|impressum)\b"
    r"|\b(?:appel\w*|nomm\w*|titre|texte|llam\w*|t\u00edtulo|texto|chiam\w*|titolo|testo)\b",
    re.IGNORECASE,
)
_LOOK_ASKED = re.compile(
    r"\b(?:looks?|looking|style[sd]?|stylish|design|theme|layout|fonts?|colou?r\w*|dark\w*|light\w*|bright\w*"
    r"|modern|minimal\w*|pretty|beautiful|elegant|playful|clean|fresh|calm|rounded|spacing|bigger|smaller|larger"
    r"|retro|vintage|newspaper|background|palette|pastel|blue|green|red|yellow|orange|purple|pink|brown|black"
    r"|white|gr[ae]y|farbe|farbig|dunkel\w*|hell\w*|sch\u00f6n\w*|schrift\w*|blau|gr\u00fcn|rot|gelb|couleur"
    r"|sombre|clair|joli\w*|oscur\w*|claro|bonit\w*|azul|verde|rojo|teal|gold(?:en)?|silver|navy|turquoise|beige"
    r"|violet|cent(?:er|re)(?:ed)?|bold|italic|compact|shadows?|gradients?|borders?|corners?|padding|margins?"
    r"|align\w*|responsive|serif|typograph\w*|transparent|contrast|animat\w*|professional)\b",
    re.IGNORECASE,
)
_FIGURES_ASKED = re.compile(
    r"\b(?:(?:bar|pie|line)?[ -]?(?:charts?|graphs?)|diagrams?|histograms?|statistics|totals?|sums? of|averages?"
    r"|(?:\w{0,20})diagramm\w{0,3}|statistik\w{0,2}|summen?|durchschnitt\w{0,2}|graphiques?|moyennes?|gráfic[oa]s?|promedios?)\b",
    re.IGNORECASE,
)
_MAIL_ASKED = re.compile(
    r"\b(?:sends?|sent|gets?|receives?|notif(?:y|ies|ied)|reminds?|reminded|informs?|informed|confirmed|alerts?|alerted)"
    r"\b(?:(?!\band\b)[^.,;!?\n]){0,60}\be-?mails?\b(?! address)|\be-?mails? (?:(?:is|are|be|gets?) sent|goes (?:out )?to|go to)\b"
    r"|\be-?mail (?:reminders?|notifications?|confirmations?|alerts?)\b|\be-?mailed\b",
    re.IGNORECASE,
)
_OF_LOGIN = re.compile(
    r"\b(?:passwords?|log(?:s|ged)?[ -]?in|sign(?:s|ed)?[ -]?(?:up|in)|regist\w*|invit\w*|accounts?|fields?|links?)\b",
    re.IGNORECASE,
)
_LIST_OF = re.compile(
    r"\b(?:an?|the|my|our) (?:lists?|logs?|records?|diary|journal|register|overview|history|collection) of\b"
    r"|\bin (?:one|a single) place\b|\blist(?=\s*:)|\b(?:i|we|they) (?:(?:also|usually|want to|need to|would like to) )*(?:note|record|store|register|enter|log|collect|sell|offer)\b",
    re.IGNORECASE,
)
"""Says no more than the words beside it."""
_INTRODUCTION = re.compile(
    r"\A\s*(?:my name is \w+(?:,? and| -|\.)\s+)?(?:i|we)(?:['\u2019](?:m|re|ve)| am| are| have| run| own| manage| lead| work (?:at|in|for|as))"
    r" (?:an?|the|our) (?!list\b|table\b|collection\b)(?:[\w'\u2019&-]+ ?){1,5}"
    r"(?=[.!;,\n]|\s+and\s+(?:need|want|would)\b|\Z)",
    re.IGNORECASE,
)
_WORD_PARTS = re.compile(r"[^\W_]+")


def _stems_of(word: str) -> Iterator[str]:
    """What is the same in all forms of a word, roughly."""
    plain = unicodedata.normalize("NFKD", word.casefold())
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    if any(ord(c) >= UNSPACED for c in plain):
        yield from (plain[i : i + 2] for i in range(max(1, len(plain) - 1)))
    else:
        yield plain[:4] if len(plain) > 4 else plain.removesuffix("s")


_GREETING = re.compile(
    r"\A\s*(?:(?:dear|hi|hello|hey|good (?:morning|afternoon|evening|day)|greetings|to whom it may concern)\b[^.:;!?\n]{0,40}(?:\n|[!.](?=\s))|dear [^.:,;!?\n]{1,40},|(?:hi|hello|hey|good (?:day|morning|afternoon|evening))(?: (?:there|all|team|guys|everyone|folks))?[,!.]+)",
    re.IGNORECASE,
)
_FAREWELL = re.compile(
    r"(?:(?<=[.!?\n])|(?<=[.!?] ))[ \t]*(?:(?:many|kind|best|warm|with [a-z]{3,15}|all the) )?"
    r"(?:thanks|thank you|thx|ta|regards|wishes|best|cheers|greetings|yours|love|sincerely|bye|see you|god bless|peace|till soon|looking forward)\b[^:]{0,110}\Z",
    re.IGNORECASE,
)


def _blank(found: re.Match[str]) -> str:
    return re.sub(r"[^\n]", " ", found[0])


def is_introduction(clause: str) -> bool:
    """Whether a clause only says who the person is: "I run a bike shop"."""
    return _INTRODUCTION.fullmatch(clause.strip()) is not None


def without_courtesies(message: str) -> str:
    """A letter without its greeting and its farewell; as long as before, so that places stay the same."""
    text = message
    for form in (_GREETING, _FAREWELL):
        text = form.sub(_blank, text, count=1)
    return text
