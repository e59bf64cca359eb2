"""What stands around the records in a sentence: politeness, 'build me an app', 'we want to track'."""

import re

from stackwright.offline import lexicon
from stackwright.offline.app_scope import Subject
from stackwright.offline.clauses import read_deed
from stackwright.offline.draft import AppDraft, EntityDraft
from stackwright.offline.grammar import Grammar
from stackwright.offline.nouns import read_noun
from stackwright.offline.phrases import first_connector, read_sure, split_groups
from stackwright.offline.sentence_patterns import (
    BUILD,
    BUSINESS,
    BUSINESS_FIRST,
    CLAUSES,
    DEALS_IN,
    EACH_LAST,
    EACH_ONE,
    FILLER,
    FOR_EACH,
    PHRASE,
    POLITE,
    RECORD,
    SCOPE,
    STRONG,
    VERBS,
    WISH,
    WISH_LATER,
)
from stackwright.offline.words import UNCOUNTABLE, is_plural, singular_word


class Frames(Subject):
    """Reads whole sentences: peels the frame off and gives the rest to the grammar."""

    def __init__(self, app: AppDraft) -> None:
        super().__init__(app)
        self.grammar = Grammar(app)
        self.evidence = 0

    def read_sentence(self, sentence: str) -> None:
        """Read one prepared sentence; what it says about records goes into the draft."""
        for place, clause in enumerate(c for c in CLAUSES.split(sentence) if c and c.strip()):
            self._read_clause(clause.strip(" ,"), first=place == 0)

    def _read_clause(self, clause: str, *, first: bool) -> None:
        clause = POLITE.sub("", clause)
        wish = WISH.match(clause)
        if wish and (who := read_noun(wish.group(1))) and who.head in lexicon.PLACES:
            self._note_scope(wish.group(1))
            clause = clause[wish.end() :]
        if (business := BUSINESS.match(clause)) and self._note_scope(business.group(1)):
            return
        if business := BUSINESS_FIRST.match(clause):
            said = next(g for g in business.groups() if g)
            self._note_scope(re.split(r" (?:of|at|in|for) (?=(?:an?|our|my|the)\b)", said)[-1])
            clause = ("" if business["list"] else "we ") + clause[business.end() :]
        later = WISH_LATER.match(clause)
        if later and read_deed(later.group(1)):
            self._read_clause(later.group(1), first=first)
            clause = f"we {later.group(2)}"
        if not RECORD.match(clause) and read_deed(clause):
            self.evidence += 1
            self._chain(clause)
            return
        clause = DEALS_IN.sub("track ", clause)
        if self._read_each(clause):
            return
        record = RECORD.search(clause)
        if record is not None and self._has_something(clause, record):
            record = None
        if record is not None and not self._is_noun_phrase(clause[: record.start()]):
            before = BUILD.sub("", clause[: record.start()]).strip(" ,")
            self._read_frame(before)
            self.evidence += 1
            self._read_objects(clause[record.end() :])
            return
        built = BUILD.match(clause)
        rest = clause[built.end() :] if built else clause
        self.evidence += bool(
            built
            and built.end()
            and re.search(
                r"build|creat|mak|generat|develop|want|need", built.group(0), re.IGNORECASE
            )
        )
        if not self._read_app(rest):
            self._chain(rest)

    def _has_something(self, clause: str, record: re.Match[str]) -> bool:
        """'books can have many authors' says what books have, not what people do."""
        noun = read_noun(clause[: record.start()])
        able = re.fullmatch(
            r"(?:can|could|should|must|will|may)\s+(?:also\s+)?have\s*",
            record.group(0),
            re.IGNORECASE,
        )
        return bool(able and noun and noun.name not in lexicon.USERS)

    def _is_noun_phrase(self, before: str) -> bool:
        """'books have a log and …': the verb stands inside a list, not in a frame."""
        return bool(re.search(r"\(|<|\b(?:have|has)\s+\w", before)) or bool(
            re.search(r"\b(?:with|including)\s+\w", before)
            and not re.search(r"\b(?:i|we|that|which|can|to|and)$", before, re.IGNORECASE)
        )

    def _read_frame(self, before: str) -> None:
        before = re.sub(
            r"\b(?:that|which|to|can|i|we|users?|for|us|me|lets?|helps?|allows?)\s*$",
            "",
            before.strip(),
            flags=re.IGNORECASE,
        ).strip(" ,")
        found = PHRASE.match(before)
        if found:
            self._note_app(found)
            scope = SCOPE.match(before[found.end() :])
            if scope:
                self._note_scope(scope.group(1))

    def _read_each(self, clause: str) -> bool:
        found = EACH_ONE.match(clause)
        if found is None:
            return False
        noun = read_noun(found.group(2))
        if noun is None or (
            found.group(1).lower() in ("a", "an", "the", "our", "my")
            and self.app.find(noun.name) is None
            and not noun.many
        ):
            return False
        entity = self.app.entity(noun.name)
        rest = re.sub(
            r"^(?:i|we|you|they|it|users?|there)\s+(?:(?:want|need|would like|like|have|should|must|can|is|are)\s+)*(?:to\s+)?",
            "",
            found.group(3),
            flags=re.IGNORECASE,
        )
        rest = re.sub(
            rf"^(?:{VERBS}|show|include)\s+(?:its\s+|the\s+|their\s+|also\s+)*",
            "",
            rest,
            flags=re.IGNORECASE,
        )
        self.evidence += 1
        self._chain(rest, entity)
        return True

    def _read_objects(self, objects: str) -> None:
        """What is recorded: kinds, or the fields of something named at the end or before."""
        again = RECORD.match(objects)
        objects = objects[again.end() :] if again else objects
        if FOR_EACH.match(objects) and self._read_each(objects):
            return
        later = re.search(
            rf"\s*(?:,\s*|\band\s+)(?:then\s+|also\s+)?(?:(?:i |we )?(?:want|need|would like|like) to\s+|to\s+)?(?:{STRONG}|record|log|note|see|view|mark|add|enter)\s+(?=(?:the|a|an|which|what|how|when|whether|who|their|its|them|my|our)\b|\w+s\b|[\w ]+,)",
            objects,
            re.IGNORECASE,
        )
        if later and not later.group(0).strip().lower().startswith(","):
            self._read_objects(objects[: later.start()])
            tail = objects[later.start() :]
            self._chain(
                tail.strip(" ,")
                if re.search(r"\bmark\b", later.group(0))
                else objects[later.end() :],
                self._tail_owner(objects[later.end() :]),
            )
            return
        last = EACH_LAST.match(objects)
        if last and (noun := read_noun(last.group(2))):
            parts = [g for _, g in split_groups(last.group(1))]
            sure = sum(
                read_sure(p)
                and not (is_plural(p.split()[-1]) and p.split()[-1] not in ("notes", "tags"))
                for p in parts
            )
            if sure and sure * 2 >= len(parts) and noun.head not in lexicon.PLACES:
                self._chain(last.group(1), self.app.entity(noun.name))
                return
        self._chain(objects)

    def _tail_owner(self, tail: str) -> EntityDraft | None:
        first = split_groups(tail)
        sure = bool(first) and read_sure(first[0][1])
        return self.grammar.focus if sure else None

    def _read_app(self, text: str) -> bool:
        found = PHRASE.match(text)
        if found is None or (
            is_plural(found.group(2)) and found.group(2).lower() not in lexicon.CONTAINERS
        ):
            return False
        before = found.group(1).split()
        if before and is_plural(before[-1]) and self.app.entities:
            return False
        rest = text[found.end() :]
        if re.match(r"\s+(?:belongs?|has|have|needs?|gets?)\b", rest) and (
            self.app.find(singular_word(found.group(2).lower().split()[-1]))
            or re.match(r"^(?:each|every)\b", text, re.IGNORECASE)
        ):
            return False
        self._note_app(found)
        self.evidence += 1
        scope = SCOPE.match(rest)
        while scope and (
            self._note_scope(scope.group(1))
            or self._is_audience(scope.group(1), rest[scope.end() :])
        ):
            rest = rest[scope.end() :]
            scope = SCOPE.match(rest)
        rest = re.sub(
            r"^\s*(?:for|of|about)\s+(?:managing |tracking |all )?", " ", rest, flags=re.IGNORECASE
        )
        rest = re.sub(
            r"^[\s,:-]*(?:(?:that|which|it)\s+)?(?:can\s+|should\s+|must\s+|will\s+)?(?:with|has|have|having|includes?|including|containing|contains?|needs?|consisting of|supports?|stores?|features?|featuring|manages|tracks|and|made of)?\b[\s,:-]*",
            "",
            rest,
            flags=re.IGNORECASE,
        )
        if rest and not (re.match(r"an? ", rest) and self._read_app(rest)):
            self._chain(rest, self._implied_owner(rest))
        return True

    def _implied_owner(self, listed: str) -> EntityDraft | None:
        """'board game collection with title, players …': the fields are those of a board game."""
        first = split_groups(listed)
        is_field = bool(first) and read_sure(first[0][1]) and first_connector(first[0][1]) is None
        words = first[0][1].split() if first else []
        many = bool(words) and is_plural(words[-1]) and words[-1].lower() not in UNCOUNTABLE
        if not (self.app.implied and is_field and words) or many:
            return None
        return None if self.app.entities else self.app.entity(self.app.implied)

    def _chain(self, text: str, owner: EntityDraft | None = None) -> None:
        filler = FILLER.match(text)
        if filler and owner is None:
            text = text[filler.end() :]
            owner = (
                self.grammar.focus
                if re.match(
                    r"fields?|attrib|colum|propert|details|it |info|data",
                    filler.group(0),
                    re.IGNORECASE,
                )
                else None
            )
        if text.strip():
            sure = owner is None and self.grammar.focus is not None and self._all_sure(text)
            self.grammar.read_chain(text.strip(" ,:"), self.grammar.focus if sure else owner)

    def _all_sure(self, text: str) -> bool:
        groups = [g for _, g in split_groups(text)]
        return all(read_sure(g) and first_connector(g) is None for g in groups)
