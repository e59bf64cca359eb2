"""One clause of a follow-up: tried as a request about what is there, as a rule or a view, as something to
add, and last in parts."""

import re
from dataclasses import replace
from typing import Final

from stackwright.offline import normalise, unsupported
from stackwright.offline.asked import with_rule
from stackwright.offline.edits.additions import RULES, TITLES
from stackwright.offline.edits.named import read_named, remember
from stackwright.offline.edits.refusals import answered
from stackwright.offline.edits.session import Session
from stackwright.offline.edits.wordings import plain_listing, plain_request
from stackwright.offline.fulfilled import Fulfilled, fulfil
from stackwright.offline.link_forms import speaks_of_links
from stackwright.offline.mentions import ground
from stackwright.offline.places import with_entity
from stackwright.scaffold.spec import AppSpec
from stackwright.scaffold.words import Unique, key_of

VERBS = r"(?:add|include|introduce|create|append|insert|put|attach|rename|remove|delete|drop|get rid of|take|throw|change|make|set|call|let|filter|link|connect|relate|mark|allow|track|record|store|replace|turn|convert|kick|scrap|sort|order|hide|show|import|export|print|move|give|bring|use|do not|each|every|no two|neither|nor|so can|so should|only|(?:it|they) (?:should|must|can|may|is|are|has|have)|same for|the same)"
POLITE = re.compile(
    r"^(?:(?:oh|ah|no(?=[,.!])|hmm?|well|wait|oops|actually|sorry|by the way|btw|one more thing|hi|hello|hey|please|ok|okay|now|great|nice|thanks|thank you|cool|perfect|so|and|but|also|then|next|finally|could you|can you|could we|can we|can i|could i|would you|will you|i would (?:also )?like(?: you)? to|(?:i|we) (?:also |really |still )?(?:want|need)(?: you)? to|i think we should|you should|we should|let us|kindly|just|maybe|perhaps|go ahead and|make sure(?: that)?|ensure(?: that)?|see to it that|it is important that|from now on)\b[\s,:!.]*)+",
    re.IGNORECASE,
)
_WANT = re.compile(
    r"^(?:i|we) (?:also )?(?:want|need|would like|would love)\s+|^(?:there should be|it needs|it should have|we should have|give (?:me|us))\s+",
    re.IGNORECASE,
)
_TAIL = re.compile(
    r"(?:,? (?:please|pls|thanks|thank you|again|now|instead|too|as well|any ?more|any longer|no longer|for me|for now|though|after all|from now on|if possible|right away|at all|everywhere|in future|ok|okay|as soon as possible))+$"
    r"|,? (?:because|so that|otherwise|since (?:people|we|i|they|it|nobody|most)|as (?:people|we|i|they|it|nobody|most) )\b.*$",
    re.IGNORECASE,
)
_QUESTION = re.compile(
    r"^(?:what|why|how|who|when|where|which)\b|^(?:is|are|does|do|did|was|were) (?!not\b)",
    re.IGNORECASE,
)
EMPTY = re.compile(
    r"^(?:hi|hello|hey|thanks|thank you|(?:that|this|it|everything|all) (?:is|looks|works|looked|worked) (?:really |very |so |all )*(?:great|lovely|perfect|nice|good|wonderful|awesome|beautiful|cool|fine|well|better))?\W*$",
    re.IGNORECASE,
)
_SHORT = (
    (re.compile(r"\bcan(?:['\u2019]t|not)\b", re.IGNORECASE), "can not"),
    (re.compile(r"\bwon['\u2019]t\b", re.IGNORECASE), "will not"),
    (re.compile(r"\b(\w+)n['\u2019]t\b", re.IGNORECASE), r"\1 not"),
    (re.compile(r"\blet['\u2019]s\b", re.IGNORECASE), "let us"),
    (re.compile(r"\b(i|we|they|you)['\u2019]d\b", re.IGNORECASE), r"\1 would"),
    (re.compile(r"\b(that|it|there|what)['\u2019]s\b", re.IGNORECASE), r"\1 is"),
    (re.compile(r"\b(we|they|you)['\u2019]re\b", re.IGNORECASE), r"\1 are"),
    (re.compile(r"\b(i|we|they|you)['\u2019]ve\b", re.IGNORECASE), r"\1 have"),
    (re.compile(r"\bno longer (?=(?:has|have|needs?|be|must|should)\b)", re.IGNORECASE), "not "),
    (re.compile(r"\bno longer\b", re.IGNORECASE), "not"),
    (re.compile(r"\b(?:should|must) (only |not )?be able to\b", re.IGNORECASE), r"can \1"),
    (re.compile(r"^it (?:should|must) be possible to (?!leave|skip)", re.IGNORECASE), ""),
    (re.compile(r"^(?:i|we) do not want (.{2,60}?) to (be|have|show|appear)\b", re.IGNORECASE), r"\1 must not \2"),
    (re.compile(r"^(?:i|we) (?:want|need|would like|prefer) (.{2,60}?) to (be|have|show|appear)\b", re.IGNORECASE), r"\1 must \2"),
)  # fmt: skip


_LONGEST: Final = 400
"""Characters of a request about what is there; people need far fewer."""


def read_clause(session: Session, clause: str) -> None:
    asked = plain_request(without_short(POLITE.sub("", without_short(clause))))
    asked = _TAIL.sub("", asked).strip(" ,")
    if EMPTY.match(asked) or (asked == "remove it" and session.has_removed):
        return
    is_short = len(asked) <= _LONGEST
    if _understood(session, asked) or (is_short and _in_parts(session, asked)):
        return
    if _QUESTION.match(asked):
        session.refuse(answered(asked, session.spec))
        return
    remember(session, asked[:_LONGEST])
    session.unread.append(_shown(asked))


def without_short(words: str) -> str:
    """'Can't' as 'can not', and the like."""
    for pattern, to in _SHORT:
        words = pattern.sub(to, words)
    return " ".join(words.split())


def _understood(session: Session, asked: str) -> bool:
    """Whether a clause was fulfilled, or refused with a reason."""
    asked = plain_request(_TAIL.sub("", POLITE.sub("", asked)).strip(" ,"))
    if not asked or not _is_understood(session, asked):
        return False
    if not _SAME.match(asked):
        session.last = to_repeat(session.spec, asked)
    return True


def to_repeat(spec: AppSpec, asked: str) -> str:
    grounded = ground(spec, asked[:_LONGEST])
    return grounded.restored_but_first(grounded.text)


_SAME: Final = re.compile(
    r"(?:and |the )*(?:same|neither|nor|so can|so should)\b|.* (?:too|as well|also)$", re.IGNORECASE
)


def _is_understood(session: Session, asked: str) -> bool:
    for pattern, act in TITLES:
        if (found := pattern.match(asked)) and act(session, found):
            return True
    if len(asked) <= _LONGEST and read_named(session, _whole(asked)):
        return not session.again or _is_understood(session, session.again)
    words = plain_listing(_WANT.sub("add ", asked).strip())
    if words != asked and len(words) <= _LONGEST and read_named(session, _whole(words)):
        return True
    return _fulfil(session, words, asked) or _other(session, words, asked)


_PARTS: Final = re.compile(r",? and (?:that )?(?:the )?|, ", re.IGNORECASE)
_VERB: Final = re.compile(rf"^{VERBS}\b", re.IGNORECASE)


def _in_parts(session: Session, asked: str) -> bool:
    """'Make the name required and the phone optional' is two requests with one verb."""
    verb, kinds = _VERB.match(asked), ground(session.spec, asked).owners
    subject = _SUBJECT.match(asked)
    for joint in list(_PARTS.finditer(asked))[:6]:
        first, second = asked[: joint.start()], asked[joint.end() :]
        for other in dict.fromkeys(
            (
                f"{subject['whose']} {second}" if subject else second,
                f"{subject[0]}{second}" if subject else second,
                f"{verb[0]} {second}" if verb else second,
                second,
            )
        ):
            if verb and other == second and not (_VERB.match(second) or _REMARK.match(second)):
                continue
            trial = session.copied()
            if len(kinds) == 1:
                trial.focus = kinds[0].name
            if not _understood(trial, first):
                continue
            if trial.operations == session.operations and not verb:
                continue
            both = trial.copied()
            if _understood(both, other) and _is_done(session, trial, both):
                session.take(both)
                return True
        trial = session.copied()
        is_done = _understood(trial, first) and (_REMARK.match(second) or _is_look(trial))
        if is_done and trial.operations != session.operations:
            trial.unread.append(_shown(second))
            session.take(trial)
            return True
    return False


def _is_look(session: Session) -> bool:
    return bool(session.fulfilled) and session.fulfilled[-1].shows == "look"


_SUBJECT: Final = re.compile(r"^(?P<whose>[^,:]{2,60}?) (?:should|must|has to|have to|needs? to|is|are|can|may)(?: not)? (?:be )?", re.IGNORECASE)  # fmt: skip


def _is_done(before: Session, half: Session, whole: Session) -> bool:
    """Whether each half of a request did something, or was so already."""
    fresh = whole.refused[len(before.refused) :]
    is_so = all(one.endswith("already.") for one in fresh)
    return is_so or (half.operations != before.operations and whole.operations != half.operations)


_REMARK: Final = re.compile(
    r"(?:(?:i|we|they|it|nobody|no one|people|you|that|this|he|she|everybody|everyone|there|not|just|but|who|which) "
    r"|(?:the |our |my |most |some )?[\w-]+(?: [\w-]+)? (?:do|does|did|never|always|only|keeps?|wants?|uses?|said|says|hates?|likes?|complains?) )",
    re.IGNORECASE,
)
"""Begins what tells why, behind a request: 'remove the pages, nobody cares'."""


def _other(session: Session, words: str, asked: str) -> bool:
    if speaks_of_links(_whole(asked)):
        return session.refuse(
            f'"{_shown(asked)}": I find no two kinds of record here that can be linked or ordered so. '
            "Records that are linked already keep their link."
        )
    if unsupported.needs_model(words):
        return session.refuse(f'"{_shown(words)}" needs a model key.')
    words = re.sub(r"^have (?=(?:the|an?|some) )", "add ", words, flags=re.IGNORECASE)
    added = re.sub(r"^(?:add|include|create|insert|put)\s+", "", words, flags=re.IGNORECASE)
    if added != words and unsupported.is_built_in(added):
        return session.refuse(f'"{_shown(added)}": every application has this already.')
    if added != words and (unsupported.needs_model(added) or unsupported.asks_for_records(added)):
        return session.refuse(f'"{_shown(words)}" needs a model key.')
    plain = normalise.rewrite(words)
    return any((found := pattern.match(plain)) and act(session, found) for pattern, act in RULES)


def _fulfil(session: Session, words: str, asked: str) -> bool:
    """Rules, figures and views, in the wordings that a first message may have too."""
    if len(asked) > _LONGEST:
        return False
    shown = re.sub(
        r"^(?:make|create|build|put(?: in)?|include|introduce|give (?:me|us)) (?=an? )",
        "add ",
        words,
        flags=re.IGNORECASE,
    )
    look = [] if _VERB.match(asked) else [f"make it {asked}"]
    for said in dict.fromkeys((asked.strip(), words, shown, *look)):
        spec, done = fulfil(session.spec, [_whole(said)])
        if not done:
            continue
        spec, done = _beside_others(session.spec, spec, done)
        if spec == session.spec:
            session.refused.append(f"{done[0].text} That is so already.")
        else:
            session.spec = spec
            session.operations.append(done[0].text)
            session.fulfilled += done
            session.focus = done[0].entity
        return True
    return False


def _beside_others(
    before: AppSpec, after: AppSpec, done: tuple[Fulfilled, ...]
) -> tuple[AppSpec, tuple[Fulfilled, ...]]:
    """A rule is named by its first field: one about other fields keeps its place beside a new one."""
    told = done[0]
    entity = next((one for one in after.entities if one.name == told.entity), None)
    known = next((one for one in before.entities if one.name == told.entity), None)
    new = next((one for one in entity.rules if key_of(one) == told.field), None) if entity else None
    old = next((one for one in known.rules if key_of(one) == told.field), None) if known else None
    if entity is None or not isinstance(new, Unique) or not isinstance(old, Unique):
        return after, done
    if set(new.fields) == set(old.fields):
        return before, done
    turned = new.model_copy(update={"fields": (new.fields[-1], *new.fields[:-1])})
    rules = tuple(old if one == new else one for one in entity.rules)
    kept = with_rule(entity.model_copy(update={"rules": rules}), turned)
    return with_entity(after, kept), (replace(told, field=key_of(turned)), *done[1:])


def _whole(words: str) -> str:
    return words.replace("\u2423", " ").replace("<", "(").replace(">", ")").replace("|", ", ")


def _shown(words: str) -> str:
    return words.replace("\u2423", " ").replace("<", "(").replace(">", ")").replace("|", ", ")[:120]
