"""Rules in the words of people. To recognise another wording, add a row to `FORMS`."""

import re

from stackwright.offline.asked import Form
from stackwright.offline.capacity_rules import capacity, no_more_in, not_more_than, not_overfilled
from stackwright.offline.compare_rules import compared_fields, ends_after_its_start, steps
from stackwright.offline.rule_words import EACH, NOT, NUMBER
from stackwright.offline.time_rules import deadline, in_time, lasts, no_overlap_of
from stackwright.offline.unique_rules import once_each, one_each, one_for_each, only_once, unique

_N = rf"(?P<number>{NUMBER})"

_IS = r"(?:be|is|are|stay|lie|sit|stand|live)"

_DONE = r"(?:used|given|taken|assigned|booked|entered|kept|stored|put|issued|handed out)"

_DOES = r"(?:have|has|take|takes|get|gets|make|makes|do|does|book|books|drive|drives|give|gives|be (?:in|on|at))"

_TWO = r"(?:two|2|more than one|more than 1|several|multiple)"

_MOST_ONE = (
    r"(?:(?:at most |no more than |not more than |max(?:imum)? |only |just )?(?:one|1|a single))"
)

_MOST = r"(?:at most|max(?:imum)?(?: of)?|up to|no more than|not more than|only|a maximum of|(?:with )?(?:a )?limit of|limited to)"

_HAVE = r"(?:can|may|should|must)? ?(?:has|have|takes?|holds?|accepts?|allows?)"

FORMS: tuple[Form, ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), make)
    for pattern, make in (
        (r"\boverlap(?:s|ping|ped)?\b|\bdouble[- ]?book|\bbooked twice\b|\bat the same time\b|\bone [\w-]+ at a time$", no_overlap_of),
        (r"^(?:(?:an?|each|every|the|all) )?(?:(?P<kind>[\w -]{1,60}?) )??(?:always )?(?:takes?|lasts?|is|are)(?: about| always| exactly)? (?P<number>\d{1,4}) (?P<unit>minutes?|mins?|hours?)(?: long)?$", lasts),
        (r"^(?:the |an? )?(?P<field>[\w -]{1,60}?) (?:that |which )?(?:must|has to|should|have to|is|are) (?:be )?(?:always )?unique$", unique),
        (r"^unique (?P<field>[\w -]+?)(?: (?:for|per|of) (?:each |every |all )?(?P<kind>[\w -]+))?$", unique),
        (rf"^(?:no two|two) (?P<kind>[\w-]+) (?:{NOT} |may |can )?(?:ever )?(?:{_IS} )?(?:have|with|share|use|carry|in|at|on|of) the same (?P<field>[\w, -]+)$", unique),
        (rf"^(?:the same|no) (?P<field>[\w -]+?)(?: (?:in|on|of|at|for|within) (?:an?|the|one|each|the same) (?P<within>[\w-]+))? (?:{NOT} )?(?:{_IS} |{_DONE} )*(?:twice|more than once|two times|again)$", unique),
        (rf"^{EACH} (?P<field>[\w -]+?) (?:can |may |must |should )?(?:only )?(?:exists?|occurs?|appears?|{_IS}(?: {_DONE})?)(?: only| just)? once$", unique),
        (rf"^{EACH} (?P<field>[\w -]+?) (?:must|has to|have to|should) {_IS} (?:different|distinct|unique) (?:for|in|on|among|across|between) (?:each |every |all )?(?:the )?[\w-]+$", unique),
        (rf"^{EACH} (?P<who>[\w-]+) (?:{NOT} |can |may |should |must )?(?:{_DOES} )?(?:{_TWO}|(?:only |just )?{_MOST_ONE}) (?P<what>[\w-]+) (?:(?:at|on|per|in|for) )?(?:the same |an? |any |one |each |every )?(?P<per>[\w-]+)$", one_for_each),
        (r"^(?P<field>[a-z][\w -]*?)(?: ?\([^()]*\))? ?\((?:must be |is )?unique\)$", unique),
        (r"^(?:the )?(?P<field>[\w, -]+?) together (?:may|must|can|should|has to|have to|are|is) (?:only )?(?:be |occur |exist |appear )?(?:only )?(?:once|unique)$", unique),
        (r"^(?:no|never) duplicate (?P<field>[\w -]+?)s?$", unique),
        (r"^(?:each|every|an?|one) (?P<who>[\w-]+) (?:can|may) (?:only )?[\w-]+ (?:up )?(?:for |in |at )?(?:an?|each|every|the same) (?P<what>[\w-]+) (?:only |just )?once$", once_each),
        (r"^(?:an?|each|every|the) (?P<what>[\w-]+) (?:can|may|must) (?:only )?be (?:booked|taken|reserved|rented|lent|used) (?:only |just )?once(?: (?:per|a|each|every|on the same) (?P<per>[\w-]+(?: and (?:per )?[\w-]+)?))?$", only_once),
        (rf"^the same (?P<what>[\w-]+) {NOT} be (?:used|booked|taken|reserved|rented|assigned|planned)(?: (?:for|by|in) (?:two|several|more than one) [\w-]+)?(?: (?:per|a|each|every|on the same) (?P<per>[\w-]+))?$", only_once),
        (r"^(?:only |just |exactly )?(?:one|a single) (?P<what>[\w-]+) (?:each|per (?P<who>[\w-]+(?:(?:,? and|,| per) (?:per )?[\w-]+){0,4}))$", one_each),
        (rf"^(?:there )?(?:(?:can|may) be )?{_MOST} {_N} (?P<what>[\w-]+(?: [\w-]+)?) (?:per|in|for|on) (?:an? |each |every |one )?(?P<per>[\w-]+(?: [\w-]+)??)(?: (?:at once|at a time|at the same time))?$", capacity),
        (rf"^(?:an?|each|every|the) (?P<per>[\w-]+) {_HAVE} {_MOST} {_N} (?P<what>[\w-]+)$", capacity),
        (rf"^(?:never |not |no )more than {_N} (?P<what>[\w-]+) (?:per|in|for|on) (?:an? |each |every |one )?(?P<per>[\w-]+)$", capacity),
        (rf"^(?:an?|each|every|the|no) (?P<kind>[\w-]+) (?:{NOT} |may |can )(?:have|be for|take) more (?P<what>[\w-]+) than (?:the|its) (?P<target>[\w-]+)['\u2019]s (?P<limit>[\w -]+)$", no_more_in),
        (rf"^(?:there )?(?:{NOT} be more |(?:can|may|must|should) be no more |no more |never more )(?P<what>[\w-]+) than (?:the|an?|its) (?P<target>[\w-]+) (?:has|have|holds?|offers?) (?P<limit>[\w -]+)$", no_more_in),
        (rf"^(?:an?|each|every|the) (?P<per>[\w-]+) {NOT} (?:have|take|hold) more (?P<what>[\w-]+) than (?:its |the |there are |it has )?(?P<limit>[\w -]+)$", capacity),
        (rf"^(?:{NOT} )?(?:sell|accept|take|allow|book)? ?more (?P<what>[\w-]+) than (?:the |there are |its )?(?P<limit>[\w -]+?)(?: of (?:the|an?|its) [\w-]+)?$", not_more_than),
        (r"^(?:when|once|if) (?:an?|the) (?P<per>[\w-]+) is full,? (?:nobody|no one|you|people|nobody else) (?:can|may|can['\u2019]t|cannot)\b.*$", not_overfilled),
        (rf"^(?:an?|the|no|each|every) (?P<per>[\w-]+) (?:{NOT} |may |can )be (?:over-?booked|overfull|over-?filled|booked over (?:its )?capacity)$", not_overfilled),
        (r"^(?:no|never) (?P<per>[\w-]+) (?:may|can|should|must) have more (?P<what>[\w-]+) than (?P<limit>[\w -]+)$", capacity),
        (r"^(?:there (?:can|may) be )?(?:no|not|never) more (?P<what>[\w-]+) than (?:the |there are )?(?P<limit>[\w -]+?)(?: of (?:the|an?|its) [\w-]+)?$", not_more_than),
        (rf"^(?:the |an? |new )*(?P<what>.*?)(?: {NOT} (?:be |lie |start |begin )?| must (?:be |lie |start )?(?:not be )?| has to be | have to be | (?:not )?)(?:allowed )?(?:[a-z]+(?:ed|en|de|ld|pt|ut|et) )?in the (?P<side>past|future)$", in_time),
        (rf"^(?:an?|each|every|no|the) (?P<kind>[\w-]+) (?:{NOT} |may |can )(?:end|finish|stop|be over) before (?:it|they|he|she) (?:has |have )?(?:start|beg[aiu]n|open)(?:s|ed)?$", ends_after_its_start),
        (r"^(?:(?:an?|each|every|the|all) )?(?P<kind>[\w-]+) (?:must |should |has to |have to )?(?:always )?(?:ends?|finish(?:es)?|stops?) after (?:it|they) (?:has |have )?(?:start|beg[aiu]n|open)(?:s|ed)?$", ends_after_its_start),
        (rf"^(?:no )?(?P<what>[\w -]+?) in the (?P<side>past|future)(?: (?:are|is) (?:not|never) (?:allowed|possible|permitted)| {NOT} be [a-z]+)?$", in_time),
        (r"\bfrom (?P<steps>[\w -]+?(?:,? (?:to|then) [\w -]+?)+)$", steps),
        (rf"^(?P<verb>.+?) (?:only )?(?:until|till|up to|no later than|at least) {_N} (?P<unit>hour|day|week)s? before(?: the)? ?(?P<moment>[\w -]*)$", deadline),
        (r"^(?:the )?(?P<field>[\w -]+?) (?:(?:can|may|must|should|of course|is|are) ){0,3}(?P<how>(?:never|not) (?:be )?(?:more|higher|greater|larger|later|less|lower|smaller|earlier|before|after)(?: than)?) (?:the )?(?P<than>[a-z][\w -]+)$", compared_fields),
        (r"^(?:the )?(?P<field>[\w -]+?) (?P<how>(?:must|should|has to|have to|cannot|can['\u2019]t|can not|may not)(?: not)?(?: [\w]+)*?(?: before| after| than| below| above| under| over| exceed| least| most| than)) (?:the )?(?P<than>[a-z][\w -]+)$", compared_fields),
    )
)  # fmt: skip
