"""What an application is about and whom it is for: its own phrase, its place, the record it implies."""

import re

from stackwright.offline import lexicon
from stackwright.offline.draft import AppDraft
from stackwright.offline.field_types import infer
from stackwright.offline.heads import split_items
from stackwright.offline.nouns import Noun, read_noun
from stackwright.offline.verbs import occasion
from stackwright.offline.words import snake, word_set

_KEPT = word_set("notebook journal diary log logbook logsheet register records list")
"""What an activity is written down in: 'a running log' holds runs."""


class Subject:
    """Notes in `app` what the words around the records say about it."""

    def __init__(self, app: AppDraft) -> None:
        self.app = app

    def _note_app(self, found: re.Match[str]) -> None:
        words = [w for w in found.group(1).split() if w.lower() not in lexicon.ADJECTIVES]
        named = [
            w
            for w in words
            if w.lower() not in lexicon.TECHNOLOGY and w.lower() not in ("full-stack", "called")
        ]
        container = found.group(2).split()
        self.app.calls_it = self.app.calls_it or found[0].strip()
        if self.app.phrase is None:
            self.app.phrase = " ".join(
                [
                    *named,
                    *(w for w in container if w.lower() not in ("something", "thing", "admin")),
                ]
            )
        places = [w for w in (*named, *container) if w.lower() in lexicon.PLACES]
        kept = container[-1:] and container[-1].lower() in _KEPT
        nouns = [
            w
            for place, w in enumerate(named, 1)
            if snake(w) and (not w.lower().endswith("ing") or (kept and place == len(named)))
        ]
        while nouns and nouns[-1].lower() in lexicon.PLACES | lexicon.CONTAINERS:
            nouns.pop()
        nouns = [w for w in nouns if w.lower() not in lexicon.PLACES | {"kanban"}]
        if self.app.implied is None and nouns and not places:
            if container[-1:] == ["list"] and nouns[-1].lower().endswith("ing"):
                nouns.append("item")
            name = "_".join(snake(w) for w in nouns[-2:])
            record = occasion(name, "")
            self.app.implied = " ".join(nouns[-2:]) if record == name else record
        if self.app.place is None and places:
            self.app.place = places[0]

    def _note_scope(self, scope: str) -> bool:
        """'for a bakery' says whom the application is for; 'for my plants' says what it holds."""
        noun = read_noun(scope)
        if noun is None or noun.each:
            return False
        if noun.many and noun.name not in ("user", "people", "person", "staff", "team"):
            return False
        determined = re.match(r"\s*(?:an?|my|our|the)\b", scope, re.IGNORECASE)
        group = bool(noun.single and determined and noun.name not in lexicon.FIELDS_OF)
        user = noun.head in lexicon.USERS
        if self.app.place is None and (
            noun.head in lexicon.PLACES or (group and not user and noun.head not in lexicon.PARTIES)
        ):
            self.app.place = noun.phrase
        self._note_held(noun, scope, group=group and not user)
        return noun.head in lexicon.PLACES or user or group

    def _note_held(self, noun: Noun, scope: str, *, group: bool) -> None:
        """'a diary for my cycling' holds rides; 'something for my vinyl', should fields follow, vinyl."""
        own = group and re.match(r"\s*my\b", scope, re.IGNORECASE)
        if not own or self.app.implied or noun.head in lexicon.PLACES | lexicon.PARTIES:
            return
        record = occasion(noun.name, scope)
        self.app.implied = record if record != noun.name else noun.phrase
        keeps = (self.app.phrase or "").lower()
        if keeps in _KEPT | {"tracker"}:
            self.app.phrase = f"{noun.phrase} {keeps}"
        elif record != noun.name:
            self.app.phrase = f"{noun.phrase} log"

    def _is_audience(self, scope: str, rest: str) -> bool:
        """'a tool for freelancers: clients, projects' is for them, not about them."""
        noun = read_noun(scope)
        first = re.match(r"\s*(?::|with\b|,?\s*(?:that|which) (?:has|have)\b|to\b)\s*(.+)", rest)
        if noun is None or first is None:
            return False
        if self.app.implied and noun.many and noun.head.endswith(("er", "or", "ist")):
            return True
        if noun.head not in lexicon.PARTIES | lexicon.PLACES:
            return False
        listed = read_noun(split_items(first.group(1))[0].split(" with ")[0].split("(")[0])
        return listed is not None and listed.many and not infer(listed.name).sure
