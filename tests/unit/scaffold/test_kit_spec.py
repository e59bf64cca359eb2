from stackwright.scaffold.kit_spec import AccountsOptions, KitUse, Rights


def test_a_right_that_a_login_gives_to_all_keeps_nothing_back() -> None:
    options = AccountsOptions(roles=("member", "staff"))
    assert not options.keeps_back(Rights(entity="course", read="anyone", add="member"))
    assert options.keeps_back(Rights(entity="course", add="staff"))
    assert options.keeps_back(Rights(entity="course", delete="own"))


def test_what_is_said_of_an_entity_follows_its_name_and_goes_with_it() -> None:
    rights = [{"entity": "course", "add": "staff"}, {"entity": "booking", "read": "own"}]
    use = KitUse(name="accounts", options={"rights": rights})
    followed = use.following({"booking": "reservation"})
    assert followed.options == {"rights": [{"entity": "reservation", "read": "own"}]}
    assert followed.settings().rights[0].read == "own"
