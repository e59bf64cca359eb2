"""Witnesses of borrowing, returning, waiting and the takings."""

import datetime

import pytest

from witness import expect


def lend(person, tool, days=7):
    return person.records(f"v1/tools/{tool['key']}/loans").create(days=days)


@pytest.mark.wish("w4")
def test_a_tool_is_borrowed_for_1_to_28_days(app):
    ann = app.as_actor("ann")
    tool = ann.records("v1/tools").create(name="Drill")
    loans = f"/api/v1/tools/{tool['key']}/loans"
    assert ann.api.post(loans, {"days": 29}).status == 422
    assert ann.api.post(loans, {"days": 0}).status == 422
    assert ann.records("v1/loans").list() == []
    page = ann.visit(f"/tools/{tool['key']}")
    ann.field("Days").fill("28")
    ann.button("Borrow").click()
    expect(page.get_by_text("You have it.")).to_be_visible()
    (loan,) = ann.records("v1/loans").list()
    lent = datetime.date.fromisoformat(loan["lentOn"])
    assert datetime.date.fromisoformat(loan["dueOn"]) == lent + datetime.timedelta(days=28)


@pytest.mark.wish("w5")
def test_only_who_borrowed_a_tool_can_return_it(app):
    ann, bob = app.as_actor("ann"), app.as_actor("bob")
    tool = ann.records("v1/tools").create(name="Drill")
    loan = lend(bob, tool)
    assert ann.api.post(f"/api/v1/loans/{loan['key']}/return").status == 404
    assert len(bob.records("v1/loans").list()) == 1
    page = bob.visit("/loans")
    bob.button("Return Drill").click()
    expect(page.get_by_text("No loans here.")).to_be_visible()
    bob.reload()
    expect(page.get_by_text("No loans here.")).to_be_visible()
    assert bob.records("v1/tools").get(tool["key"])["outUntil"] is None


@pytest.mark.wish("w6")
def test_the_first_in_the_waiting_list_borrows_next(app):
    ann, bob, cleo = app.as_actor("ann"), app.as_actor("bob"), app.as_actor("cleo")
    tool = ann.records("v1/tools").create(name="Drill")
    loan = lend(ann, tool)
    page = bob.visit(f"/tools/{tool['key']}")
    bob.button("Join the waiting list").click()
    expect(page.get_by_text("1 waiting, you are number 1")).to_be_visible()
    cleo.records(f"v1/tools/{tool['key']}/waiting").create()
    assert cleo.api.post(f"/api/v1/tools/{tool['key']}/loans", {"days": 3}).status == 409
    ann.records(f"v1/loans/{loan['key']}/return").create()
    answer = cleo.api.post(f"/api/v1/tools/{tool['key']}/loans", {"days": 3})
    assert answer.status == 409 and "first in line" in answer.text
    bob.reload()
    bob.button("Borrow").click()
    expect(page.get_by_text("You have it.")).to_be_visible()


@pytest.mark.wish("w7")
def test_own_loans_are_seen_the_one_due_first_on_top(app):
    ann, bob = app.as_actor("ann"), app.as_actor("bob")
    tools = ann.records("v1/tools")
    lend(ann, tools.create(name="Ladder"), days=20)
    lend(bob, tools.create(name="Axe"), days=1)
    drill = tools.create(name="Drill")
    page = ann.visit(f"/tools/{drill['key']}")
    ann.field("Days").fill("2")
    ann.button("Borrow").click()
    expect(page.get_by_text("You have it.")).to_be_visible()
    ann.visit("/loans")
    loans = page.get_by_role("main").get_by_role("listitem")
    expect(loans).to_have_count(2)
    expect(loans.nth(0)).to_contain_text("Drill")
    expect(loans.nth(1)).to_contain_text("Ladder")


@pytest.mark.wish("w10")
def test_the_takings_chart_shows_each_month_and_the_total(app):
    ann, bob = app.as_actor("ann"), app.as_actor("bob")
    tools = ann.records("v1/tools")
    lend(bob, tools.create(name="Ladder", depositCents=1999))
    drill = tools.create(name="Drill", depositCents=2501)
    page = ann.visit(f"/tools/{drill['key']}")
    ann.button("Borrow").click()
    expect(page.get_by_text("You have it.")).to_be_visible()
    ann.visit("/takings")
    chart = page.get_by_role("figure", name="Deposits of each month")
    month = datetime.datetime.now(datetime.UTC).strftime("%B %Y")
    expect(chart.locator(".month").filter(has_text=month)).to_contain_text("€45.00, 2 loans")
    expect(chart).to_contain_text("Total €45.00")
