"""What a witness of a mail that is sent by itself does, and waits for."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from stackwright.scaffold.fields import FieldView
from stackwright.scaffold.kit_spec import Mail
from stackwright.scaffold.spec import WishLink
from stackwright.scaffold.views import AppView, EntityView
from stackwright.scaffold.words import Compare, NoOverlap, Steps


@dataclass(frozen=True)
class MailTrial:
    """`holder` is whose record has the address, reached by `via`; None if it is the record itself."""

    mail: Mail
    address: FieldView
    holder: EntityView | None
    via: FieldView | None
    field: FieldView | None
    follow: tuple[FieldView, ...]
    """Moments that must not come before `field`."""
    before: str
    """A choice from which `mail.value` can follow."""
    furthest: int
    """No reminder of these records comes more hours before."""

    @property
    def sign(self) -> str:
        """Words that the subject of this mail has, and those of other kinds have not."""
        usual = {"before": "Reminder:", "becomes": self.mail.value, "added": "New "}
        pieces = re.split(r"\{\w+\}", self.mail.subject)
        return max(pieces, key=len).strip() or usual[self.mail.when]


def mail_trials(
    app: AppView, entity: EntityView, links: Sequence[WishLink]
) -> list[tuple[list[str], MailTrial]]:
    """(wishes, what is tried) of each mail that a wish is tied to."""
    use = app.spec.kit("messages")
    found: list[tuple[list[str], MailTrial]] = []
    mails: Sequence[Mail] = use.settings().mails if use is not None else ()
    for mail in mails:
        wishes = [one.wish for one in links if one.shows == "mail" and one.field == mail.name]
        if mail.entity == entity.name and wishes:
            found.append((wishes, _trial(app, entity, mail, mails)))
    return found


def _trial(app: AppView, entity: EntityView, mail: Mail, mails: Sequence[Mail]) -> MailTrial:
    first, _, rest = mail.to.partition(".")
    via = entity.by_name(first) if rest else None
    holder = app.entity(str(via.spec.target)) if via is not None else None
    return MailTrial(
        mail=mail,
        address=holder.by_name(rest) if holder is not None else entity.by_name(first),
        holder=holder,
        via=via,
        field=entity.by_name(mail.field) if mail.field else None,
        follow=_follow(entity, mail.field),
        before=_choice_before(entity, mail),
        furthest=max(one.hours for one in mails if one.entity == mail.entity),
    )


def _follow(entity: EntityView, field: str) -> tuple[FieldView, ...]:
    names: set[str] = set()
    for rule in entity.spec.rules:
        match rule:
            case NoOverlap() if rule.end and rule.start == field:
                names.add(rule.end)
            case Compare() if rule.than == field and rule.must_be in ("more", "at_least"):
                names.add(rule.field)
            case _:
                pass
    return tuple(entity.by_name(name) for name in sorted(names))


def _choice_before(entity: EntityView, mail: Mail) -> str:
    if mail.when != "becomes":
        return ""
    steps = next(
        (r for r in entity.spec.rules if isinstance(r, Steps) and r.field == mail.field), None
    )
    others = [one for one in entity.spec.field(mail.field).choices if one != mail.value]
    if steps is not None:
        others = [one for one in others if mail.value in steps.allowed.get(one, ())] or others
    return others[0] if others else ""
