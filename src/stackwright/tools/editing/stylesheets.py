"""Whether a stylesheet parses.

Browsers skip what they do not understand, and tools add at-rules of their own, so only what is broken in every
dialect counts: brackets, strings and comments that do not close, and text that is neither a rule nor a declaration.
"""

import re
from collections.abc import Iterable, Sequence

import tinycss2
from tinycss2.ast import AtRule, Declaration, Node, ParseError, QualifiedRule

_END = "\n}"
"""Appended to a sound text, this is one bracket too many; else something before it is open."""
_STAR = re.compile(r"(?<=[{;/])(\s*)\*(?=[\w-]+\s*:)|(?<=-)()\*(?=\s*:)")
"""A declaration that only old browsers read (`*zoom: 1`), and a namespace of Tailwind (`--font-*: initial`)."""
_ELISION = re.compile(r"\.{3}|…")
_NO_SELECTOR = re.compile(r"\.{3}|…|[=<>]{3}|```")


def css_error(text: str) -> str | None:
    tokens = tinycss2.parse_component_value_list(_STAR.sub(r"\1\2_", text) + _END)
    fault, last_line = _token_fault(tokens), text.count("\n") + 1
    if fault is None or (fault.source_line > last_line and fault is not tokens[-1]):
        return f"line {last_line}: a bracket, string or comment is not closed"
    if fault is not tokens[-1]:
        return f"line {fault.source_line}: {fault.message}"
    return _rule_fault(tinycss2.parse_stylesheet(tokens[:-1], True, True))


def _token_fault(tokens: Iterable[Node]) -> ParseError | None:
    """The first token that is broken by itself, at any depth."""
    waiting = [iter(tokens)]
    while waiting:
        token = next(waiting[-1], None)
        if token is None:
            waiting.pop()
        elif isinstance(token, ParseError):
            return token
        else:
            waiting.append(iter(_inside(token)))
    return None


def _inside(token: Node) -> Iterable[Node]:
    return getattr(token, "content", None) or getattr(token, "arguments", None) or ()


def _rule_fault(rules: Sequence[Node]) -> str | None:
    waiting: list[Node] = list(reversed(rules))
    while waiting:
        rule = waiting.pop()
        fault = _fault_of(rule)
        if fault is not None:
            return f"line {rule.source_line}: {fault}"
        if isinstance(rule, QualifiedRule | AtRule) and rule.content is not None:
            waiting += reversed(tinycss2.parse_blocks_contents(rule.content, True, True))
    return None


def _fault_of(rule: Node) -> str | None:
    if isinstance(rule, ParseError):
        return "neither a rule nor a declaration"
    if isinstance(rule, QualifiedRule) and _NO_SELECTOR.search(_plain(rule.prelude)):
        return "this is no selector"
    if isinstance(rule, Declaration) and _ELISION.search(_plain(rule.value)):
        return "'...' is no value"
    return None


def _plain(tokens: Iterable[Node]) -> str:
    return tinycss2.serialize(
        [token for token in tokens if token.type not in ("string", "comment")]
    )
