from stackwright.projects.version_previews import MAX_NAME_CHARS, preview_name


def test_a_preview_is_named_after_its_version_and_project() -> None:
    assert preview_name(3, "Shop") == "Version 3 of Shop"
    assert len(preview_name(3, "x" * 200)) == MAX_NAME_CHARS
