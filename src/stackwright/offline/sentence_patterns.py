"""How sentences open: politeness, wishes, 'build me an app', 'we keep track of'. Patterns only."""

import re

from stackwright.offline import lexicon

POLITE = re.compile(
    r"^(?:(?:hi|hello|hey|hiya|please|so|ok|okay|well|thanks|thank you|dear|there|team|claude|basically|also|and|then|now|finally|just|kindly|ideally|additionally|furthermore|moreover)\b[\s,!.-]*)+",
    re.IGNORECASE,
)


BUILD = re.compile(
    r"^(?:(?:can|could|would|will) (?:you|we|i)(?: please)?(?: be able to)?\s+|i(?:'d| would| want| need|'m| am)?(?: really)?(?: like| love| want| need| looking| trying)?(?: you)?(?: for| to)?\s+|we(?:'d| would| want| need|'re| are)?(?: like| love| want| need| looking)?(?: you)?(?: for| to)?\s+|let'?s\s+|my goal is to\s+|help (?:me|us)(?: to)?\s+|it (?:should|must|needs to) (?:be able to )?\s*|what (?:i|we) (?:want|need) is\s+|there (?:should|must) be\s+|there (?:is|are)\s+)?"
    r"(?:(?:please )?(?:build|create|make|generate|develop|design|write|set up|setup|scaffold|code|give|produce|have|need|want|like|get|bootstrap|implement|do|start)\b\s*(?:me|us|for me|for us)?\s+)?",
    re.IGNORECASE,
)


_CONTAINER = "|".join(
    sorted((re.escape(w) for w in lexicon.CONTAINERS | lexicon.PLACES), key=len, reverse=True)
)


PHRASE = re.compile(
    rf"^((?:(?!(?:with|of|for|to|that|which|where|and|has|have|about|in|on|including|having|who|can|from)\b)[\w'./-]+\s+){{0,5}})((?:{_CONTAINER})(?:\s+(?:{_CONTAINER}))*)\b(?!\s+(?:[a-z]+s|number|name|date|entries|entry|items?|type)\b(?=\s*(?:with|\(|,|:|and|have|has|$)))(?!\s+[a-z]+\s*:)",
    re.IGNORECASE,
)


STRONG = r"track(?:s|ing)?(?: of)?|manag(?:e|es|ing)|keep(?:s|ing)?(?: (?:a )?(?:track|records?|log|list|an eye|an overview|tabs|notes?))?(?: (?:of|on|about))?|organi[sz](?:e|es|ing)|catalogu?(?:e|ing)|monitor(?:s|ing)?|regist(?:er|ering)|stor(?:e|ing)|collect(?:ing)?|remember(?:ing)?|(?:jot|write|note|take) down|handl(?:e|ing)|maintain(?:ing)?|administ(?:er|ering|rate)|captur(?:e|ing)|document(?:ing)?|look(?:ing)? after|follow(?:ing)?(?: up on)?|oversee(?:ing)?|archiv(?:e|ing)|inventory"


_WEAK = r"record(?:s|ing)?|logs?|logging|list(?:s|ing)?|sav(?:e|ing)|enter(?:ing)?|add(?:ing)?|edit(?:ing)?|updat(?:e|ing)|delet(?:e|ing)|remov(?:e|ing)|creat(?:e|ing)|view(?:ing)?|see(?:ing)?|brows(?:e|ing)|plan(?:ning)?|schedul(?:e|ing)|submit|post(?:ing)?|shar(?:e|ing)|not(?:e|ing)|rat(?:e|ing)|know|search|find|show(?:s|ing)?|holds?|lets?|compar(?:e|ing)|set|coordinat(?:e|ing)|have|review(?:ing)?|check"


VERBS = rf"(?:{STRONG}|{_WEAK})"


RECORD = re.compile(
    rf"(?:\b(?:to|can|could|should|will|must|may|i|we|they|you|users?|and|let me|lets me|let us|lets us|lets users|for|me|us|staff|people|of|helps|that|which|by)\s+(?:also\s+|then\s+|easily\s+|just\s+|only\s+)?{VERBS}(?:(?:,|/|\s+and|,\s*and|\s+or)\s*{VERBS})*|^(?:{STRONG}|record|log|list|save|recording|logging|listing|planning|scheduling|plan|schedule)(?:(?:,|/|\s+and|,\s*and)\s*{VERBS})*)"
    rf"\b(?!\s*(?:$|,|:|with\b|for\b(?! (?:each|every|all)\b)|(?:app|tool|system|application|software|website|platform|program|database|sheet)s?\b))\s*",
    re.IGNORECASE,
)


EACH_ONE = re.compile(
    r"^(?:and\s+)?(?:for|of|about|on|per|with)\s+(each|every|all|any|an?|the|our|my)\s+([^,:]+?)(?:\s*,\s*|\s*:\s*|\s+(?=(?:i|we|you|they|it|there|users?|please|record|store|track|save|keep|list|the|its|their|a|an|what|which|when|who|how|whether)\b))(.+)$",
    re.IGNORECASE,
)


FOR_EACH = re.compile(r"^(?:for|of|about) (?:each|every|all)\b", re.IGNORECASE)


EACH_LAST = re.compile(
    r"^(.*)\s+(?:for|of|about|on)\s+(?:each|every|all(?: of)?(?: my| our| the)?|my|our|the|an?)\s+([\w' -]+)$",
    re.IGNORECASE,
)


CLAUSES = re.compile(
    r"\s*(?:,\s*)?(?:\b(?:where|in which|whereby|so that|so i can|so we can|such that|while|whose)\b)\s*",
    re.IGNORECASE,
)


SCOPE = re.compile(
    r"^[\s,]*(?:for|of|in|at)\s+((?:(?!with\b|that\b|which\b|where\b|to\b|has\b|have\b|and\b)[^,:()<])+)",
    re.IGNORECASE,
)


FILLER = re.compile(
    r"^(?:the\s+)?(?:fields?|attributes?|columns?|properties|details|entities|resources?|models?|tables?|objects?|it (?:has|needs|should have)|things?|data|info(?:rmation)?)\s*(?:are|is|like|such as|include|including|:)\s*:?\s*(?=\S)",
    re.IGNORECASE,
)


_TECH = re.compile(
    r"(?:,\s*)?\b(?:(?:built |made |written |implemented |developed |powered )?(?:with|using|in|on|by|via|based on|on top of))\s+(?:the |a |an )?((?:TECH)(?:(?:\s*,\s*|\s+and\s+|\s*,\s*and\s+|\s*/\s*|\s*\+\s*|\s+)(?:a |an )?(?:TECH))*)(?:\s+(?:stack|frontend|backend|front-end|back-end|database|framework|ui))*(?=[\s,.:;]|$)".replace(
        "TECH",
        "|".join(
            sorted(
                (
                    re.escape(t)
                    for t in lexicon.TECHNOLOGY
                    - {"full", "stack", "rest", "node", "express", "motor"}
                ),
                key=len,
                reverse=True,
            )
        ),
    ),
    re.IGNORECASE,
)


_TECH_READY = re.compile(
    rf"(?:,\s*|\band )?(?:fully )?\b(?:{'|'.join(sorted(map(re.escape, lexicon.TECHNOLOGY), key=len, reverse=True))})[- ](?:ready|based|powered|compatible|friendly|style|first)\b,?",
    re.IGNORECASE,
)


_ANY_TECH = "|".join(sorted(map(re.escape, lexicon.TECHNOLOGY), key=len, reverse=True))
_TECH_PRODUCT = re.compile(
    rf"\b(?:an? )?(?:{_ANY_TECH})(?:(?:,| and|\s*\+)?\s+(?:an? )?(?:{_ANY_TECH}))+(?: app(?:lication)?)?(?= (?:for|to|that)\b)",
    re.IGNORECASE,
)


def drop_technology(text: str) -> str:
    """The text without 'with FastAPI and Next.js': the stack is given."""
    return _TECH.sub(" ", _TECH_READY.sub(" ", _TECH_PRODUCT.sub("an app", text)))


BUSINESS = re.compile(
    r"^(?:i|we)(?:'m|'re)? (?:run|own|operate|work (?:at|in|for)|am|are|have|manage|lead|teach (?:at|in))\s+((?:an?|our|my|the)\s+[^,:()<]+)$",
    re.IGNORECASE,
)


BUSINESS_FIRST = re.compile(
    r"^(?:(?:i|we|my [a-z]+ and i)(?:'m |'re |(?:'m|'re)? (?:(?:help )?(?:to )?(?:run|own|operate|work (?:at|in|for)|have|manage|lead|am|are|look after|care for|organi[sz]e|coach|teach (?:at|in)|volunteer (?:at|in|for)) ))((?:an?|our|my|the) [^,:()<]+?)(?:,? and| so|, so|,|(?P<list>:))"
    r"|(?:for|in|at) ((?:our|my|the|an?) [^,:()<]+?),?(?= (?:i|we)\b)"
    r"|((?:our|my) [\w' -]+?) (?:is|are|gets?|has|have|keeps?|was|were)\b[^,:()<]*, so)"
    r"(?(list) |(?: then| now| also)? (?:i |we )?(?=(?:'d |would |really |also )*(?:want|need|like|have to|must|keep|track|am looking|are looking)\b))",
    re.IGNORECASE,
)
"""'I run a bike repair shop and want to …': what the application is for stands before the wish."""


WISH_LATER = re.compile(
    rf"^((?:i|we) .+?),? (?:and|so) (?:i |we )?(?:(?:now|also|really) )?((?:need|want|would like|have) to (?={VERBS}\b).+)$",
    re.IGNORECASE,
)
"""'I own three flats and need to note down guests': a deed, and then the wish."""


DEALS_IN = re.compile(
    r"^(?:i|we) (?:own|operate|breed|grow|sell|rent out|offer|host|teach|run|produce|make|buy) (?=(?:\w+ )?\w+s\b)",
    re.IGNORECASE,
)


WISH = re.compile(
    r"^((?:the |our |my |an? )[\w' -]{1,60}?) (?:wants|would like|would love|is looking for|requires|asks for|needs) (?=an? )",
    re.IGNORECASE,
)
