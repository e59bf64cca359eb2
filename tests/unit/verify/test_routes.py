from stackwright.verify.routes import Route, filled, routes


def test_pages_become_routes_and_special_files_do_not() -> None:
    found = routes(
        [
            "pages/index.tsx",
            "pages/_app.tsx",
            "pages/_document.tsx",
            "pages/404.tsx",
            "pages/api/hello.ts",
            "pages/books/index.tsx",
            "pages/books/[id].tsx",
            "pages/about.jsx",
            "pages/readme.md",
            "components/button.tsx",
        ]
    )
    assert [route.pattern for route in found] == ["/", "/about", "/books", "/books/[id]"]


def test_a_parameter_knows_the_segment_before_it() -> None:
    (route,) = routes(["src/pages/projects/[projectId]/tasks/[id].tsx"])
    assert route == Route(
        "/projects/[projectId]/tasks/[id]", (("projectId", "projects"), ("id", "tasks"))
    )
    assert filled(route, {"projectId": "p1", "id": "t2"}) == "/projects/p1/tasks/t2"


def test_the_app_router_is_read_too_without_groups_slots_and_private_folders() -> None:
    found = routes(
        [
            "app/page.tsx",
            "app/(shop)/cart/page.tsx",
            "app/@modal/login/page.tsx",
            "app/_parts/page.tsx",
            "app/layout.tsx",
            "app/books/[id]/page.tsx",
        ]
    )
    assert [route.pattern for route in found] == ["/", "/books/[id]", "/cart", "/login"]


def test_an_optional_catch_all_is_opened_without_its_segments() -> None:
    assert routes(["pages/docs/[[...slug]].tsx"]) == [Route("/docs")]
    assert routes(["pages/docs/[...slug].tsx"]) == [Route("/docs/[slug]", (("slug", "docs"),))]
