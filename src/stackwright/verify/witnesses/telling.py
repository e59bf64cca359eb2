"""What a witness did, and why it failed, in the words of a person who looks at the app.

Playwright and pytest speak to programmers: what they said stays beside it, as details.
"""

import re
from collections.abc import Sequence

from stackwright.verify.witnesses.results import Step, WitnessResult

MAX_WORDS = 220
_NAME = re.compile(r"""name=(?:re\.compile\(r?)?(["'])(?P<text>(?:\\.|(?!\1).)*)\1""")
_SELECTOR = re.compile(r"internal:|>>|^xpath=")
_QUOTED = re.compile(r"""(["'])(?P<text>(?:\\.|(?!\1).)*)\1""")
_FOUND_BY = re.compile(r"(get_by_\w+|locator)\(")
_OWN_PATTERN = re.compile(r"^\^?(?:\\s\*)?(.*?)(?:\\s\*\(.*|\$)?$")
_STEP = re.compile(
    r"^(click|double-click|fill in|press a key in|type into|tick|untick|choose in|give a file to|drag|tap"
    r"|clear) (.+)$",
    re.DOTALL,
)
_DRAGGED_TO = re.compile(r" to (?=internal:|\[data-)")
_PAST = {
    "click": "clicked",
    "double-click": "double-clicked",
    "fill in": "filled in",
    "press a key in": "pressed a key in",
    "type into": "typed into",
    "tick": "ticked",
    "untick": "unticked",
    "choose in": "chose in",
    "give a file to": "gave a file to",
    "drag": "dragged",
    "tap": "tapped",
    "clear": "cleared",
    "open": "opened",
    "press": "pressed",
}
_NO_STEP = ("as it was when", "the page asks")
_CALL = re.compile(r"^(GET|POST|PUT|PATCH|DELETE) (\S+) → (\d+)$")
_EXPECTED = re.compile(
    r"^(?:AssertionError: )?(?:Locator|Page) expected (not )?(to .*)$", re.MULTILINE
)
_ACTUAL = re.compile(r"^Actual value: (.*)$", re.MULTILINE)
_LOOKED_FOR = re.compile(
    r"^- (?:Expect \"\w+\"|waiting for) (.+?)(?: with timeout \d+ms)?$", re.MULTILINE
)
_ACTED = re.compile(r"(?:Locator|Page)\.(\w+): (.*)")
_COMPARED = re.compile(
    r"^(?:AssertionError: )?assert (.+?) (==|!=|in|not in|>=|<=|>|<|is not|is) (.+)$", re.MULTILINE
)
_STATUSES = re.compile(r"^(?:AssertionError: )?assert (\d{3}) == (\d{3})$", re.MULTILINE)
_COMPARISONS = {
    "==": "{0} was seen where {1} was expected",
    "!=": "{0} was seen, which should have been something else",
    "in": "{0} was not in {1}",
    "not in": "{0} was still in {1}",
}
_SOURCE = re.compile(r"^test_\w+\.py:\d+: in .*\n\s+(assert .*)$", re.MULTILINE)


def step_in_words(text: str) -> str:
    """`click internal:role=button[name="Save"s]` becomes `click “Save”`."""
    if (found := _STEP.match(text)) and _SELECTOR.search(found[2]):
        return f"{found[1]} {' to '.join(map(_selected, _DRAGGED_TO.split(found[2])))}"
    return text


def failure_in_words(result: WitnessResult) -> str:
    """One sentence: after what was done, what was not as it should be."""
    if answered := _answer(result):
        return answered
    before = _after(result.steps)
    what = _what(result, causes(result.error))
    sentence = f"{before}{what}" if before else what[:1].upper() + what[1:]
    return sentence.rstrip(". ")[: MAX_WORDS * 2] + "."


def _answer(result: WitnessResult) -> str:
    """Of a request whose answer had another status than was expected; "" of anything else."""
    calls = [call for step in result.steps if (call := _CALL.match(step.text))]
    compared = _STATUSES.search(causes(result.error))
    if result.kind != "assertion" or not calls or compared is None or "status" not in result.error:
        return ""
    seen, wanted = int(compared[1]), int(compared[2])
    request = f"{calls[-1][1]} {calls[-1][2]}"
    if seen >= 500:
        return f"The app failed at the request {request} ({seen})."
    if seen < 400 <= wanted:
        return (
            f"The app accepted the request {request} ({seen}), which it should refuse ({wanted})."
        )
    if wanted < 400 <= seen:
        return f"The app refused the request {request} ({seen}), which it should accept ({wanted})."
    return f"The app answered the request {request} with {seen} instead of {wanted}."


def causes(error: str) -> str:
    """What pytest marks as the error itself."""
    lines = [line[1:].strip() for line in error.splitlines() if line.startswith("E ")]
    return "\n".join(line for line in lines if line)


def _after(steps: Sequence[Step]) -> str:
    """What was done last. Loading a page again is told beside what it was done for."""
    done = [step.text for step in steps if not step.text.startswith(_NO_STEP)]
    again = ""
    while done and done[-1] == "reload":
        done.pop()
        again = " and loaded the page again"
    if not done:
        return ""
    text = step_in_words(done[-1])
    if call := _CALL.match(text):
        return f"After the request {call[1]} {call[2]}, answered with {call[3]}{again and ','}{again}, "
    verb = next(
        (one for one in sorted(_PAST, key=len, reverse=True) if text.startswith(f"{one} ")), ""
    )
    told = f"I {_PAST[verb]}{text[len(verb) :]}" if verb else f"“{text}”"
    return f"After {_short(told)}{again}, "


def _what(result: WitnessResult, cause: str) -> str:
    if result.kind == "time":
        return "it was not done in time: something never ended"
    if result.kind == "setup":
        return f"what the witness needs could not be prepared: {_first_line(cause or result.error)}"
    if found := _EXPECTED.search(cause):
        return _expectation(cause, bool(found[1]), found[2])
    if result.kind == "action" and (acted := _ACTED.search(cause)):
        return f"{_target(cause) or 'something'} could not be used ({acted[1].replace('_', ' ')})"
    if result.kind == "assertion":
        return _assertion(cause, result.error)
    return f"the witness made a mistake of its own: {_first_line(cause or result.error)}"


def _expectation(cause: str, is_not: bool, told: str) -> str:
    target = _target(cause) or "what was looked for"
    actual = _ACTUAL.search(cause)
    seen = actual[1].strip().strip("'\"") if actual else ""
    wanted = _QUOTED.search(told)
    what = f"“{_short(wanted['text'])}”" if wanted else ""
    is_gone = told.startswith("to be hidden") or (is_not and told.startswith("to be visible"))
    if is_gone or (told.startswith("to have count") and what == "“0”"):
        return f"the page still showed {target}"
    if told.startswith(("to be visible", "to be attached")) and not is_not:
        return f"the page did not show {target}"
    if told.startswith("to have count"):
        return f"the page showed {target} {seen or 'another number of'} times instead of {what.strip('“”')}"
    if what and not is_not:
        said = f"“{_short(seen)}”" if seen and seen != "None" else "something else"
        return f"{target} was {said} instead of {what}"
    return f"{target} was expected {'not ' if is_not else ''}{_first_line(told)}, and was otherwise"


def _assertion(cause: str, error: str) -> str:
    """A message of the witness, two values that should fit, or the line that did not hold."""
    first = cause.partition("\n")[0]
    if compared := _COMPARED.search(cause):
        message = first.removeprefix("AssertionError: ")
        if not message.startswith("assert "):
            return _short(message)
        frame = _COMPARISONS.get(compared[2], f"{{0}} was seen, which is not {compared[2]} {{1}}")
        return frame.format(_short(compared[1], 80), _short(compared[3], 80))
    if first.startswith("AssertionError: ") and not first.startswith("AssertionError: assert "):
        return _short(first.removeprefix("AssertionError: "))
    source = _SOURCE.search(error)
    return f"this did not hold: {_short(source[1] if source else first or 'an assertion')}"


def _target(cause: str) -> str:
    """What was looked for on the page."""
    told = (_located(looked[1]) for looked in _LOOKED_FOR.finditer(cause))
    return next((one for one in told if one), "")


def _located(locator: str) -> str:
    """`get_by_role("button", name="Save").first` is “Save”."""
    calls = list(_FOUND_BY.finditer(locator))
    for number, call in reversed(list(enumerate(calls))):
        end = calls[number + 1].start() if number + 1 < len(calls) else len(locator)
        inside = locator[call.end() : end]
        found = _NAME.search(inside) or _QUOTED.search(inside)
        if found is None:
            continue
        if call[1] == "locator":
            return f"an element ({_short(found['text'], 60)})"
        is_role = call[1] == "get_by_role" and not _NAME.search(inside)
        return f"a {found['text']}" if is_role else f"“{_plain(found['text'])}”"
    return ""


def _selected(selector: str) -> str:
    """The same of a selector: the last part of it that says something."""
    parts = [part for part in selector.split(" >> ") if not part.startswith(("nth=", "visible="))]
    last = parts[-1] if parts else selector
    if found := re.search(r'\[\w+="((?:\\.|[^"\\])*)"', last):
        return f"“{_plain(found[1])}”"
    if found := re.search(r'^internal:(?:label|text)="((?:\\.|[^"\\])*)"', last):
        return f"“{_plain(found[1])}”"
    if found := re.search(r"^internal:(?:label|text)=/(.*)", last):
        return f"“{_plain(found[1])}”"
    if last.startswith("internal:role="):
        return f"a {last.removeprefix('internal:role=')}"
    return f"an element ({_short(last, 60)})"


def _plain(text: str) -> str:
    """The words in a pattern that looks for them."""
    text = text.replace("\\\\", "\\")
    if text.startswith("^"):
        found = _OWN_PATTERN.match(text)
        text = found[1] if found else text
    return _short(re.sub(r"\\(.)", r"\1", text), 80)


def _first_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return _short(lines[0] if lines else "nothing was said")


def _short(text: str, limit: int = MAX_WORDS) -> str:
    text = " ".join(text.split())
    return text if len(text) <= limit else f"{text[: limit - 1].rstrip()}…"
