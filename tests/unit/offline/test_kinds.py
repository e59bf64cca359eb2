from stackwright.offline.draft import AppDraft, FieldDraft
from stackwright.offline.heads import Head, read_head
from stackwright.offline.kinds import Kinds


def head(text: str) -> Head:
    found = read_head(text)
    assert found is not None
    return found


def test_a_kind_points_at_what_it_belongs_to() -> None:
    kinds = Kinds(AppDraft())
    task = kinds.introduce(head("tasks of a project"), weak=False)
    assert task.refers_to("project")
    assert kinds.focus is task


def test_a_relation_to_nothing_known_is_kept_as_unread() -> None:
    app = AppDraft()
    Kinds(app).introduce(head("rooms for weddings"), weak=False)
    assert list(app.entities) == ["room"]
    assert app.unread == ["for weddings"]


def test_many_both_ways_makes_a_list_of_links() -> None:
    app = AppDraft()
    kinds = Kinds(app)
    song, playlist = app.entity("song"), app.entity("playlist")
    kinds.note_many(song, playlist)
    kinds.note_many(playlist, song)
    assert playlist.given["song_ids"].type == "references"
    assert not song.refers_to("playlist")


def test_many_among_fields_become_a_field_when_nothing_describes_them() -> None:
    app = AppDraft()
    kinds = Kinds(app)
    operation = app.entity("operation")
    kinds.mentioned.append((operation, head("vehicles").noun))
    kinds.finish()
    assert list(operation.given) == ["vehicles"]


def test_what_was_bought_is_the_record_when_it_has_a_date() -> None:
    app = AppDraft()
    kinds = Kinds(app)
    member, card, purchase = app.entity("member"), app.entity("card"), app.entity("purchase")
    card.put(FieldDraft("start_date", "date", True))
    purchase.event = True
    purchase.refer(member.name)
    purchase.refer(card.name)
    kinds.finish()
    assert "purchase" not in app.entities
    assert card.refers_to("member")
