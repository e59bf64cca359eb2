from stackwright.offline.account_words import actions_of, implied, login_text, told_actions


def test_verbs_name_actions_and_who_alone_adds_alone_changes() -> None:
    assert list(actions_of("see and deletes")) == ["read", "delete"]
    assert implied(["add"]) == ["change", "delete"]
    assert told_actions(["read", "change", "delete"]) == "see, change and delete"


def test_a_login_names_those_who_log_in_and_the_first_role() -> None:
    assert "People (teachers) register" in login_text(["teacher"], "Teachers")
    assert "the first is owner" in login_text(["member", "owner"])
