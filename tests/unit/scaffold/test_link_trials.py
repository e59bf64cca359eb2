from pathlib import Path

from stackwright.scaffold.generate import generate
from stackwright.scaffold.link_trials import link_trials
from stackwright.scaffold.spec import AppSpec, Shows, WishLink
from stackwright.scaffold.views import app_view

SPEC = AppSpec.model_validate_json(
    (Path(__file__).parents[2] / "data/scaffold/bookings.json").read_text()
)
APP = app_view(SPEC)


def link(shows: Shows, entity: str, field: str) -> WishLink:
    return WishLink(wish="w1", shows=shows, entity=entity, field=field)


def test_each_link_is_tried_where_people_see_it() -> None:
    links = [link("ordered", "piece", "setlist_id"), link("inline", "piece", "setlist_id")]
    found = link_trials(APP, APP.entity("piece"), links)
    assert [(told["shows"], told["target"].name) for _, told in found] == [
        ("ordered", "setlist"),
        ("inline", "setlist"),
    ]


def test_wishes_about_other_fields_are_passed_over() -> None:
    links = [link("links", "song", "title"), link("ordered", "piece", "song_id")]
    assert link_trials(APP, APP.entity("song"), links) == []
    assert link_trials(APP, APP.entity("piece"), links) == []


def test_the_witness_of_an_order_moves_by_key_and_by_mouse() -> None:
    files = generate(SPEC, wishes=[link("ordered", "piece", "setlist_id")])
    witness = files["acceptance/test_pieces_links.py"]
    assert 'app.press("ArrowUp")' in witness
    assert "app.drag(" in witness


def test_the_witness_of_many_links_looks_at_both_pages_and_deletes_one() -> None:
    files = generate(SPEC, wishes=[link("links", "song", "tag_ids")])
    witness = files["acceptance/test_songs_links.py"]
    assert 'app.visit(f"/tags/{target}")' in witness
    assert "What refers to it stays, without the link: 1 song" in witness
