"""Witnesses of the help desk."""

import pytest

from witness import expect


@pytest.mark.wish("w1")
def test_a_ticket_is_opened_and_kept(app):
    page = app.visit("/")
    app.field("Subject").fill("Printer on fire")
    app.field("Hours").fill("2.5")
    app.field("Due on").fill("2031-03-09")
    app.button("Open ticket").click()
    expect(page.get_by_role("link", name="Printer on fire")).to_be_visible()
    app.reload()
    expect(page.get_by_role("link", name="Printer on fire")).to_be_visible()
    (ticket,) = app.records("tickets").list()
    assert (ticket["hours"], ticket["dueOn"], ticket["state"]) == (2.5, "2031-03-09", "open")


@pytest.mark.wish("w2")
def test_a_ticket_is_closed_once(app):
    ticket = app.records("tickets").create(subject="Slow network")
    page = app.visit(f"/tickets/{ticket['id']}")
    app.button("Close ticket").click()
    expect(page.get_by_text("closed, normal")).to_be_visible()
    app.reload()
    expect(page.get_by_text("closed, normal")).to_be_visible()
    answer = app.api.post(f"/api/tickets/{ticket['id']}/close")
    assert answer.status == 409


@pytest.mark.wish("w3")
def test_comments_stand_under_their_ticket(app):
    ticket = app.records("tickets").create(subject="No sound")
    page = app.visit(f"/tickets/{ticket['id']}")
    app.field("Comment").fill("Have you tried the cable?")
    app.button("Send comment").click()
    expect(page.get_by_text("Have you tried the cable?")).to_be_visible()
    app.reload()
    expect(page.get_by_text("Have you tried the cable?")).to_be_visible()


@pytest.mark.wish("w4")
def test_tickets_are_found_by_subject(app):
    app.records("tickets").create(subject="Broken screen")
    app.records("tickets").create(subject="Lost key")
    page = app.visit("/")
    app.field("Search").fill("key")
    expect(page.get_by_role("link", name="Broken screen")).to_have_count(0)
    expect(page.get_by_role("link", name="Lost key")).to_be_visible()


@pytest.mark.wish("w5")
def test_notes_are_seen_by_their_writer_only(app):
    ann, bob = app.as_actor("ann"), app.as_actor("bob")
    page = ann.visit("/notes")
    ann.field("Note").fill("Buy a card for Bob")
    ann.button("Keep note").click()
    expect(page.get_by_text("Buy a card for Bob")).to_be_visible()
    ann.reload()
    expect(page.get_by_text("Buy a card for Bob")).to_be_visible()
    (note,) = ann.records("notes").list()
    assert bob.api.get("/api/notes").json() == []
    assert bob.api.delete(f"/api/notes/{note['id']}").status == 404
    assert len(ann.records("notes").list()) == 1
    assert app.api.get("/api/notes").status == 401
