"""Witnesses of the rooms and their bookings."""

import re

import pytest

from witness import expect

DAY = "2031-05-02"


def booked(app, room, title="Talk", hour=9, hours=2, day=DAY):
    return app.records("bookings").create(
        room_id=room["id"], title=title, person="Ann", day=day, hour=hour, hours=hours
    )


@pytest.mark.wish("w1")
def test_a_room_is_added_and_kept(app):
    page = app.visit("/rooms")
    app.field("Name").fill("Green")
    app.field("Seats").fill("12")
    app.button("Add room").click()
    expect(page.get_by_role("cell", name="Green", exact=True)).to_be_visible()
    app.reload()
    expect(page.get_by_role("cell", name="Green", exact=True)).to_be_visible()
    (room,) = app.records("rooms").list()
    assert (room["name"], room["seats"]) == ("Green", 12)


@pytest.mark.wish("w2")
def test_a_booking_is_made_and_kept(app):
    room = app.records("rooms").create(name="Blue", seats=4)
    page = app.visit("/bookings")
    app.field("Room").select_option(room["id"])
    app.field("Title").fill("Interview")
    app.field("Person").fill("Bob")
    app.field("Day").fill(DAY)
    app.field("From hour").fill("10")
    app.button("Book").click()
    expect(page.get_by_role("link", name="Interview")).to_be_visible()
    app.reload()
    expect(page.get_by_text("Blue, 2031-05-02, 10:00 to 11:00, Bob")).to_be_visible()


@pytest.mark.wish("w3")
def test_bookings_of_a_room_do_not_overlap(app):
    room = app.records("rooms").create(name="Blue", seats=4)
    booked(app, room, hour=9, hours=2)
    body = {"room_id": room["id"], "title": "Late", "person": "Bob", "day": DAY}
    answer = app.api.post("/api/bookings", {**body, "hour": 10, "hours": 2})
    assert answer.status == 409 and "already booked" in answer.text
    assert len(app.records("bookings").list()) == 1
    assert app.api.post("/api/bookings", {**body, "hour": 11, "hours": 1}).status == 201
    assert len(app.records("bookings").list()) == 2


@pytest.mark.wish("w4")
def test_no_booking_ends_after_the_house_closes(app):
    room = app.records("rooms").create(name="Blue", seats=4)
    body = {"room_id": room["id"], "title": "Late", "person": "Bob", "day": DAY}
    answer = app.api.post("/api/bookings", {**body, "hour": 18, "hours": 3})
    assert answer.status == 422 and "closes at 20:00" in answer.text
    assert app.records("bookings").list() == []
    assert app.api.post("/api/bookings", {**body, "hour": 18, "hours": 2}).status == 201
    assert len(app.records("bookings").list()) == 1


@pytest.mark.wish("w5")
def test_a_booking_is_confirmed_once(app):
    booking = booked(app, app.records("rooms").create(name="Blue", seats=4))
    page = app.visit(f"/bookings/{booking['id']}")
    app.button("Confirm").click()
    expect(page.get_by_text("Ann: confirmed")).to_be_visible()
    app.reload()
    expect(page.get_by_text("Ann: confirmed")).to_be_visible()
    assert app.api.post(f"/api/bookings/{booking['id']}/confirm").status == 409


@pytest.mark.wish("w6")
def test_bookings_are_shown_for_one_room(app):
    blue = app.records("rooms").create(name="Blue", seats=4)
    red = app.records("rooms").create(name="Red", seats=4)
    booked(app, blue, "In blue")
    booked(app, red, "In red")
    page = app.visit("/bookings")
    app.field("Show room").select_option(red["id"])
    expect(page.get_by_role("link", name="In blue")).to_have_count(0)
    expect(page.get_by_role("link", name="In red")).to_be_visible()


@pytest.mark.wish("w6")
def test_the_soonest_booking_of_a_room_comes_first(app):
    blue = app.records("rooms").create(name="Blue", seats=4)
    red = app.records("rooms").create(name="Red", seats=4)
    booked(app, blue, "Early in blue", hour=8)
    booked(app, red, "Next week", day="2031-05-09")
    booked(app, red, "Late", hour=15)
    booked(app, red, "Early")
    page = app.visit("/bookings")
    app.field("Show room").select_option(red["id"])
    titles = page.get_by_role("link", name=re.compile("Early|Late|Next week"))
    expect(titles).to_have_text(["Early", "Late", "Next week"])


@pytest.mark.wish("w7")
def test_the_chart_shows_the_hours_of_each_room(app):
    blue = app.records("rooms").create(name="Blue", seats=4)
    booked(app, blue, hour=9, hours=2)
    booked(app, blue, hour=14, hours=3)
    page = app.visit("/")
    expect(page.locator(".use").filter(has_text="Blue").locator(".hours")).to_have_text("5 h")
