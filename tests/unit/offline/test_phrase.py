import re

from stackwright.offline.phrase import phrase_of
from stackwright.offline.reader import read_app

SPEC = read_app("Invoices with number, amount, paid yes/no").spec


def test_names_and_numbers_become_signs_and_what_is_taken_is_gone() -> None:
    phrase = phrase_of(SPEC, "Show me the 3 unpaid invoices whose amount is odd")
    assert phrase.text == " show me the #3 @4 @5 whose @7 is odd "
    assert [one.low for one in phrase.names] == ["unpaid", "invoices", "amount"]
    found = phrase.take(re.compile(r" #3 @(\d+)(?= )"))
    assert found is not None
    assert phrase.token(found[1]).choices[0][2] == "no"
    assert [one.low for one in phrase.names] == ["invoices", "amount"]
    for token in phrase.names:
        phrase.drop(token)
    assert not phrase.is_explained  # 'odd' says something


def test_words_without_meaning_explain_themselves() -> None:
    assert phrase_of(SPEC, "please show me all of them").is_explained
    assert not phrase_of(SPEC, "please show me nothing").is_explained
    assert not phrase_of(SPEC, "show the 3").is_explained
