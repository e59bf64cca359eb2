"""Witnesses of joining and signing in."""

import pytest

from witness import expect


@pytest.mark.wish("w1")
def test_a_neighbour_joins_and_signs_in_with_the_pin(app):
    page = app.visit("/enter")
    app.button("I am new").click()
    app.field("Your name").fill("Dora")
    app.field("PIN").fill("4711")
    app.button("Join").click()
    expect(page.get_by_text("Hello Dora")).to_be_visible()
    app.button("Sign out").click()
    app.field("Your name").fill("Dora")
    app.field("PIN").fill("4712")
    app.button("Sign in").click()
    expect(page.get_by_text("Name and PIN do not belong together.")).to_be_visible()
    app.field("PIN").fill("4711")
    app.button("Sign in").click()
    expect(page.get_by_text("Hello Dora")).to_be_visible()
    app.reload()
    expect(page.get_by_text("Hello Dora")).to_be_visible()


@pytest.mark.wish("w1")
def test_a_pin_has_four_digits(app):
    answer = app.api.post("/api/v1/members", {"name": "Emil", "pin": "123"})
    assert answer.status == 422
    assert app.api.post("/api/v1/session", {"name": "Emil", "pin": "123"}).status == 422
    assert app.api.get("/api/v1/tools").status == 401
