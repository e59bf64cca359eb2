from stackwright.offline.spelling import respell


def test_a_slip_is_corrected_and_a_different_word_is_not() -> None:
    assert respell("recieps", {"recipe"}) == "recipes"
    assert respell("customar", {"customer"}) == "customar"
    assert respell("trainee", {"trainer"}) == "trainee"


def test_another_real_word_is_no_slip() -> None:
    assert respell("patents", {"patient"}) == "patents"
    assert respell("inventors", {"investor"}) == "inventors"
