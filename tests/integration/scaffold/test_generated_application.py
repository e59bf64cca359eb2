from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from fixtures.generated_application import Application, application

pytestmark = [pytest.mark.integration, pytest.mark.timeout(300)]


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page that must end without a message on the console and without a failed request."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    page.set_default_timeout(15_000)
    complaints: list[str] = []
    page.on(
        "console",
        lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None,
    )
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "response",
        lambda answer: complaints.append(answer.url) if answer.status >= 400 else None,
    )
    yield page
    context.close()
    assert complaints == []


def prove(app: Application) -> None:
    """Everything that can be checked without a browser."""
    app.run("ruff check .", "backend")
    assert " passed" in app.run("python -m pytest", "backend")
    app.run("python tools/generate_client.py --check")
    app.run("tsc --noEmit", "frontend")
    app.run("oxlint --deny-warnings", "frontend")


def test_the_todo_application_proves_itself(todo: Application) -> None:
    prove(todo)


FORM = """\
import { type FormEvent, useState } from "react";
import { Button } from "@/components/ui/button";
import { Checkbox, Input, Select, Textarea } from "@/components/ui/input";

export default function FormPage() {
  const [sent, setSent] = useState("");
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    setSent(`Sent ${String(new FormData(event.currentTarget).get("name"))}`);
  };
  return (
    <form onSubmit={submit}>
      <label>
        Name <Input name="name" />
      </label>
      <label>
        Notes <Textarea />
      </label>
      <label>
        Colour
        <Select>
          <option>Red</option>
        </Select>
      </label>
      <label>
        <Checkbox /> Agreed
      </label>
      <Button>Add</Button>
      <p>{sent}</p>
    </form>
  );
}
"""


def test_a_form_of_the_templates_own_parts_is_sound_and_sent_by_its_plain_button(
    todo: Application, page: Page
) -> None:
    todo.sandbox.files.write("/home/user/code/frontend/pages/form.tsx", FORM)
    todo.run("oxlint --deny-warnings pages/form.tsx", "frontend")
    page.goto(f"{todo.url}/form")
    page.get_by_label("Name").fill("Ada")
    page.get_by_role("button", name="Add").click()
    expect(page.get_by_text("Sent Ada")).to_be_visible()
    todo.run("rm pages/form.tsx", "frontend")


def test_a_label_without_a_control_is_still_told(todo: Application) -> None:
    page = "export default function P() {\n  return <label>Name</label>;\n}\n"
    todo.sandbox.files.write("/home/user/code/frontend/pages/label.tsx", page)
    told = todo.run("oxlint pages/label.tsx || true", "frontend")
    assert "label-has-associated-control" in told
    todo.run("rm pages/label.tsx", "frontend")


def test_items_can_be_added_ticked_off_edited_and_deleted(todo: Application, page: Page) -> None:
    page.goto(f"{todo.url}/tasks")
    expect(page.get_by_text("No tasks yet")).to_be_visible()
    page.get_by_label("Add a task").fill('Buy "milk" <now> & ünïcode')
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name='Buy "milk" <now>')).to_be_visible()

    page.get_by_role("button", name="New task").click()
    page.get_by_role("button", name="Add task").click()
    expect(page.get_by_text("Title is required.")).to_be_visible()
    page.get_by_label("Title").fill("Prepare the numbers")
    page.get_by_label("Due date").fill("2026-12-24")
    page.get_by_label("Priority", exact=True).select_option("High")
    page.get_by_role("button", name="Add task").click()
    expect(page.get_by_text("Dec 24, 2026")).to_be_visible()

    with page.expect_response(lambda answer: answer.request.method == "PATCH"):
        page.get_by_label("Done: Prepare the numbers").click()
    page.reload()
    expect(page.get_by_label("Done: Prepare the numbers")).to_be_checked()

    page.get_by_label("Edit Prepare the numbers").click()
    page.get_by_label("Title").fill("Send the numbers")
    page.get_by_role("button", name="Save changes").click()
    expect(page.get_by_role("link", name="Send the numbers")).to_be_visible()

    page.get_by_label("Filter by Done").select_option("true")
    expect(page.get_by_role("link", name="Buy")).to_be_hidden()
    page.get_by_label("Filter by Done").select_option("")
    page.get_by_label("Search tasks").fill("<NOW>")
    expect(page.get_by_role("link", name="Send the numbers")).to_be_hidden()

    page.get_by_label("Delete Buy").click()
    page.get_by_role("button", name="Delete", exact=True).click()
    expect(page.get_by_text("Nothing matches")).to_be_visible()


def test_pages_follow_the_system_into_the_dark_and_fit_a_telephone(
    todo: Application, browser: Browser
) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, color_scheme="dark")
    page = context.new_page()
    page.goto(todo.url)
    expect(page.locator("html.dark")).to_be_attached()
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    page.get_by_label("Open navigation").click()
    page.get_by_role("link", name="Tasks").first.click()
    expect(page.get_by_role("heading", name="Tasks", exact=True)).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    context.close()


@pytest.mark.parametrize("name", ["library", "awkward"])
def test_other_applications_prove_themselves(engine: dict[str, Any], name: str) -> None:
    with application(engine, name) as app:
        prove(app)


def test_line_items_are_added_on_the_page_of_their_invoice(
    engine: dict[str, Any], page: Page
) -> None:
    with application(engine, "invoices") as app:
        prove(app)
        page.goto(f"{app.url}/clients")
        page.get_by_role("button", name="New client").click()
        page.get_by_label("Name").fill("Acme")
        page.get_by_label("E-mail").fill("acme@example.com")
        page.get_by_role("button", name="Add client").click()
        page.get_by_role("link", name="Acme", exact=True).click()
        expect(page.get_by_text("No invoices yet")).to_be_visible()
        page.get_by_role("button", name="New invoice").click()
        page.get_by_role("dialog").get_by_label("Number").fill("2026-1")
        page.get_by_role("dialog").get_by_role("button", name="Add invoice").click()
        page.get_by_role("link", name="2026-1", exact=True).click()
        page.get_by_role("button", name="New line item").click()
        dialog = page.get_by_role("dialog")
        dialog.get_by_label("Text").fill("Consulting")
        dialog.get_by_label("Quantity").fill("2.5")
        dialog.get_by_label("Unit price").fill("19.99")
        dialog.get_by_role("button", name="Add line item").click()
        expect(page.get_by_text("49.98")).to_be_visible()
        page.goto("about:blank")
