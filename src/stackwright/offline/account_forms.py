"""The forms of sentences that tell of logins and rights. Each row of `RIGHTS` is one."""

import re
from typing import Final

from stackwright.offline.verbs import EVENTS
from stackwright.offline.words import word_set

ACTIONS: Final = {
    "add": ("add",), "create": ("add",), "enter": ("add",), "post": ("add",), "write": ("add",),
    "edit": ("change",), "change": ("change",), "update": ("change",), "modify": ("change",),
    "delete": ("delete",), "remove": ("delete",), "cancel": ("delete",),
    "see": ("read",), "view": ("read",), "read": ("read",), "access": ("read",), "browse": ("read",),
    "look": ("read",),
    "manage": ("add", "change", "delete"), "maintain": ("add", "change", "delete"),
}  # fmt: skip
HIGHEST: Final = word_set("admin administrator owner manager boss head staff")
GENERIC: Final = word_set(
    "user people person everybody everyone anyone anybody visitor all nobody one you"
)
"""Who these are says nothing of a role."""

_STOPS: Final = (
    "and|or|but|with|without|a|an|the|for|of|to|in|by|we|i|it|they|only|not|where|that|which|who|their|has|have"
    "|need|needs|want|wants|may|can|should|could|must|shall|see|log|logs|sign|signs|everyone|everybody|anyone|let|lets|no|never|nobody"
)
_VERB = rf"(?:{'|'.join(ACTIONS)})(?:s|es|d)?"
_VERBS = rf"(?P<verbs>{_VERB}(?:(?:,? (?:and|or) |, ?){_VERB})*)"
_MAY = r"(?:(?:should|must) be able to|may|can|should|could|must|shall|is allowed to|are allowed to|be able to)"
_WORD = rf"(?!(?:{_STOPS})\b)[a-z][a-z'-]*"
_WHO = rf"(?:the |our |an? |each |every |all )?(?P<who>{_WORD}(?: {_WORD})?)"
_NOUN = rf"(?:(?:the|their|all|any|our|an?|new) ){{0,2}}{_WORD}(?: {_WORD}){{0,2}}"
_NOUNS = rf"(?P<nouns>{_NOUN}(?:(?:,? (?:and|or) |, ){_NOUN})*)"
_END = r"(?=\s*(?:[.;:,!?\n]|$|(?:and|but)\b))"
_START = r"(?:(?<=[.;:,!?\n]\s)|(?<=\n[-*]\s)|^|(?<=\band\s)|(?<=\bbut\s)|(?<=\bwhere\s)|(?<=\bthat\s)|(?<=\blet\s))"
_NO_LOGIN = r"without (?:a login|an account|a password|logging in|signing in|registering)"
_EVERYBODY = r"everybody|everyone|all (?:users|people|members)"

RIGHTS: Final = tuple(
    (kind, re.compile(pattern, re.IGNORECASE | re.MULTILINE))
    for kind, pattern in (
        ("manage", rf"{_START}{_WHO} {_MAY} {_VERBS} {_NOUNS}(?=,? but only )"),
        ("just", rf"(?:(?<=log in)|(?<=sign in))(?:,| and|, and) (?:can|may) only {_VERBS} {_NOUNS}{_END}"),
        ("just", rf"(?:(?<=log in)|(?<=sign in))(?:,| and|, and) (?:can|may) {_VERBS} {_NOUNS} only{_END}"),
        ("only", rf"{_START}only {_WHO} (?:{_MAY} )?{_VERBS} {_NOUNS}{_END}"),
        ("only", rf"{_START}only (?P<who>i|we|me|us) (?:{_MAY} )?{_VERBS} {_NOUNS}{_END}"),
        ("only", rf"{_START}(?:nobody|no ?one|no-one|none) (?:else )?(?:but|except(?: for)?|other than) {_WHO} {_MAY} {_VERBS} {_NOUNS}{_END}"),
        ("only", rf"{_START}only (?P<who>{_WORD}) who (?:are |have )?(?:logged|signed|log|sign)[ -]?in {_MAY} {_VERBS} {_NOUNS}{_END}"),
        ("only", rf"{_START}only (?:logged[ -]in|signed[ -]in|registered) (?P<who>{_WORD}) (?:{_MAY} )?{_VERBS} {_NOUNS}{_END}"),
        ("own", rf"{_START}(?:they |{_WHO} |(?P<all>{_EVERYBODY}) )?(?:{_MAY} )?(?:only )?{_VERBS} (?:only )?(?:their|his|her|his or her) own {_NOUNS}(?: only)?{_END}"),
        ("own", rf"{_START}(?:they |{_WHO} |(?P<all>{_EVERYBODY}) )?(?:{_MAY} )?(?:only {_VERBS}|{_VERBS.replace('verbs', 'more')} only) their {_NOUNS}{_END}"),
        ("anyone", rf"{_START}(?P<who>anyone|anybody|strangers|visitors|the public) (?:{_MAY} )?{_VERBS}(?: at)? {_NOUNS}(?: {_NO_LOGIN})?{_END}"),
        ("not", rf"{_START}(?P<who>they|visitors|strangers|nobody else|the public|others) (?:must not|may not|cannot|can't|should not|must never|may) {_VERBS} {_NOUNS}{_END}"),
        ("anyone", rf"{_START}{_WHO} (?:{_MAY} )?{_VERBS}(?: at)? {_NOUNS} {_NO_LOGIN}{_END}"),
        ("all", rf"{_START}(?P<who>{_EVERYBODY}) (?:{_MAY} )?{_VERBS} {_NOUNS}{_END}"),
        ("all", rf"{_START}(?P<who>{_EVERYBODY}|anyone) (?:{_MAY} )?{_VERBS}(?P<nouns>){_END}"),
        ("sees", rf"{_START}{_WHO} (?:{_MAY} )?(?P<verbs>sees?|views?|reads?) (?P<nouns>everything|all of them|all){_END}"),
        ("manage", rf"{_START}{_WHO} (?:{_MAY} )?(?P<verbs>manages?|maintains?) {_NOUNS}{_END}"),
    )
)  # fmt: skip
_WITH_WHAT = r"(?: (?:with|by) (?:an? |their )?(?:e-?mail(?: address)?(?: and (?:an? )?password)?|passwords?))?"
_A_LOGIN = (
    r"(?:an?|the|some)? ?(?:(?:user|member|secure|simple|own|personal|password) )*"
    r"(?:log-?ins?|sign-?ins?|user accounts?|accounts? and (?:a )?log-?ins?|authentication)\b"
    r"(?: and (?:an? )?(?:registration|log-?ins?|sign-?ups?|passwords?))?(?: for (?:each|every|all|the|our) [a-z]+)?"
)
LOGINS: Final = tuple(
    re.compile(pattern, re.IGNORECASE | re.MULTILINE)
    for pattern in (
        rf"{_START}(?:only )?(?:{_WHO}|{_EVERYBODY}) (?:{_MAY} |have to |has to |need to |needs to |want to )?(?:register and )?(?:logs?|signs?) ?-?in\b{_WITH_WHAT}(?: on (?:their|an?|the) (?:phone|phones|tablet|tablets|computer|mobile))?(?!\s+(?:with|via|through|using|by)\b)",
        rf"{_START}{_WHO} (?:{_MAY} |have to |has to )(?:register|sign up){_WITH_WHAT}{_END}",
        rf"{_START}(?P<who>users|members|people|customers|guests|visitors) (?:register|sign up){_WITH_WHAT}{_END}",
        rf"{_START}(?:there (?:is|should be|must be)|we (?:need|want)|i (?:need|want)|it needs|add|include|make) {_A_LOGIN}",
        rf"{_START}(?:i|we) (?:want|need) (?:{_WHO}|{_EVERYBODY}) to (?:log|sign) ?-?in{_END}",
        rf"{_START}(?:{_WHO}|{_EVERYBODY}) (?:needs?|must have|(?:has|have) to have) (?:an )?accounts?(?: (?:to|for|before)\b[\w ]{{1,60}})?{_END}",
        rf"{_START}(?:it|this|the (?:app|site|page)|everything) (?:should|must|has to|needs to) be (?:password[- ]protected|protected (?:by|with) (?:an? )?(?:passwords?|log-?ins?))",
        rf",?\s*\b(?:with|and|behind|plus|has|needs?|wants?|having|including|using) {_A_LOGIN}",
    )
)  # fmt: skip
GOES_ON: Final = "\x01"
NEXT_DEED: Final = re.compile(rf"(?:,? (?:and|to)|,) (?={'|'.join(EVENTS)})", re.IGNORECASE)
DEED = re.compile(
    rf"(?P<who>[a-z]+) (?:{_MAY} )?(?P<verb>{'|'.join(EVENTS)})(?:s|es)? (?P<noun>[a-z]+s)(?P<with> (?:with|\()[^.;:]+)?",
    re.IGNORECASE,
)
DEED_WITH_ONE = re.compile(
    rf"(?:\b(?:an?|the|each|every|one) )?(?P<who>[a-z]+) (?:{_MAY} )?(?P<verb>{'|'.join(EVENTS)})(?:s|es)? (?:an?|one|the) (?P<noun>[a-z]+)\b"
    r"(?: for (?:an?|one|their|his|her|its|his or her) (?P<other>[a-z]+)\b(?P<fields> \([^()]*\))?)?",
    re.IGNORECASE,
)
"""'Members book a course for their dog (name, breed)'."""
