from stackwright.scaffold.layout import Group, call, field_line, tuple_of

LONG, LONGER = "a" * 40, "b" * 45


def test_a_call_is_broken_only_as_far_as_it_must_be() -> None:
    assert call("f(", ["a", "b"]) == "f(a, b)"
    assert (
        call("function(", [LONG, LONGER, "c" * 7])
        == f"function(\n    {LONG}, {LONGER}, {'c' * 7}\n)"
    )
    assert call("f(", [LONG, LONGER, "c" * 9]) == (
        f"f(\n    {LONG},\n    {LONGER},\n    {'c' * 9},\n)"
    )


def test_a_field_breaks_its_default_before_its_type() -> None:
    kind = Group("Literal[", (LONG, LONGER), "]", is_optional=True)
    assert field_line("x", "int", "None") == "x: int = None"
    assert field_line("x", Group("Literal[", (LONG,), "]"), f'Field("{LONG}")') == (
        f'x: Literal[{LONG}] = Field(\n        "{LONG}"\n    )'
    )
    assert field_line("name", kind, "None") == (
        "name: (\n"
        "        Literal[\n"
        f"            {LONG}, {LONGER}\n"
        "        ]\n"
        "        | None\n"
        "    ) = None"
    )


def test_a_single_part_of_a_tuple_stays_on_the_line() -> None:
    assert tuple_of("x", [], "  ") == "x=(),"
    assert tuple_of("x", ["a"], "  ") == "x=(a,),"
    assert tuple_of("x", ["a", "b"], "  ") == "x=(\n      a,\n      b,\n  ),"
    assert tuple_of("x", [LONG + LONGER], " " * 12).startswith("x=(\n")
