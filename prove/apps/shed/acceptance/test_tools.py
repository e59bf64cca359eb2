"""Witnesses of the tools, how they are found, imported and retired."""

import pytest

from witness import expect


@pytest.mark.wish("w2")
def test_a_tool_is_kept_with_shelf_deposit_and_tags(app):
    ann = app.as_actor("ann")
    page = ann.visit("/")
    ann.button("New tool").click()
    ann.field("Name").fill("Hedge trimmer")
    ann.field("Shelf").fill("B3")
    ann.field("Deposit in €").fill("19.99")
    ann.field("Tags").fill("garden, power")
    ann.button("Add tool").click()
    expect(page.get_by_role("link", name="Hedge trimmer")).to_be_visible()
    ann.reload()
    row = page.get_by_role("listitem").filter(has_text="Hedge trimmer")
    expect(row).to_contain_text("Shelf B3")
    expect(row).to_contain_text("Deposit €19.99")
    expect(row).to_contain_text("garden, power")


@pytest.mark.wish("w3")
def test_search_tag_and_in_narrow_the_tools_together(app):
    ann, bob = app.as_actor("ann"), app.as_actor("bob")
    tools = ann.records("v1/tools")
    tools.create(name="Hand saw", tags=["wood"])
    tools.create(name="Chain saw", tags=["garden"])
    lent = tools.create(name="Fret saw", tags=["wood"])
    tools.create(name="Plane", tags=["wood"])
    bob.records(f"v1/tools/{lent['key']}/loans").create(days=3)
    page = ann.visit("/")
    ann.field("Search tools").fill("SAW")
    ann.button("Search").click()
    expect(page.get_by_role("link", name="Plane")).to_have_count(0)
    expect(page.get_by_role("link", name="Chain saw")).to_be_visible()
    ann.field("With tag").select_option("wood")
    expect(page.get_by_role("link", name="Chain saw")).to_have_count(0)
    expect(page.get_by_role("link", name="Fret saw")).to_be_visible()
    ann.field("Only those that are in").check()
    expect(page.get_by_role("link", name="Fret saw")).to_have_count(0)
    expect(page.get_by_role("link", name="Hand saw")).to_be_visible()
    expect(page.get_by_role("link", name="Plane")).to_have_count(0)


@pytest.mark.wish("w8")
def test_a_retired_tool_is_hidden_until_show_retired_is_ticked(app):
    ann = app.as_actor("ann")
    tool = ann.records("v1/tools").create(name="Old mower")
    assert ann.api.post(f"/api/v1/tools/{tool['key']}/retire").status == 200
    page = ann.visit("/")
    expect(page.get_by_text("No tools here.")).to_be_visible()
    ann.field("Show retired").check()
    expect(page.get_by_role("link", name="Old mower")).to_be_visible()
    assert ann.api.post(f"/api/v1/tools/{tool['key']}/loans", {"days": 3}).status == 409


@pytest.mark.wish("w9")
def test_tools_come_from_a_csv_file(app):
    ann = app.as_actor("ann")
    page = ann.visit("/import")
    lines = "name,shelf,deposit,tags\nLadder,A1,30,garden\n\"Saw, small\",A2,7.50,wood;hand\nAxe,C9,12,\n"
    ann.upload("CSV file", "tools.csv", lines.encode())
    ann.button("Import").click()
    expect(page.get_by_text("3 tools were imported.")).to_be_visible()
    ann.visit("/")
    expect(page.get_by_role("link", name="Ladder")).to_be_visible()
    expect(page.get_by_role("listitem").filter(has_text="Saw, small")).to_contain_text("Deposit €7.50")
    found = [(tool["name"], tool["shelf"], tool["depositCents"], tool["tags"]) for tool in ann.records("v1/tools").list()]
    assert found == [
        ("Axe", "C9", 1200, []),
        ("Ladder", "A1", 3000, ["garden"]),
        ("Saw, small", "A2", 750, ["wood", "hand"]),
    ]
