"""How sentences open: politeness, wishes, 'build me an app', 'we keep track of'. Patterns only."""

import re

from stackwright.offline import lexicon

POLITE = re.compile(
    r"^(?:(?:hi|hello|hey|hiya|please|pls|so|ok|okay|well|thanks|thank you|dear|there|team|claude|basically|also|and|then|now|finally|just|kindly|ideally|additionally|furthermore|moreover)\b[\s,!.-]*)+",
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


STRONG = r"track(?:s|ing)?(?: of)?|manag(?:e|es|ing)|keep(?:s|ing)?(?: (?:a )?(?:track|records?|log|list|an eye|an overview|tabs|notes?))?(?: (?:of|on|about))?|organi[sz](?:e|es|ing)|catalog(?:u?e|u?ing)?|monitor(?:s|ing)?|regist(?:er|ering)|stor(?:e|ing)|collect(?:ing)?|remember(?:ing)?|(?:jot|write|note|take) down|put in|type in|handl(?:e|ing)|maintain(?:ing)?|administ(?:er|ering|rate)|captur(?:e|ing)|document(?:ing)?|look(?:ing)? after|follow(?:ing)?(?: up on)?|oversee(?:ing)?|archiv(?:e|ing)|inventory"


_WEAK = r"record(?:s|ing)?|logs?|logging|list(?:s|ing)?|sav(?:e|ing)|enter(?:ing)?|add(?:ing)?|edit(?:ing)?|updat(?:e|ing)|delet(?:e|ing)|remov(?:e|ing)|creat(?:e|ing)|view(?:ing)?|see(?:ing)?|brows(?:e|ing)|plan(?:ning)?|schedul(?:e|ing)|submit|post(?:ing)?|shar(?:e|ing)|not(?:e|ing)|rat(?:e|ing)|holds?|coordinat(?:e|ing)|have|review(?:ing)?"


VERBS = rf"(?:{STRONG}|{_WEAK})"


SCOPE = re.compile(
    r"^[\s,]*(?:for|of|in|at)\s+((?:(?!\b(?:with|that|which|where|to|has|have|and|including|containing|so)\b)[^,:()<])+)",
    re.IGNORECASE,
)


_TECH = re.compile(
    r"(?:,\s*)?\b(?:(?:built |made |written |implemented |developed |powered )?(?:with|using|in|on|by|via|based on|on top of))\s+(?:the |a |an )?((?:TECH)(?:(?:\s*,\s*|\s+and\s+|\s*,\s*and\s+|\s*/\s*|\s*\+\s*|\s+)(?:a |an )?(?:TECH))*)(?:\s+(?:stack|frontend|backend|front-end|back-end|database|framework|ui))*(?=[\s,.:;]|$)(?! (?:forms?|pages?)\b)".replace(
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


HAVING = r"(?:own|sell|rent out|offer|operate|breed|grow|coach|lend(?: out)?|get|receive|brew|bake)"
"""What people do with their things: 'we brew beers'. It may be a story, too."""

RECORD = re.compile(
    rf"^(?:(?:my [a-z]+ and i|i|we|you|they|it|users?|people|staff|us|me)\s+)?(?:(?:also|then|just|now|really|always|only)\s+)*(?:(?:would like|would love|would need|would want|'d like|want|wants|need|needs|have|has|like|wish|should|can|could|must|will|try|tries|am trying|are trying|has|is used)(?:\s+to)?\s+(?:be able to\s+)?(?:also\s+)?(?:just\s+)?)?"
    rf"(?:(?:{STRONG}|{_WEAK}|need|want|{HAVING})(?:(?:,|/|\s+and|,\s*and)\s*{VERBS})*|(?<=have)|(?<=need)|(?<=want)|(?<=would like))(?:\s+of|\s+about|\s+on)?\b(?!\s*[:,]?$)\s*:?\s*",
    re.IGNORECASE,
)
"""'we want to keep track of', 'please record', 'I need': a list of what is kept follows."""


EACH_LAST = re.compile(
    r"^(.*)\s+(?:for|of|about|on)\s+(?:each|every|all(?: of)?(?: my| our| the)?)\s+([\w' -]+)$",
    re.IGNORECASE,
)

BUSINESS = re.compile(
    r"^(?:i|we|my [a-z]+ and i)(?:'m|'re)? (?:run|own|operate|work (?:at|in|for)|am|are|manage|lead|teach (?:at|in)|have)(?: the [\w ]+? of)? ((?:an?|our|my|the)\s+[^,:()<.]+?)(?=[,:]|$| and\b| so\b| with\b| where\b)(?:,? (?:and|so))?",
    re.IGNORECASE,
)

HEADING = re.compile(
    r"^(?:what (?:i|we)(?:'d)? (?:need|want|would like)(?: is)?|(?:the |my |our )?(?:requirements|features|records|data|entities|resources|tables|models|fields|columns|wish ?list)(?: are)?|please build(?: us| me)?(?: a system for)?|(?:build|create|make)(?: us| me)? a system for|the following)\s*:\s*(?=\S)",
    re.IGNORECASE,
)
"""'What I need: …' says only that a list follows."""

LET = re.compile(
    r"^(?:let|allow|help|enable)s? (?=(?:users|people|staff|customers|members|\w+s) )|^(?:let|allow|help|enable) (?:us|me) (?:to )?|^is (?:also )?(?=(?:the|an?) )|^(?:there )?(?:are|will be|should be|must be) (?=\w)|^(?:could|can) you whip up (?:something )?(?:so )?(?:that )?",
    re.IGNORECASE,
)
"""'let customers order …' tells what customers do."""
