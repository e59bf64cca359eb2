"""Pages without a login, in the words of people. A wording is a row of `FORMS`."""

import re
from re import Match
from typing import Any

from stackwright.offline.asked import Built, Form, Made
from stackwright.offline.places import kind_named, lower, only, with_kit
from stackwright.scaffold.kit_spec import KitUse, PublicOptions
from stackwright.scaffold.spec import AppSpec


def _form(spec: AppSpec, found: Match[str]) -> Made | None:
    """A form needs a kind of record that is there, and that refers to no other."""
    words = found.string
    if not re.search(r"\b(?:public|form|online|website|without)\b", words, re.IGNORECASE):
        return None
    what = (found.groupdict().get("what") or "").strip()
    entity = kind_named(spec, what) if what else only(list(spec.entities))
    if entity is None or any(one.target for one in entity.fields):
        return None
    known = spec.kit("public")
    before = known.settings() if known else PublicOptions()
    others = [one.model_dump() for one in before.forms if one.entity != entity.name]
    options = {"text": before.text, "forms": [*others, {"entity": entity.name}]}
    nouns = lower(entity.label_plural)
    text = f"Anyone may send {nouns} through a public form; all else wants a login, unless said."
    return _public(spec, options), Built(text, "public", entity.name, "")


def _landing(spec: AppSpec, found: Match[str]) -> Made | None:
    del found
    known = spec.kit("public")
    options: dict[str, Any] = known.options if known else {"forms": []}
    text = "Strangers land on a public page with the app's name and the way to the login."
    return _public(spec, options), Built(text, "public", "", "")


def _public(spec: AppSpec, options: dict[str, Any]) -> AppSpec:
    """What is not public wants a login."""
    spec = with_kit(spec, "public", None)
    if spec.kit("accounts") is None:
        spec = spec.model_copy(update={"kits": (KitUse(name="accounts"), *spec.kits)})
    return with_kit(spec, "public", options)


_LEAD = r"^(?:please |also |and |then |with |including |i want |we want |i need |we need |we'd like |i'd like |add |have |there (?:is|should be) |that |so that )*"
_WHO = r"(?:anyone|anybody|everyone|everybody|visitors|strangers|people|customers|clients|users|parents|citizens|guests|the public)"
_SEND = r"(?:send|submit|make|fill in|file|post|place|register|enter)(?: us| me| in)?"
_WHAT = r"(?:an? |the |their |new )*(?P<what>[\w -]+?)"
_FORM = r"(?: (?:through|with|via|on|in|by|using) (?:an? |the |our )*(?:public |online |web |contact |simple )*(?:form|page|website))"
_OPEN = r"(?: without (?:a login|logging in|an account|a password|registering))"
FORMS: tuple[Form, ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), make)
    for pattern, make in (
        (rf"{_LEAD}{_WHO} (?:can|may|should be able to|must be able to) {_SEND} {_WHAT}(?: online)?{_FORM}?{_OPEN}?$", _form),
        (rf"{_LEAD}{_WHO} (?:can|may) (?:fill in|fill out|use|send|submit|answer)(?P<what>)(?: it)?{_OPEN}$", _form),
        (rf"{_LEAD}(?:an? |the )?(?:public |online |web )+(?:sign-?up |request |contact )?form (?:for|to send|to submit|with which {_WHO} can send) {_WHAT}$", _form),
        (rf"{_LEAD}(?:an? |the )?(?:nice |simple |public )*landing page(?: for (?:visitors|strangers|everybody|everyone|the public))?$", _landing),
    )
)  # fmt: skip
