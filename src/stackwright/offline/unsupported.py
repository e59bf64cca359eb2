"""What people ask for beside records: named with what it would need, so that it is not misread as records.

One row of `_FORMS` is one kind of wish. To recognise another, add a row.
"""

import re
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Unbuilt:
    """Words of the message that ask for something this builder cannot make, and why."""

    words: str
    reason: str
    about: str = ""
    """The kind of record in whose list of fields they stand."""


_BY_MODEL = "set a model key for it."
_RULE = f"This is none of the rules that the builder without a model makes, or it speaks of a record or field that is not there: {_BY_MODEL}"
_LOGIN = f"Accounts, logins and rights are missing: {_BY_MODEL}"
_VIEW = f"Pages other than lists, forms, and charts, boards or calendars of fields that are there are missing: {_BY_MODEL}"
_LISTING = f"Lists are filtered, searched, and sorted by one field that is there: {_BY_MODEL}"
_SUM = f"Figures other than those over records and numbers that are there are not calculated: {_BY_MODEL}"
_SENDING = f"Mails go to an e-mail field of a record or of one it refers to, so many hours before a date, when it gets a status or is added; other messages are missing: {_BY_MODEL}"
_FILES = f"Pictures and documents are uploaded to one kind of record that is there, and shown with it; more is not made of them: {_BY_MODEL}"
_EXCHANGE = f"Lists of records that are there are imported from CSV and JSON, exported as CSV and JSON, and printed; other files and papers are not made: {_BY_MODEL}"
_OTHER = f"This is more than keeping records: {_BY_MODEL}"

_PUBLIC = f"A landing page, and a form through which anyone sends one kind of record that is there and refers to no other, are made; other pages for strangers are not: {_BY_MODEL}"

_SHOW = r"(?:show|see|display|view|know|list|find out|tell me|get|have|want)"
_FORMS: Final[tuple[tuple[str, re.Pattern[str]], ...]] = tuple(
    (reason, re.compile(pattern, re.IGNORECASE))
    for reason, pattern in (
        (_SENDING, r"\b(?:send|sends|sending|receive|receives)\b.{0,30}\b(?:e-?mails?|sms|texts?|notifications?|reminders?|alerts?|newsletters?|messages)\b"),
        (_SENDING, r"\b(?:e-?mail|sms|text|push|automatic|automated)\s+(?:me|us|reminders?|notifications?|alerts?|newsletters?|confirmations?|when)\b|\bautomatically\b"),
        (_SENDING, r"\b(?:notify|notifies|notified|notifications?|reminds?|reminded|reminders? (?:when|before|by|for|to|if)|(?:a|an|get|want|got) (?:reminders?|alerts?|warnings?)|gets? (?:an? )?(?:e-?mails?|sms|text messages?|texts?|message|mail)\b|alert me|warns?|warned)\b|^reminders?$"),
        (_SENDING, r"^(?:e-?mail|mail|inform|tell|write to) (?:the |each |every |all |our |my |an? )?[\w -]{2,30} (?:when|whenever|as soon as|once|if|before|\d+ (?:hours?|days?))\b"),
        (_OTHER, r"\b(?:stripe|paypal|klarna|(?:online|card|mobile) payments?|pay (?:by|with) (?:a )?(?:credit )?card|payment (?:gateway|integration|processing)|checkout with|pay online)\b"),
        (_PUBLIC, r"\bpublic (?:\w+ )?(?:form|page)\b|\b(?:online|web) (?:\w+ )?form\b|\blanding page\b|\b(?:through|via|with|using|by) an? (?:public |online |web |contact )*(?:form|website)\b|\b(?:can|may) (?:send|submit|make|file|place)\b.* without (?:a login|logging in|an account)\b"),
        (_LOGIN, r"\b(?:log(?:s|ging)? ?-?in|log(?:s|ging)? ?-?out|sign(?:s|ing)? ?-?in|sign ?-?up (?:page|form|themselves)|sign up themselves|public(?:ly)? (?:page|visible)|logins?|authentication|oauth|single sign-on|sso|passwords?|google accounts?|with google|user accounts?|permissions|access control|access rights|user roles)\b"),
        (_LOGIN, r"\bonly\b.{1,60}\b(?:may|can|should|allowed)\b|\b(?:may|can|should|must|to|and) only (?:see|edit|view|change|delete|read|access)\b|\bsee only\b|\bonly see\b|\bonly (?:their|his|her) own\b|\btheir own \w+ only\b|\bsee their \w+ only\b"),
        (_RULE, r"\b(?:must|may|can|should|shall|do|does|is|are) ?(?:not|never)\b(?! required)|\b(?:cannot|can't|mustn't|shouldn't|don't|doesn't)\b|\b(?:no|never) (?:two|overlaps?|overlapping|double|duplicates?|more (?:\w+ )*than)\b|\bnobody (?:may|can|should)\b|\b(?:not|never) (?:overlap|in the past|more than|twice)\b"),
        (_RULE, r"^(?:\w+ )?(?:(?:at|and) most|max(?:imum)?(?: of)?|up to|no more than|not more than|at least|min(?:imum)?(?: of)?) \d+ [a-z]+|\b(?:at most|no more than|up to) (?:\d+|two|three|four|five|six|seven|eight|nine|ten|twelve|fifteen|twenty|thirty) \w+\b|\bbe unique\b|^unique\b|\bonly (?:one|once)\b|\b(?:may|can) only be\b|\bmay only\b|\bmust be (?:higher|lower|greater|less|larger|smaller|before|after|unique|within|approved|paid before|over|under|at least|in the future)\b|\bmust (?:end|start|begin|come|lie) (?:after|before)\b|\bno overlaps?\b|\bwithout overlaps?\b|\buntil \d+ (?:hours|days|weeks) before\b"),
        (_RULE, r"\b(?:close|closes|end|ends|stop|stops|is possible|are possible) (?:\w+ ){1,3}before (?:the|it|they|each|every)\b|^(?:no|never) [\w -]+ in the (?:past|future)$"),
        (_RULE, r"\bapproves? (?:it|them|the|each|every|or)\b|\b(?:has|have|needs?) to (?:approve|confirm|agree)\b"),
        (_RULE, r"^(?:if|when|whenever|as soon as|once)\b.{3,}"),
        (_SUM, r"^(?:with |and |also |show |show me |see |want |an? |the |i |we )*(?:sums?|totals?|averages?|grand totals?|profits?|counts?) (?:of|per|for|by|over|is|are)\b|\b(?:sum|total|average|profit|revenue) (?:per|by) (?:day|week|month|quarter|year)\b|^(?:the )?(?:\w+ ){1,4}is (?:\w+ ){1,4}(?:times|plus|minus|divided by) |\bcurrent balance\b|\b(?:calculates?|calculated|computed|adds? up|summed up)\b|\bhow many .{1,40}\b(?:per|each|every) (?:day|week|month|quarter|year)\b"),
        (_SUM, r"\b(?:best|worst|highest|lowest|fastest|slowest|longest|shortest|biggest|smallest|latest) [\w ]{2,30}?(?: per| for each| for every| of each| of every) [a-z]+$"),
        (_SUM, r"^(?:the |show |me |see )*(?:totals?|average|number of) [\w ]{2,30} (?:per|by|for each|for every|of each) [\w ]+$"),
        (_SUM, r"\b(?:need|want|show|see|know)\b.{0,12}\bthe (?:total|sum|average|balance)\b"),
        (_SUM, rf"\b{_SHOW}\b.{{0,20}}\b(?:the |our |my )?(?:total|sum|average|profit|balance|number of|how many|how much)\b.{{2,}}|\breport how (?:many|much)\b|\bwho owes whom\b"),
        (_VIEW, r"\b(?:bar |line |pie )?(?:charts?|graphs?|diagrams?)\b|^(?:some |nice |pretty |an? |the |with |and )*(?:statistics|stats|analytics|(?:weekly |monthly |daily |yearly )?reports?(?=$| (?:on|of|about|for|with|showing|per)\b)|reporting|kpis?|dashboards?)\b|\bstatistics\b"),
        (_VIEW, r"\b(?:kanban|gantt|timeline|calendar|board) (?:view|page)\b|\bkanban\b|^(?:with |and |an? |the |also )*(?:calendar|board)(?: (?:of|with|for|by|where|view)\b.*)?$|\b(?:in|on|as) an? (?:calendar|board|timeline|map)\b|\bdrag[ -]and[ -]drop\b|\b(?:on a map|google maps?|interactive maps?)\b"),
        (_VIEW, r"\bon the (?:start|home|main|front) ?page\b|\bon (?:the|a) (?:dashboard|overview)\b|\bhighlight|\b(?:in|be|turn|shown) (?:red|green|yellow|bold)\b|\bpublic(?:ly)? list\b"),
        (_LISTING, r"^(?:also |and |please |let me |let us |i want to |we want to |i can |we can |to )*(?:sort|order|group|hide|highlight|search|filter|find)(?:ed|s)? (?:(?:the |all |my |our |them|it|for |in )?.*)?\b(?:by|archived|old|deleted|inactive|expired|finished|completed|past|across|all)\b|\b(?:sorted|ordered) by\b|\bsearch(?:able)? (?:by|for|across)\b|\bhide (?:archived|old|deleted|inactive)\b"),
        (_LISTING, r"^(?:please |also |and )*(?:hide|show) .{1,60} (?:in|from|on) (?:the )?(?:[a-z]+ )?(?:list|table)\b"),
        (_VIEW, r"^(?:please |pls |also |and |then )*(?:show|display) (?!notes|reel)\b|^(?:i|we|they|people|parents|customers|members|staff)(?:'d| would| could| can| should)? ?(?:also )?(?:want to|like to|love to|need to|can|could|should)? ?(?:see|know|find out) (?:who|which|what|how|when|whether|if|at a glance|all|the)\b|\bsee (?:who|which) .*\b(?:not|overdue|late|due|free)\b|\btick (?:off )?who\b|\bshown? .*\bbefore\b|\bhistory of changes\b|\btable with the \w+ of\b|\b(?:standings|leaderboards?|rankings?)\b|\bwebsite (?:of \w+(?: \w+)? )?(?:should|must|can) show\b"),
        (_EXCHANGE, r"\b(?:exports?|exported|exporting|imports?|imported|importing|csv|json files?|excel|xlsx|pdfs?|spreadsheet files?)\b|\b(?:from|as|to|into) an? spreadsheet\b|\bprint(?:s|ed|able|ing)?\b (?:labels?|lists?|invoices?|receipts?|cards?|view|it|them|an?|the|all|out|my|our)\b|\bcan be printed\b|^(?:and |also |to )*print (?!jobs?\b|runs?\b|orders?\b|shops?\b|works?\b)(?:[a-z]+ ){0,2}[a-z]+s$"),
        (_FILES, r"\b(?:upload|uploads|uploaded|uploading|scan|scans|scanning|ocr|gallery)\b|\battach(?:ed)? .*\b(?:files?|documents?|photos?|pictures?|images?|pdfs?|scans?)\b|\b(?:files?|documents?|photos?|pictures?|images?|pdfs?) (?:can|should|must|may) be attached\b|^(?:with |some |and |their |the |would love |we would love |i would love )*(?:up to \w+ |several |many )?(?:photos|photographs|pictures|images|attachments|files|attached files)(?: of .*)?$|\bphotos of\b"),
        (_OTHER, r"\b(?:real-?time|live updates?|websockets?|live chat|chat ?bot|push messages?|scrape|scraping|crawl|geolocation|gps tracking)\b"),
        (_OTHER, r"\b(?:artificial intelligence|machine learning|gpt|chatgpt|recommendations?|recommends?|suggests?|predicts?|forecasts?)\b|\bai\b"),
        (_OTHER, r"\b(?:offline mode|native app|ios|android|app store|multi-?language|translat(?:e|es|ed) (?:to|into)|syncs?|synchroni[sz]e|integrat(?:es?|ion)s?)\b"),
        (_OTHER, r"\b(?:stream|streams|streaming music|play music|play videos|video calls?|video chat)\b|\bqr codes?\b|\bbarcode scann"),
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


def why_not_built(phrase: str) -> str:
    """What a phrase would need that this builder does not have; "" when it is none of these wishes."""
    phrase = phrase.strip()
    return next((reason for reason, form in _FORMS if form.search(phrase)), "")


def needs_model(group: str) -> bool:
    """Whether a change asks for something only a model could build; of rules and lists some can be made."""
    return why_not_built(group) not in ("", _RULE, _LISTING)


def is_built_in(group: str) -> bool:
    """Whether every generated application has this anyway."""
    return bool(_BUILT_IN.match(group.strip()))
