from stackwright.core.events import CheckSummary, Screenshot, VerificationReport, WishProof
from stackwright.tools.verify import MAX_PICTURES, pictures_of_failures


def shot(route: str, sha256: str, ending: str = "png") -> Screenshot:
    return Screenshot(route=route, url=f"/x.{ending}", sha256=sha256, width=1280, height=800)


def report(*wishes: WishProof, detail: str = "") -> VerificationReport:
    checks = (CheckSummary(name="pages", ok=not detail, seconds=1, detail=detail),)
    pages = (shot("/", "home"), shot("/todos", "todos"))
    return VerificationReport(status="unverified", checks=checks, wishes=wishes, screenshots=pages)


def wish(number: int, *pictures: Screenshot) -> WishProof:
    return WishProof(id=f"w{number}", text="t", kind="look", state="failing", pictures=pictures)


def test_a_failing_wish_is_shown_in_its_last_step_and_a_failing_page_as_it_is() -> None:
    failing = wish(1, shot("1", "first", "jpg"), shot("2", "last", "jpg"))
    seen = pictures_of_failures(report(failing, detail="/todos: console error: x"))
    assert [(one.sha256, one.media_type) for one in seen] == [
        ("last", "image/jpeg"),
        ("todos", "image/png"),
    ]


def test_what_works_is_not_shown_and_pictures_are_few() -> None:
    assert pictures_of_failures(report()) == ()
    many = [wish(number, shot("s", str(number))) for number in range(1, 9)]
    assert len(pictures_of_failures(report(*many))) == MAX_PICTURES
