"""The mails of the kit `messages` as the generated backend has them, and whether their fields are there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stackwright.scaffold.fields import python_literal
from stackwright.scaffold.layout import item

if TYPE_CHECKING:
    from stackwright.scaffold.kit_spec import Mail
    from stackwright.scaffold.views import AppView


def mail_rule(app: AppView, mail: Mail) -> str:
    """Python source of a `MailRule`."""
    entity = app.entity(mail.entity)
    first, _, rest = mail.to.partition(".")
    values: dict[str, object] = {
        "name": mail.name,
        "entity": entity.slug,
        "label": entity.noun,
        "when": mail.when,
    }
    if rest:
        target = app.entity(str(entity.by_name(first).spec.target))
        values |= {"to": target.by_name(rest).key, "via": entity.by_name(first).key}
        values["target"] = target.slug
    else:
        values["to"] = entity.by_name(first).key
    if mail.field:
        values["field"] = entity.by_name(mail.field).key
    if mail.when == "before":
        values["hours"] = mail.hours
    told = {"value": mail.value, "subject": mail.subject, "text": mail.text}
    values |= {name: text for name, text in told.items() if text}
    parts = [f"{name}={_literal(value)}" for name, value in values.items()]
    return item("MailRule(", parts, " " * 4)


def _literal(value: object) -> str:
    return str(value) if isinstance(value, int) else python_literal(str(value))
