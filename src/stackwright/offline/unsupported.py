"""What people ask for beside records: recognised, so that it is named plainly and not misread."""

import re
from typing import Final

_NEEDS_MODEL: Final[tuple[re.Pattern[str], ...]] = tuple(
    re.compile(p, re.IGNORECASE)
    for p in (
        r"\b(?:send|sends|sending|receive|get|gets)\b.{0,30}\b(?:e-?mails?|sms|texts?|notifications?|reminders?|alerts?|newsletters?|messages)\b",
        r"\b(?:e-?mail|sms|text|push|automatic|automated)\s+(?:reminders?|notifications?|alerts?|newsletters?|confirmations?)\b",
        r"\b(?:notify|notifies|notifications?|reminds? (?:me|us|people|users|them)|alert me|alerts?)\b",
        r"\b(?:stripe|paypal|klarna|credit cards?|online payments?|payment (?:gateway|integration|processing)|checkout with)\b",
        r"\b(?:log ?-?in|sign ?-?in|sign ?-?up|logins?|authentication|auth|oauth|single sign-on|sso|passwords?|google accounts?|with google|user accounts?|permissions|access control)\b",
        r"^(?:some |nice |pretty |a |the )?(?:charts?|graphs?|statistics|stats|analytics|(?:weekly |monthly |daily |yearly )?reports?(?=$| (?:on|of|about|for|with|showing|per)\b)|reporting|kpis?|dashboards?)\b",
        r"\b(?:export|exports|import|csv|excel|pdf)\b",
        r"\b(?:upload|uploads|uploading|scan|scans|scanning|ocr|scrape|scraping|crawl)\b",
        r"\b(?:google maps?|on a map|interactive maps?|gps tracking|geolocation)\b",
        r"\b(?:real-?time|live updates?|websockets?|live chat|chat ?bot|push)\b",
        r"\b(?:artificial intelligence|machine learning|ai|gpt|chatgpt|recommendations?|recommends?|suggests?|predicts?|forecasts?)\b",
        r"\b(?:drag[ -]and[ -]drop|kanban view|calendar view|gantt|offline mode|native app|ios|android|app store|multi-?language|translat(?:e|es|ed) (?:to|into)|syncs?|synchroni[sz]e|integrat(?:es?|ion)s?)\b",
        r"\b(?:stream|streams|streaming|play music|play videos|video calls?)\b",
    )
)  # fmt: skip
_BUILT_IN = re.compile(
    r"^(?:with |a |an |the |can |be able to |able to |that )*(?:dark mode|responsive|mobile[- ]friendly|fast|easy to use|nice (?:design|ui|look)|good (?:design|ui)"
    r"|(?:search|searching|searchable|pagination|filters?|filtering|sorting|sort)(?: (?:function|bar|box|option)s?)?"
    r"|crud(?: operations)?|an? api|rest api|(?:list|detail|home|main) pages?|(?:add|edit|delete|create|update|remove|view|see|list|browse|search|change)(?: (?:them|it|these|those))?)$",
    re.IGNORECASE,
)


_RECORDS = re.compile(
    r"^(?:an? |some |a few |\d+ )*(?:sample|dummy|fake|demo|example|seed|placeholder|mock)\b",
    re.IGNORECASE,
)


def asks_for_records(group: str) -> bool:
    """Whether a phrase asks for records to be filled in, not for a kind of record."""
    return bool(_RECORDS.match(group.strip()))


def needs_model(group: str) -> bool:
    """Whether a phrase asks for something only a model could build."""
    return any(p.search(group) for p in _NEEDS_MODEL)


def is_built_in(group: str) -> bool:
    """Whether every generated application has this anyway."""
    return bool(_BUILT_IN.match(group.strip()))
