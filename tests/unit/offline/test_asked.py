from stackwright.offline.asked import with_rule, with_view
from stackwright.offline.reader import read_app
from stackwright.scaffold.words import Board, Chart, Unique

TASK = read_app("tasks with title, due date, status (open, done) and kind (a, b)").spec.entities[0]


def test_a_rule_said_twice_is_one_and_a_new_board_takes_the_place_of_the_old() -> None:
    rule = Unique(rule="unique", fields=("title",))
    assert with_rule(with_rule(TASK, rule), rule).rules == (rule,)
    boards = with_view(
        with_view(TASK, Board(view="board", by="kind")), Board(view="board", by="status")
    )
    assert [one.model_dump()["by"] for one in boards.views] == ["status"]
    chart = Chart(view="chart", by="status")
    assert len(with_view(with_view(boards, chart), chart).views) == 2
