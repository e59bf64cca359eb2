"""Witnesses of logins and rights; and all others, acting as somebody who may do what they try."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from stackwright.scaffold import samples
from stackwright.scaffold.fields import python_literal
from stackwright.scaffold.kit_spec import AccountsOptions
from stackwright.scaffold.render import render
from stackwright.scaffold.spec import WishLink
from stackwright.scaffold.views import AppView, EntityView
from stackwright.scaffold.witnesses import FilledField, Need, body_of, change_of, needs_of

ACTIONS = ("read", "add", "change", "delete")
_TEST = re.compile(
    r"^def test_\w+\((?:app: App[^\n]*|\n(?:    [^\n]*\n)*?)\) -> None:\n", re.MULTILINE
)


@dataclass(frozen=True)
class TriedRight:
    """One action with the records of one entity, and who may do it."""

    wish: str
    entity: EntityView
    needs: list[Need]
    change: FilledField | None
    """What is changed to see that it may be."""
    action: str
    who: str


def account_witnesses(app: AppView, links: Sequence[WishLink]) -> dict[str, str]:
    """Who may do what, tried by two people; nothing where nobody logs in."""
    use = app.spec.kit("accounts")
    logins = [link.wish for link in links if link.shows == "login"]
    rights = [link for link in links if link.shows == "right"]
    if use is None or not (logins or rights):
        return {}
    text = render(
        "acceptance/test_accounts.py.jinja",
        app=app,
        options=use.settings(),
        logins=logins,
        tried=list(_rights_tried(app, use.settings(), rights)),
        body_of=body_of,
    )
    return {"acceptance/test_accounts.py": text}


def public_witnesses(app: AppView, links: Sequence[WishLink]) -> dict[str, str]:
    """What strangers see and send."""
    use = app.spec.kit("public")
    mine = [link for link in links if link.shows == "public"]
    if use is None or not mine:
        return {}
    forms = {form.entity: form for form in use.settings().forms}
    tried = [
        (link.wish, app.entity(link.entity), forms[link.entity])
        for link in mine
        if link.entity in forms
    ]
    text = render(
        "acceptance/test_public.py.jinja",
        app=app,
        landings=[link.wish for link in mine if not link.entity],
        tried=[(wish, entity, form, _filled(entity)) for wish, entity, form in tried],
    )
    return {"acceptance/test_public.py": text}


def _filled(entity: EntityView) -> list[FilledField]:
    """What a stranger fills in."""
    return [
        FilledField(field, samples.sample(field))
        for field in entity.inputs
        if field.type != "reference" and (field.is_needed or field is entity.title)
    ]


def acting_as(role: str, files: Mapping[str, str]) -> dict[str, str]:
    """Witness files whose tests begin with a login; without a role as they are."""
    if not role:
        return dict(files)
    login = f"    app = app.as_actor({python_literal(role)})\n"
    return {path: _TEST.sub(lambda found: found[0] + login, text) for path, text in files.items()}


def _rights_tried(
    app: AppView, options: AccountsOptions, links: Sequence[WishLink]
) -> Iterator[TriedRight]:
    names = {entity.name for entity in app.entities}
    for link in links:
        if link.entity not in names:
            continue
        entity = app.entity(link.entity)
        needs = needs_of(app, entity, only_required=True)
        right = next((one for one in options.rights if one.entity == link.entity), None)
        for action in link.field.split():
            if action in ACTIONS:
                who = getattr(right, action) if right is not None else "signed_in"
                yield TriedRight(link.wish, entity, needs, change_of(entity), action, who)
