"""What stands around the records in a sentence: politeness, 'build me an app', 'we want to track'."""

import copy
import re

from stackwright.offline import lexicon, unsupported
from stackwright.offline.clauses import read_deed
from stackwright.offline.draft import AppDraft, EntityDraft
from stackwright.offline.fields import is_field_name
from stackwright.offline.forms import FormReader
from stackwright.offline.heads import CONNECTOR, LINK, mask, read_head, split_items
from stackwright.offline.introductions import introduction_in
from stackwright.offline.link_forms import note_links, note_order
from stackwright.offline.naming import (
    Place,
    does_something,
    has_details,
    is_detail,
    is_known_noun,
    is_sure_field,
    lists_fields,
    lists_kinds,
    plain_name,
    told_of,
)
from stackwright.offline.nouns import TELLING, Noun, clean_noun, tells
from stackwright.offline.sentence_patterns import (
    BUILD,
    BUSINESS,
    EACH_LAST,
    HAVING,
    HEADING,
    LET,
    PHRASE,
    POLITE,
    RECORD,
    SCOPE,
    VERBS,
)
from stackwright.offline.unsupported import Unbuilt
from stackwright.offline.whole_sentences import WholeSentences
from stackwright.offline.words import is_plural, plural, singular_word


class SentenceReader(WholeSentences):
    """Peels the frame off whole statements and gives the list in it to the forms."""

    def __init__(self, app: AppDraft) -> None:
        super().__init__(app)
        self._goes_on = False
        """A semicolon ended the statement before: the list goes on."""
        self._continues = False

    def read(self, statement: str) -> None:
        """Read one prepared statement; what it says about records goes into the draft."""
        clause = POLITE.sub("", statement).strip(" ,")
        if clause.endswith(":"):
            self._read_heading(clause.rstrip(" :"))
            return
        clause = LET.sub("", _without_heading(_SOMEBODY_DOES.sub("track ", clause)))
        if _EQUATION.match(clause):
            self.app.unread.append(clause)
            return
        if not clause or note_links(self.app, clause) or note_order(self.app, clause):
            return
        self._continues, self._goes_on = self._goes_on, statement.endswith(";")
        told = [part for one in _NEW_SENTENCE.split(clause) for part in _NEW_CLAUSE.split(one)]
        parts = [part.strip(" ;") for part in told if part.strip(" ;")]
        for part in parts:
            self._read_clause(LET.sub("", part))

    def _read_heading(self, heading: str) -> None:
        """'Books:' over a list of its fields; any other heading says nothing."""
        head = read_head(heading)
        if head is not None and head.noun.many and not head.relations and len(heading.split()) < 4:
            self.forms.kinds.focus = self.app.entity(head.noun.name, weak=True)
        else:
            self.app.unread.append(heading)

    def _read_clause(self, clause: str) -> None:
        if note_links(self.app, clause) or note_order(self.app, clause):
            return
        if any(take(clause) for take in self._whole_forms) or self._bare_kind(clause):
            return
        clause = self._without_public_page(self._without_one_each(clause))
        if not clause:
            return
        is_later = bool(self.app.entities) and not re.match(r"(?:build|create|make)\b", clause, re.IGNORECASE)  # fmt: skip
        if _FIGURES.search(clause):
            self.app.unbuilt.append(Unbuilt(clause, unsupported.why_not_built("show the total of")))
            return
        if whose := _WHOSE_WE.match(clause):
            self._read_whose(whose)
            return
        clause = _THERE_ARE.sub(_belonging, clause)
        clause = _EACH_PLACE.sub(r"\1 \2 has ", _EVERY_WEEK.sub("", clause))
        app_or_wish = (self._wish, self._app) if is_later else (self._app, self._wish)
        frames = (
            self._each,
            self._noted_by,
            self._of_group,
            self._business,
            *app_or_wish,
            self._recorded,
        )
        if any(frame(clause) for frame in frames):
            return
        after = self._without_title(clause)
        focus = self.forms.kinds.focus
        if (
            after != clause
            and focus is not None
            and focus.complete
            and self._all_fields(after)
            and not _ADVERBIAL.match(clause)
        ):
            self.app.unread.append(after)  # 'Who took what: person, date' is about something else
        elif after != clause:
            place = self._listed(after)
            place.weak = self._is_described() and not has_details(after)
            self.forms.read_list(after, place)
        elif self._is_rule_of_two(clause):
            self.app.unbuilt.append(Unbuilt(clause, unsupported.why_not_built(clause)))
        else:
            self.forms.read_list(clause, self._unframed(clause))

    def _read_whose(self, found: re.Match[str]) -> None:
        """'Each grave has a contact, whose name and phone we hold, and one contact has several graves'."""
        rest = re.sub(r"^,? (?:and|but) ", "", found["rest"])
        told = f"each {found['kind']} has {found['fields']}"
        for clause in (found["before"], told, *([rest] if rest else [])):
            self._read_clause(clause)

    def _is_rule_of_two(self, clause: str) -> bool:
        """'Source and target can't be the same' names no field of its own."""
        items = split_items(clause)
        is_two = len(items) == 2 and CONNECTOR.search(mask(clause)) is None
        return (
            is_two and read_head(items[0]) is not None and bool(unsupported.why_not_built(items[1]))
        )

    def _bare_kind(self, clause: str) -> bool:
        """'Fossils. Name, age, photo': what the list behind it is about."""
        most = 4 if len(self.app.described) > 1 else 2
        noun = clean_noun(clause) if len(clause.split()) <= most else None
        if (
            noun is None
            or not noun.many
            or clause[0].isdigit()
            or self.app.entities
            or is_detail(noun)
        ):
            return False
        self.forms.kinds.focus = self.app.entity(noun.name, weak=True)
        return True

    def _is_described(self) -> bool:
        return any(one.given for one in self.app.entities.values())

    def _without_public_page(self, clause: str) -> str:
        """'Attendees register for talks on a public page': registrations, but no such page."""
        found = _PUBLICLY.search(clause)
        rest = f"{clause[: found.start()]}{clause[found.end() :]}" if found else clause
        deed = read_deed(rest) if found else None
        if found is None or deed is None or deed.event is None or unsupported.why_not_built(rest):
            return clause
        words = found[0].strip(" ,")
        self.app.unbuilt.append(Unbuilt(words, unsupported.why_not_built(words)))
        return rest

    def _without_title(self, clause: str) -> str:
        """'What my children may not eat: child, food': what stands before the colon names no kind."""
        before, colon, after = clause.partition(": ")
        heads = [read_head(item) for item in split_items(before)]
        cut = CONNECTOR.search(mask(before))
        if not colon or all(heads) or "(" in before or (cut and read_head(before[: cut.start()])):
            return clause
        if LINK.search(mask(before)) and read_head(LINK.split(before)[0]):
            return clause  # 'Projects belong to a client: title, deadline'
        if kept := self._kept(before, after):
            return f"{kept}: {after}"
        deed = read_deed(before)
        if deed is not None and deed.event is not None and has_details(after):
            self.forms.read_list(before, Place(loose=True))
            return after
        self.app.unread.append(before)
        return after

    def _kept(self, before: str, after: str) -> str:
        """'Hikers of our club write trip reports: …' tells of the reports."""
        noun = told_of(before)
        one = noun is not None and noun.single and not lists_kinds(after) and lists_fields(after)
        if noun is None or not (noun.many or one):
            return ""
        told = before.removesuffix(noun.phrase).strip()
        who = clean_noun(before.split()[0])
        if (
            noun.many
            and who is not None
            and who.many
            and who.name in lexicon.PARTIES - lexicon.USERS
        ):
            if not _ONLY_DOES.fullmatch(told):
                self.app.unread.append(told)
            return f"{noun.phrase} of a {who.name}"
        self.app.unread.append(told)
        return noun.phrase if noun.many else plural(noun.name).replace("_", " ")

    def _fits_whole(self, clause: str) -> bool:
        """Whether every item of a list without a frame has a form, and the first names many."""
        items = split_items(clause)
        head = read_head(items[0]) if items else None
        if len(items) < 2 or head is None or not head.noun.many or is_detail(head.noun):
            return False
        trial = FormReader(copy.deepcopy(self.app))
        trial.read_list(clause, Place(kinds=True))
        before, after = self.app, trial.app
        linked = any(f.target for e in after.entities.values() for f in e.given.values())
        return linked and len(before.unread) == len(after.unread)

    def _unframed(self, clause: str) -> Place:
        """A bare list of fields behind 'Movies to watch.' is about what was named there."""
        focus = self.forms.kinds.focus
        if self._continues and self.app.entities:
            return Place(kinds=True)
        if self._fits_whole(clause):
            return Place(kinds=True)
        heads = [read_head(item) for item in split_items(clause)]
        nouns = [head.noun for head in heads if head is not None]
        if len(nouns) == len(heads) > 1 and all(n.many and not is_detail(n) for n in nouns) and (self._goes_on or any(is_known_noun(n) for n in nouns)):  # fmt: skip
            return Place(kinds=True)
        items = split_items(clause)
        sure = sum(is_sure_field(item) for item in items)
        is_headed = focus is not None and focus.weak and not focus.given and "(" not in clause
        if len(items) > 2 and (is_headed or sure * 2 >= len(items)) and self._all_fields(clause):
            if focus is not None and not focus.given:
                return Place(focus)
            if focus is None and not self.app.entities and len(items) > 3:
                return Place(self._implied())
        return Place(loose=True)

    def _of_group(self, clause: str) -> bool:
        """'our kindergarten wants to register …', 'for our hostel we need …': who wants it."""
        found = _GROUP.match(clause)
        if found is None:
            return False
        whom = found["whom"] or found["who"]
        noun = clean_noun(re.split(r" (?:in|at|of|for|with|from) ", whom)[0])
        if noun is None or noun.many or noun.each or self.app.find(noun.name) is not None:
            return False
        rest = clause[found.end() :]
        owns = (found["verb"] or "").lower() in ("has", "needs", "need")
        is_group = noun.head in lexicon.PLACES | lexicon.CONTAINERS or re.match(r"(?:our|my)\b", whom, re.IGNORECASE)  # fmt: skip
        if found["who"] and owns and not is_group:
            return False
        keeps = (found["verb"] or "").lower() in ("keeps", "has", "keep")
        if keeps and self._is_described() and not has_details(rest):
            return False  # 'my sister keeps bees' is a story
        if found["who"] and not (
            lists_kinds(re.sub(r"^to \w+ (?:of )?", "", rest)) or PHRASE.match(BUILD.sub("", rest))
        ):
            return False
        self._note_scope(whom)
        if self._wish(rest):
            return True
        verb = found["verb"] or ""
        self.evidence += 1
        if not self._recorded(
            f"{verb or 'we need'} {rest}" if not found["whom"] else rest, framed=True
        ):
            self._read_clause(rest)
        return True

    def _wish(self, clause: str) -> bool:
        """A sentence that begins with what is not built; records may follow behind a colon."""
        first = split_items(clause)[0] if split_items(clause) else clause
        if self._names_app(clause):
            return False
        before, colon, after = clause.partition(": ")
        said = before if colon and len(before) <= len(first) else first
        plain = re.sub(r"\([^()]*\)|<[^<>]*>", " ", said)
        reason = unsupported.why_not_built(plain)
        if not reason or (not colon and self._names_fields(first, clause)):
            return False
        if self._reported(clause, reason):
            return True
        self._note_title(said)
        if colon and said == before:
            if read_head(before) is not None and not PHRASE.match(BUILD.sub("", before)):
                return False
            self.app.unbuilt.append(Unbuilt(before, reason))
            self.forms.read_list(after, Place(kinds=True))
        else:
            self.app.unbuilt.append(Unbuilt(BUILD.sub("", first), reason))
            rest = clause.partition(first)[2]
            self.forms.read_list(re.sub(r"^[\s,;]*(?:and |or )?", "", rest), Place(kinds=True, unbuilt=True))  # fmt: skip
        self.evidence += 1
        return True

    def _reported(self, clause: str, reason: str) -> bool:
        """'Tenants can report a problem without logging in (address, photo)': problems are kept."""
        found = _IN_BRACKETS.match(clause)
        noun = told_of(found[1]) if found else None
        if found is None or noun is None or not lists_fields(found[2]):
            return False
        self.app.unbuilt.append(Unbuilt(found[1], reason))
        self.forms.kinds.focus = self.app.entity(noun.name)
        self.forms.read_list(found[2], Place(self.forms.kinds.focus))
        self.evidence += 1
        return True

    def _names_app(self, clause: str) -> bool:
        found = PHRASE.match(BUILD.sub("", clause))
        return found is not None and not unsupported.why_not_built(found[0])

    def _names_fields(self, first: str, clause: str) -> bool:
        """'Bookings with date and login', 'every tool has a number which must be unique'."""
        found = CONNECTOR.search(mask(first))
        plain = BUILD.sub("", first[: found.start()]) if found else ""
        gets = found is not None and found[0].strip().lower().startswith("get")
        is_list = found is not None and (
            not gets or sum(map(is_sure_field, split_items(clause))) > 1
        )
        head = read_head(plain) if is_list else None
        return head is not None and (head.noun.each or is_plural(plain.split()[-1]))

    def _note_title(self, said: str) -> None:
        found = PHRASE.match(BUILD.sub("", said))
        if (
            found
            and not said.lower().startswith("no ")
            and not {"a", "an", "the"} & {*found[0].lower().split()[1:]}
        ):
            self._note_app(found)

    def _each(self, clause: str) -> bool:
        """'for each bike I want to store frame number and brand'."""
        told = introduction_in(clause)
        if told is None or unsupported.why_not_built(split_items(told.fields)[0]):
            return False
        known = self.app.find(told.kind.name)
        own = told.kind.head not in lexicon.PLACES | lexicon.CONTAINERS
        if not told.is_sure and known is None and not (own and bool(self.app.entities)):
            return False
        if told.before:
            self.app.unread.append(told.before)
        self.evidence += 1
        self.forms.kinds.focus = self.app.entity(told.kind.name)
        self.forms.kinds.focus.complete |= told.is_closed
        self._read_of(self.forms.kinds.focus, told.fields)
        return True

    def _read_of(self, owner: EntityDraft, listed: str) -> None:
        """'For each bike I note services with date': what is told of for the first time belongs to it."""
        before = set(self.app.entities)
        self.forms.read_list(listed, Place(owner))
        for name, entity in list(self.app.entities.items()):
            if name not in before and entity.given:
                self.forms.kinds.hang(entity, owner)

    def _noted_by(self, clause: str) -> bool:
        """'After the game the master fills in whether they escaped': of what was spoken of."""
        found, focus = _NOTED_BY.match(clause), self.forms.kinds.focus
        if found is None or focus is None or not lists_fields(found["fields"]):
            return False
        self.app.unread.append(clause[: found.start("fields")].strip())
        self.forms.read_list(found["fields"], Place(focus))
        return True

    def _business(self, clause: str) -> bool:
        """'we run a hostel' says whom the application is for."""
        found = BUSINESS.match(clause)
        if found is None:
            return False
        noun = clean_noun(re.split(r" (?:in|at|of|for|with|that|which|who|where) ", found[1])[0])
        if noun is None or noun.many:
            return False
        self._note_scope(re.split(r" (?:in|at|with) ", found[1])[0])
        rest = clause[found.end() :].strip(" ,")
        self._note_title(found[1])
        self.app.unread.append(clause[: found.end()])
        if rest.startswith(":"):
            self.forms.read_list(rest.strip(" :"), Place(kinds=True))
            return True
        rest = re.sub(r"^(?:and|so)\s+", "", rest)
        built = BUILD.match(rest)
        if rest and (RECORD.match(rest) or (built and built.end())):
            self.read(rest)
        elif rest:
            self.app.unread.append(rest)
        return True

    def _app(self, clause: str) -> bool:
        """'build me a plant tracker with …', 'a library: books, authors'."""
        built = BUILD.match(clause)
        text = clause[built.end() :] if built else clause
        found = None if clause.lower().startswith("no ") else PHRASE.match(text)
        if found is None or (is_plural(found[2]) and found[2].lower() not in lexicon.CONTAINERS):
            return False
        words = found[0].lower().split()
        if {"a", "an", "the"} & {*words[1:]} or (TELLING - _ANYTHING) & {*words} or tells(words) or (found[1].strip() and is_plural(found[1].split()[-1]) and read_deed(clause)):  # fmt: skip
            return False
        rest = text[found.end() :]
        if re.match(r"\s+(?:belongs?|has|have|needs?|gets?|is|are|must|can|cannot|may)\b", rest) and self._is_record(found[0]):  # fmt: skip
            return False
        scope = SCOPE.match(rest)
        starts = not rest or re.match(r"\s*[,:;(]|\s+-|\s+(?:with|that|which|where|to|so|has|have|needs|for|of|in|at|about|containing|including|and)\b", rest)  # fmt: skip
        bare = not re.match(r"(?:an?|the|my|our|some) ", found[0], re.IGNORECASE)
        if not starts or (rest.startswith(",") and bare and not (built and built.end())):
            return False
        is_view = re.search(r"\b(?:calendar|board|kanban|dashboard)$", found[0], re.IGNORECASE)
        if is_view and any(e.given for e in self.app.entities.values()):
            words = text if not rest.startswith((":", "(")) else found[0]
            self.app.unbuilt.append(Unbuilt(words, unsupported.why_not_built("kanban")))
            if words == text:
                return True
        is_log = not bare and rest.startswith(":") and found[1].split()[1:] != []
        if (
            (bare or is_log)
            and self.app.entities
            and not (built and built.end())
            and found[1].strip()
        ):
            return False  # 'Waiting list with name and phone' among other records is one of them
        self._note_app(found)
        self.evidence += 1
        self._note_views(found)
        while scope and (self._note_scope(scope[1]) or self._is_audience(scope[1], rest[scope.end() :])):  # fmt: skip
            rest = rest[scope.end() :]
            scope = SCOPE.match(rest)
        rest = self._behind_scope(scope, rest)
        rest = re.sub(r"^[\s,:-]+", "", rest)
        self._after_app(rest[1:-1] if re.fullmatch(r"\([^()]*\)", rest) else rest)
        return True

    def _behind_scope(self, scope: re.Match[str] | None, rest: str) -> str:
        """What follows 'for seniors' (whom it is for), or begins with 'plants' in 'for plants' (what it holds)."""
        head = read_head(scope[1]) if scope else None
        if scope is None or head is None or not head.noun.many:
            return rest
        if self._is_for_others(head.noun):
            return rest[scope.end() :]
        return re.sub(r"^\s*(?:for|of|about|in|at)\s+", "", rest, flags=re.IGNORECASE)

    def _is_for_others(self, noun: Noun) -> bool:
        """'A meal service for seniors. Clients have a name': seniors are described nowhere."""
        if not noun.many or noun.name in self.app.described:
            return False
        if noun.head in lexicon.PARTIES:
            return self.app.implied is not None  # 'an idea box for employees' holds ideas
        return not is_known_noun(noun) and bool(self.app.described) and does_something(noun)

    def _is_record(self, phrase: str) -> bool:
        noun = clean_noun(phrase)
        if noun is None:
            return False
        is_one = noun.single and bool(self.app.entities)
        return noun.each or is_one or self.app.find(noun.name) is not None

    def _note_views(self, found: re.Match[str]) -> None:
        """'a calendar of events', 'a kanban board': the view itself is not built."""
        words = found[0].lower()
        if re.search(r"\bcalendar$|\bkanban\b|\bboard$|\bdashboard$", words):
            reason = unsupported.why_not_built("kanban")
            self.app.unbuilt.append(Unbuilt(found[0].strip(), reason))

    def _after_app(self, rest: str) -> None:
        rest = re.sub(
            r"^(?:(?:that|which|where|so that|it|and)\s+)*(?:(?:i|we|you|users|people|one)\s+)?(?:(?:can|should|must|will|could|may)\s+)?(?:(?:with|has|have|having|includes?|including|containing|contains?|needs?|consisting of|supports?|made of|lets? (?:me|us|users)|allows? (?:me|us|users) to|helps? (?:me|us)(?: to)?|for managing|for tracking|to)\b[\s,:-]*)*(?:(?:i|we|users|people)\s+(?:can|could)\s+)?(?:(?:write|publish)\s+(?=[a-z]+s\b))?",
            "",
            rest,
            flags=re.IGNORECASE,
        )
        if not rest:
            return
        if lent := _LENDING.match(rest):
            self.forms.read_list(rest[lent.end() :], Place(kinds=True, weak=True))
            return
        if self._wish(rest):
            return
        if not RECORD.match(rest):
            rest = self._without_title(rest)
        if not self._recorded(rest, framed=True):
            self.forms.read_list(rest, self._listed(rest))

    def _listed(self, rest: str) -> Place:
        """Fields of what the app's name implies ('a plant tracker: name, species'), or kinds."""
        first = split_items(rest)[0] if split_items(rest) else ""
        plain = re.sub(r"<[^<>]*>|\([^()]*\)", "", first).strip()
        head = read_head(plain)
        noun = head.noun if head else None
        is_field = is_field_name(plain, asked=plain != first) and not CONNECTOR.search(mask(first))
        chosen = "<" in re.sub(r"\([^()]*\)", "", first)
        many = noun is not None and noun.many and not chosen and not is_detail(noun)
        listed = len(split_items(rest)) > 2 and self.app.phrase is not None
        known = self.app.implied or self._held() or listed
        if noun is not None and noun.each and plain == first:
            return Place(kinds=True)  # 'write down every inspection'
        if is_field and not many and known and not self.app.entities:
            return Place(self._implied())
        if is_field and not many and self.app.entities and self.forms.kinds.focus is not None:
            return Place(self.forms.kinds.focus)
        return Place(kinds=True)

    def _implied(self) -> EntityDraft:
        entity = self.app.entity(self.app.implied or self._held() or "entry")
        self.forms.kinds.focus = entity
        return entity

    def _held(self) -> str:
        """What a place is named by: 'wine cellar' holds wines."""
        words: list[str] = re.findall(r"[\w'-]+", self.app.phrase or "")
        while words and words[-1].lower() in lexicon.PLACES | lexicon.CONTAINERS:
            words.pop()
        noun = clean_noun(" ".join(words)) if words else None
        return (
            noun.name if noun is not None and noun.name in lexicon.FIELDS_OF | {"wine": ""} else ""
        )

    def _recorded(self, clause: str, *, framed: bool = False) -> bool:
        """'we want to track books with title and author', 'note the date of each visit'."""
        record = RECORD.match(clause)
        if record is None or self._is_no_record_verb(record, clause, framed=framed):
            return False
        weak = bool(re.fullmatch(rf"(?:i|we|my \w+(?: and i)?) (?:also |just |now )?(?:{HAVING}|have|make|teach|run|manage|look after|collect|keep)(?: got)?\s*", record[0], re.IGNORECASE))  # fmt: skip
        rest = self._without_title(_TIDY.sub("", clause[record.end() :]))
        if (
            (found := _BY.match(rest))
            and (noun := clean_noun(found[1]))
            and self.app.find(noun.name)
        ):
            self.app.unread.append(clause)  # 'list the trees by number' asks for an order
            return True
        if _CIRCLE.fullmatch(rest):
            self._note_scope(rest)
            self.evidence += 1
            return True
        if PHRASE.match(BUILD.sub("", rest)) and not weak and self._app(rest):
            return True
        self.evidence += not weak
        if (found := _WHOSE.match(rest)) and (kind := self._whose(found["kind"])) is not None:
            self.forms.kinds.focus = kind
            self.forms.read_list(found["fields"], Place(kind))
            return True
        last = EACH_LAST.match(rest)
        noun = clean_noun(last.group(2)) if last else None
        if last and noun is not None and self._all_fields(last.group(1)):
            self.forms.kinds.focus = self.app.entity(noun.name)
            self.forms.read_list(last.group(1), Place(self.forms.kinds.focus))
            return True
        if _NEEDS.fullmatch(record[0]) and not rest.startswith("to ") and self._is_of_story(rest):
            self.app.unread.append(clause)
            return True
        place = self._listed(rest)
        place.weak = weak
        head = read_head(rest)
        is_kind = head is not None and head.noun.each
        if (
            self.forms.kinds.focus is not None
            and not is_kind
            and self._all_fields(rest)
            and not weak
        ):
            place = Place(self.forms.kinds.focus)
        if place.owner is not None and self._names_itself(place.owner, rest):
            self.app.unread.append(rest)
            return True
        self.forms.read_list(rest, place)
        return True

    def _is_of_story(self, listed: str) -> bool:
        """'I need peace, quiet and a coffee', when the records are told of already."""
        focus = self.forms.kinds.focus
        items = split_items(listed)
        heads = [read_head(item) for item in items]
        kinds = sum(h is not None and h.noun.many and is_known_noun(h.noun) for h in heads)
        told = sum(is_sure_field(i) or has_details(i) for i in items)
        return focus is not None and bool(focus.given) and (kinds + told) * 2 < len(items)

    def _names_itself(self, kind: EntityDraft, listed: str) -> bool:
        """'Write down puppet, damage, date' is about something else than puppets."""
        nouns = [clean_noun(item) for item in split_items(listed)]
        return len(nouns) > 1 and any(n and not n.many and n.name == kind.name for n in nouns)

    def _whose(self, word: str) -> EntityDraft | None:
        """The kind in 'we note the customer's name and phone'."""
        noun = clean_noun(word)
        known = self.app.find(noun.name) if noun else None
        return known if known is not None and not known.given else None

    def _is_no_record_verb(self, record: re.Match[str], clause: str, *, framed: bool) -> bool:
        """'Records: …' and 'Shows with …' begin with a noun; 'delete the files' asks for something else."""
        if _PEOPLE_HAVE.match(clause) and lists_fields(clause[record.end() :]):
            return True
        is_noun = not framed or re.match(r"with\b|has\b|have\b|[(:,]", clause[record.end() :])
        return bool(is_noun and re.fullmatch(r"[a-z]+s\s*:?\s*", record[0], re.IGNORECASE))

    def _all_fields(self, listed: str) -> bool:
        items = split_items(listed)
        plain = [plain_name(item) for item in items]
        nouns = [clean_noun(p) for p in plain]
        return bool(items) and all(
            is_field_name(p, asked=p != i) and not CONNECTOR.search(mask(i)) and not (n and n.many and n.name in lexicon.FIELDS_OF and not is_detail(n))
            for p, i, n in zip(plain, items, nouns, strict=True)
        )  # fmt: skip


_EQUATION = re.compile(r"[\w ]{2,40} = [\w ]+ ?[-*x+/\u00d7] ?\w.*$", re.IGNORECASE)
"""'Total = hours * 60 + materials' is read as a whole, by the forms of figures."""
_ONLY_DOES = re.compile(r"(?:the |our )?[a-z]+s (?:can |may )?(?:report|make|write|place|file|submit|send|order|enter|log|record|keep|have)", re.IGNORECASE)  # fmt: skip
"""'Parents report' before 'absences: …' says whose they are."""
_CIRCLE = re.compile(r"(?:an?|our|my|the) (?:[\w-]+ ){1,4}(?:group|club|team|association|society|league|series|network|scheme|cooperative|circle)", re.IGNORECASE)  # fmt: skip
"""'Help me organise a car sharing group' says whom the application is for."""
_NOTED_BY = re.compile(r"^(?:(?:after|before|during|at) (?:the|an?|each|every) [a-z]+,? )?(?:the|our) [a-z]+(?: [a-z]+)? (?:then |also )?(?:fills? in|enters|notes(?: down)?|writes down|records|logs) (?P<fields>(?:the|an?|their|his|her|its|whether|how|when|who|what|which|if)\b.+)$", re.IGNORECASE)  # fmt: skip
_IN_BRACKETS = re.compile(r"^([^()]+) \(([^()]+,[^()]+)\)$")
_FIGURES = re.compile(r"\b(?:report|know|see|tell|show)\b[^:]{0,60}: (?:how many|how much|what percentage|the number of)\b", re.IGNORECASE)  # fmt: skip
"""'We report to the city: how many items, what percentage fixed' asks for figures."""
_ADVERBIAL = re.compile(
    r"(?:at|after|before|in|on|during|later|afterwards|finally)\b", re.IGNORECASE
)
"""'At the end: the outcome' goes on with what was spoken of."""
_TIDY = re.compile(
    r"\s+(?:straight|in order|up to date|organi[sz]ed|together|tidy)(?=[:,]|$)", re.IGNORECASE
)
_WHOSE = re.compile(r"^(?:the|each|every|an?|their|our) (?P<kind>[a-z]+)(?:'s|s') (?P<fields>.+)$", re.IGNORECASE)  # fmt: skip
NICE_TO_HAVE = re.compile(r"^(?:nice to have|bonus|if possible|would be nice|extra|optional(?:ly)?|later|wish(?:es)?): (?=\S)", re.IGNORECASE)  # fmt: skip
_NEW_SENTENCE = re.compile(
    r": (?=(?:an?|each|every|the) (?!one\b)[a-z-]+(?: [a-z-]+)? (?:has(?! to\b)|contains|consists|belongs|is for)\b|(?:for|about) (?:each|every) [a-z-]+ (?:i|we)\b|for [a-z]+s (?:the|an?|i|we) |[a-z]+s belong to (?:one|an?|the) [a-z]+ ?(?:;|$))",
    re.IGNORECASE,
)
"""'Objects are lent to others: a loan has a date' are two sentences."""
_LENDING = re.compile(r"(?:for )?(?:lending|renting|loaning|hiring|handing|giving|selling)(?: out)? (?=[a-z]+s\b)", re.IGNORECASE)  # fmt: skip
"""'an app for lending out wheelchairs': what it is for may not be what it keeps."""
_BY = re.compile(
    r"^(?:the |all )?([a-z]+s) by (?:the |their )?[a-z]+(?: [a-z]+)?(?:,? then (?:by )?[a-z ]{1,30})?$",
    re.IGNORECASE,
)
_EVERY_WEEK = re.compile(r"^(?:every|each) (?:day|week|month|year|morning|evening|night),? (?=(?:an?|the|every|each|our) [a-z]+ [a-z]+s\b|(?:they|we|i|people|you) [a-z])", re.IGNORECASE)  # fmt: skip
_THERE_ARE = re.compile(r"(?P<joint>^|, )(?:and )?(?:on|in|at|inside) (?:the|our|these) ([a-z]+s),? (?:there (?:is|are)|stand|hang|lie|live|grow|sit) ([a-z]+s)(?: of [a-z]+)?(?=,|$)", re.IGNORECASE)  # fmt: skip
"""'In the greenhouses there are benches'."""


def _belonging(found: re.Match[str]) -> str:
    outer, inner = (singular_word(found[at].lower()) for at in (2, 3))
    return f"{found[1]}each {inner} belongs to a {outer}"


def _without_heading(clause: str) -> str:
    """'Tables: books (title), authors (name)' lists kinds; 'Tables: number, seats' are tables."""
    found = HEADING.match(clause)
    if found is None or (
        _NAMES_KIND.match(clause)
        and lists_fields(clause[found.end() :])
        and not has_details(clause[found.end() :])
    ):
        return clause
    return f"track {clause[found.end() :]}"


_NAMES_KIND = re.compile(r"(?:records|tables|models|fields|columns|resources)\b", re.IGNORECASE)
_WHOSE_WE = re.compile(r"^(?P<before>.* (?:an?|one|the) (?P<kind>[a-z]+)),? whose (?P<fields>[^:;]+?) (?:i|we) (?:also )?(?:need|note|know|have|hold|keep|record|want|store|[a-z]+(?=$))(?P<rest>$|,? (?:and|but) .*$)", re.IGNORECASE)  # fmt: skip
"""'Each grave has a contact, whose name and phone we hold': a contact is a record with fields of its own."""


_EACH_PLACE = re.compile(r"^(?:on|in|at|inside|within|for) (each|every) ([\w-]+),? (?:there (?:is|are)|(?:i|we) (?:have|keep)) ", re.IGNORECASE)  # fmt: skip
_PUBLICLY = re.compile(r",? (?:on|through|via|with|using|by) an? (?:public |online |web ){1,2}(?:page|form|website)\b|,? without (?:logging in|an? (?:login|account|password)|registering)\b", re.IGNORECASE)  # fmt: skip
_NEEDS = re.compile(r"(?:i|we) (?:also |just |really |only )*(?:need|want) ?", re.IGNORECASE)
_SOMEBODY_DOES = re.compile(
    r"^(?:visitors|users|people|everybody|everyone|anybody|anyone|somebody|someone|staff) (?:can |may |should |must |will )?"
    r"(?!(?:see|view|read|find|search|filter|sort|mark|tag|label|compare|share|log|sign|register|need|want|work|live|come|go|pay|deal|play|are|is|ha(?:s|ve)|who|with|from|in|on|at)s?\b)"
    r"[a-z]+ (?=[a-z]+s with [^,.]+?(?:,| and ))",
    re.IGNORECASE,
)
"""'Visitors bring devices with name and kind': who does it is no kind of record, what it is done with is."""
_PEOPLE_HAVE = re.compile(r"(?:people|visitors) have ", re.IGNORECASE)
"""'People have a name, a call sign' tells of a kind; 'we have' opens a list."""
_ANYTHING = frozenset({"something", "anything", "thing", "things"})
_NEW_CLAUSE = re.compile(
    rf"(?:,?\s+so\s+(?=there (?:are|is|should be|must be) |(?:write down|note down|note|record|log|track) [a-z])|(?:,\s*(?:and )?so|,?\s+and|,)\s+(?=(?:i|we) (?:log|record|note|track|write down|keep)\b)|(?:[,:]\s*(?:and|so|but)?\s+|\s+(?:and|so|but)\s+)(?=(?:(?:i|we) )?(?:now |also |really )?(?:(?:would like|would love|'d like|'d love|want|need|have|has) to (?:be able to )?(?:also )?{VERBS}\b|(?:need|want) (?:something|an? (?:app|tool|system|program)|to)\b)|(?:i|we) (?:now |also )?(?:need|want|would like|would love|'d like|'d love)\b)|\s+and\s+(?=(?:i|we) (?:need|want|have) [a-z]+s with\b))",
    re.IGNORECASE,
)
"""'I run a shop and want to keep track of …': two clauses, each with a frame of its own."""
_GROUP = re.compile(
    rf"^(?:(?:for|in|at|as) (?P<whom>(?:our|my|the|an?) [^,:()<]+?),? (?=(?:i|we)\b)|(?P<who>(?:our|my|the|an?) [^,:()<]+?|(?-i:(?!I\b|We\b|Each\b|Every\b|It\b)[A-Z]\w+(?: [A-Z]\w+)+)) (?P<verb>(?:wants?|needs?|would like|would love|has|keeps?|looks for|is looking for|can(?= {VERBS}))(?:(?: to)? {VERBS})?) (?=\w))",
    re.IGNORECASE,
)
