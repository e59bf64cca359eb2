"""Sentences that are read as a whole, before any list is looked for in them. To read another, write a
method and name it in `_whole_forms`."""

import re
from collections.abc import Callable

from stackwright.offline import lexicon, unsupported
from stackwright.offline.app_scope import Subject
from stackwright.offline.draft import AppDraft, EntityDraft
from stackwright.offline.field_types import infer
from stackwright.offline.fields import is_field_name, read_field
from stackwright.offline.forms import FormReader
from stackwright.offline.naming import Place, lists_fields
from stackwright.offline.nouns import clean_noun
from stackwright.offline.rule_words import NUMBER
from stackwright.offline.unsupported import Unbuilt
from stackwright.offline.words import plural


class WholeSentences(Subject):
    """Reads into `app`; `evidence` counts the sentences that speak of an application."""

    def __init__(self, app: AppDraft) -> None:
        super().__init__(app)
        self.forms = FormReader(app)
        self.evidence = 0
        self._whole_forms: tuple[Callable[[str], bool], ...] = (
            self._public_form,
            self._has_up_to,
            self._rule,
            self._between,
            self._every_day,
            self._add_to,
        )

    def _public_form(self, clause: str) -> bool:
        """'clients can send me requests through a public form with name, email': they are kept."""
        found = _SENT.search(clause)
        noun = clean_noun(found["what"]) if found else None
        if found is None or noun is None or noun.name in lexicon.USERS:
            return False
        self.app.unread.append(found["wish"])
        self.forms.read_list(f"{plural(noun.name).replace('_', ' ')} with {found['fields']}", Place(kinds=True))  # fmt: skip
        self.evidence += 1
        return True

    def _without_one_each(self, clause: str) -> str:
        found = ONE_EACH.search(clause)
        if found is None:
            return clause
        self.app.unread.append(found[0].strip(" ,;"))
        return clause[: found.start()].strip(" ,;")

    def _between(self, clause: str) -> bool:
        """'Matches are played between a home club and an away club on a date'."""
        found = _BETWEEN.match(clause)
        kind, target = (clean_noun(found[name]) if found else None for name in ("kind", "target"))
        if found is None or kind is None or target is None or kind.name == target.name:
            return False
        holder, other = self.app.entity(kind.name), self.app.entity(target.name)
        for role in ("one", "two"):
            holder.refer_as(f"{found[role]} {found['target']}", other.name)
        self.forms.kinds.focus = holder
        if rest := found["rest"].strip(" ,"):
            self.forms.read_list(re.sub(r"^(?:with|and) ", "", rest), Place(holder))
        self.evidence += 1
        return True

    def _every_day(self, clause: str) -> bool:
        """'Every day we write down weight and food for each bird': records of a bird, with a date."""
        found = _EVERY_DAY.match(clause)
        told = found["kind"] if found else None
        kind = self._known(told) if told else self.forms.kinds.focus
        if found is None or kind is None or not kind.given:
            return False
        if not told and (
            any(f.type == "date" and f.name == "date" for f in kind.given.values())
            or not lists_fields(found["fields"])
        ):
            return False
        name = "measurement" if found["verb"].lower() == "measure" else f"{kind.name}_record"
        holder = self.app.entity(name)
        holder.refer(kind.name, required=True)
        holder.put(infer("date"))
        self.forms.kinds.focus = holder
        self.forms.read_list(found["fields"], Place(holder))
        for draft in holder.given.values():
            if name == "measurement" and draft.type == "string" and not draft.sure:
                draft.type, draft.sure = "number", True
        return True

    def _add_to(self, clause: str) -> bool:
        """'Add a crash flag to the flight': a field of a kind that is known."""
        found = _ADD_TO.match(clause)
        kind = self._known(found["kind"]) if found else None
        draft = read_field(_FLAG.sub(" (boolean)", found["field"])) if found else None
        if kind is None or draft is None or found is None or not is_field_name(found["field"]):
            return False
        kind.put(draft)
        self.forms.kinds.focus = kind
        if found["rest"]:
            self.forms.read_list(found["rest"], Place(kind))
        return True

    def _adds_up(self, clause: str) -> bool:
        """'Total value of all books', when there are books."""
        found = _ADDED_UP.match(clause)
        return found is not None and self._known(found["kind"]) is not None

    def _has_up_to(self, clause: str) -> bool:
        """'Each participant has up to four visits: date, score': visits of a participant, and a rule."""
        found = _UP_TO.match(clause)
        owner = self._known(found["owner"]) if found else None
        noun = clean_noun(found["kind"]) if found else None
        if found is None or owner is None or noun is None or noun.name == owner.name:
            return False
        kind = self.app.entity(noun.name) if found["fields"] else self.app.find(noun.name)
        if kind is None:
            return False
        kind.refer(owner.name, required=True)
        self.forms.kinds.focus = kind
        if found["fields"]:
            self.forms.read_list(found["fields"], Place(kind))
        words = clause[: found.end("kind")]
        self.app.unbuilt.append(Unbuilt(words, unsupported.why_not_built("must not")))
        return True

    def _rule(self, clause: str) -> bool:
        """A rule or a figure of which an "and" makes no list."""
        are_known = any(one.given for one in self.app.entities.values())
        if are_known and (
            any(one.match(clause) for one in (_FIGURE, _PART, _ASKS)) or self._adds_up(clause)
        ):
            self.app.unbuilt.append(Unbuilt(clause, unsupported.why_not_built("total of")))
            return True
        if not (_RULE.search(clause) or (are_known and _VIEW.match(clause))):
            return False
        self.app.unbuilt.append(Unbuilt(clause, unsupported.why_not_built("must not")))
        return True

    def _known(self, words: str) -> EntityDraft | None:
        noun = clean_noun(words)
        return self.app.find(noun.name) if noun else None


_BETWEEN = re.compile(
    r"^(?:an?|each|every|the)? ?(?P<kind>[a-z]+) (?:(?:is|are|was|were|takes? place|happens?) )?(?:[a-z]+ed |held )?between an? (?P<one>[a-z]+) (?P<target>[a-z]+) and an? (?P<two>[a-z]+) (?P=target)\b(?P<rest>.*)$",
    re.IGNORECASE,
)
ONE_EACH = re.compile(r"(?:^|, )(?:only |just |exactly )?(?:one|a single) [\w-]+ per [\w-]+(?:, [\w-]+){0,3}(?:,? and| per) [\w-]+$", re.IGNORECASE)  # fmt: skip
_SENT = re.compile(
    r"(?P<wish>\b(?:anyone|anybody|everyone|everybody|visitors|strangers|people|customers|clients|guests|parents|citizens|users|the public) (?:can|may|could|should be able to) (?:send|submit|make|file|post|enter|fill in)(?: me| us| in)? (?P<what>[\w -]{2,40}?)"
    r" (?:through|with|via|on|in|by|using) (?:an? |the |our )(?:public |online |web |contact |simple ){1,3}(?:form|page|website))(?: with|, with|:| giving| by giving) (?P<fields>.+)$",
    re.IGNORECASE,
)
_EVERY_DAY = re.compile(r"^(?:every|each) (?:day|week|month|morning|evening|night),? (?:we|i|they) (?P<verb>write down|write|note down|note|record|log|measure) (?P<fields>.{3,300}?)(?: (?:for|of|about) (?:each|every) (?P<kind>[a-z]+))?$", re.IGNORECASE)  # fmt: skip
_ADD_TO = re.compile(r"^(?:so |please |also )*(?:(?:add|there (?:must|should|has to) be) |(?=an? [\w -]{1,40} (?:flag|checkbox|tickbox|field) (?:to|on|in) ))(?:an? |the )?(?P<field>[\w -]{2,40}?) (?:to|on|in) (?:the|each|every|all) (?P<kind>[a-z]+)(?:,? and (?P<rest>.+))?$", re.IGNORECASE)  # fmt: skip
_UP_TO = re.compile(
    rf"^(?:an?|each|every|the|one) (?P<owner>[\w-]+) (?:(?:can|may|must|should) )?(?:only )?(?:has|have|takes?|holds?|gets?) (?:up to|at most|no more than|not more than|max(?:imum)?(?: of)?|a maximum of) {NUMBER} (?P<kind>[\w-]+)(?:(?::| with) (?P<fields>.+))?$",
    re.IGNORECASE,
)
_FLAG = re.compile(r" (?:flag|checkbox|tickbox)$", re.IGNORECASE)

_FIGURE = re.compile(
    r"(?:the )?(?:weekly|monthly|daily|yearly|annual|total|average|mean|overall|remaining|outstanding|highest|lowest|best|largest|smallest|latest) [\w -]{1,40} (?:per|by|for each) [a-z]+(?: (?:and|per) [a-z]+)?$",
    re.IGNORECASE,
)
"""'Weekly points per kid' asks for a figure."""
_ASKS = re.compile(
    r"(?:how (?:many|much|often)|which [a-z]+|who|what) (?:[\w'-]+ ){0,5}?(?:do|does|did|has|have|is|are|was|were|owes?|costs?|won|borrowed|paid) [\w' -]{1,80}$",
    re.IGNORECASE,
)
"""'How many loans does each member have' asks for a figure, too."""
_ADDED_UP = re.compile(
    r"(?:show |see )?(?:me )?(?:the )?(?:total|sum|average|mean|number|count)(?: [\w -]{1,30})? of (?:all )?(?:the |my |our )?(?P<kind>[a-z]+s)(?: [\w -]{1,40})?$",
    re.IGNORECASE,
)
_PART = re.compile(
    r"(?:an? |the )?(?:list|overview|table|page|report|summary)s? (?:of|with) (?:all )?(?:the |my |our )?(?:upcoming|overdue|open|late|unpaid|free|available|expired|past|current|active|unsold|unfinished|next|today's|this week's|missing|pending|recent|latest) [a-z][\w -]{1,60}$"
    r"|(?:an? |the )?(?:list|overview|table|page|report|summary)s? (?:of|with) (?:all )?(?:the |my |our )?[a-z]+s (?:that|which|who) (?:is|are|was|were|has|have|can|will)\b[\w' -]{1,80}$",
    re.IGNORECASE,
)
"""'A list of upcoming recordings' asks for a part of the records."""
_RULE = re.compile(
    r"\b(?:must|can|may|should|only|are|is)\b[\w' ]{0,60} (?:between|from) \d{1,2}(?::\d\d)?(?: ?[ap]m)? (?:and|to|until) \d{1,2}(?::\d\d| ?[ap]m)"
    r"|\b(?:can|may|must) (?:only )?be [a-z]+ (?:only |just )?once (?:per|for each|for every) [\w-]+ and (?:per )?[\w-]+$"
    r"|^(?:an?|each|every|no|one) [\w-]+ (?:(?:can|may|must|should|only) )*(?:have|has|takes?|makes?|gets?|does|do) (?:only |just |at most |no more than |max(?:imum)? )*(?:one|a single|\d{1,4}) [\w-]+ (?:per|an?|each|every|on the same) (?:day|date|week|month|year|[\w-]+)$"
    r"|^[\w, -]{1,80} together (?:may|must|can|should|has to|have to|are|is) "
    r"|^(?:no )?two [\w-]+ [\w '\u2019]{1,40}\bthe same [\w, -]+ and [\w-]+$"
    r"|^(?:[\w'\u2019]+ ){0,4}(?:number of|how many) (?:days|nights)(?: (?:of|for|per|in) (?:each |every |all |the |an? )?[\w-]+)?$"
    r"|^[\w' ]*\b(?:days|nights|difference) between [\w' ]+ and [\w' ]+$",
    re.IGNORECASE,
)
"""'Between 8:00 and 18:00', 'once per date and slot', 'the days between start and end'."""
_VIEW = re.compile(
    r"(?:(?:i|we)(?: would|['\u2019]d)? (?:want|need|like|love) (?:to be able )?to |let me |please )?(?:drag|archive|highlight|undo|hide|group|compare)\b(?! down) [\w' ,-]+$"
    r"|(?:show |see |display )?(?:the )?(?:average|mean|median|highest|lowest) [\w -]+ (?:of|per|for|in|on) [\w -]+(?:, (?:best|highest|lowest|worst) first)?$"
    r"|(?:and |also )?(?:show |see |give me |(?:i|we) (?:want|need) )?(?:an? |the )(?:separate )?(?:list|overview|view) of (?:all )?(?:the )?(?:overdue|open|late|unpaid|upcoming|returned|available|free|expired|missing|cancelled|current|active|(?:this|next|last) (?:week|month|year)(?:['\u2019]s)?|today(?:['\u2019]s)?) [\w -]+(?:, [\w ]+ (?:first|on top))?$"
    r"|(?:an? |the )?lists? of [\w -]{1,60}, (?:the )?(?:newest|latest|oldest|earliest|soonest) (?:ones? )?first$"
    r"|[\w -]{1,60} (?:with|that have|having) (?:more|less|fewer) than \d[\w ]* (?:should|must|are|will|need to) be [\w ]+$",
    re.IGNORECASE,
)
"""What is to be done with records that were told, or how they are to be looked at: no list of fields."""
