"""Which kits an application uses, with which options: a part of its specification."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, ClassVar, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from stackwright.scaffold.looks import (
    ACCENTS,
    STYLES,
    TEXT_SIZES,
    Accent,
    Look,
    Palette,
    Style,
    with_accent,
)

SLUG = r"^[a-z][a-z0-9]*(_[a-z0-9]+)*$"
MAX_ROLES = 6
EVERYBODY = frozenset({"anyone", "signed_in", "own"})
"""Words that allow something to everybody and are no roles."""


class KitOptions(BaseModel):
    """The options of one kit. `entity_lists` names the options that say something of entities."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    entity_lists: ClassVar[tuple[str, ...]] = ()


class Rights(KitOptions):
    """Who may do what with the records of an entity: `anyone` (also without a login), `signed_in`,
    `own` (only those that the person added; roles above the first see and change all), or a role."""

    entity: str = Field(max_length=60)
    read: str = "signed_in"
    add: str = "signed_in"
    change: str = "signed_in"
    delete: str = "signed_in"


def plural_of(role: str) -> str:
    """How people of a role are spoken of: librarians, but staff."""
    if role.endswith("y") and role[-2:-1] not in "aeou":
        return f"{role[:-1]}ies"
    return role if role.endswith(("s", "staff", "people", "crew")) else f"{role}s"


class AccountsOptions(KitOptions):
    """`roles` from the least to the most: who registers gets the first, the very first person the
    last, who may do everything."""

    entity_lists = ("rights",)

    roles: tuple[str, ...] = Field(default=("member", "staff"), min_length=1, max_length=MAX_ROLES)
    registration: Literal["open", "invited"] = "open"
    rights: tuple[Rights, ...] = Field(default=(), max_length=30)

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if len(set(self.roles)) != len(self.roles) or EVERYBODY & set(self.roles):
            raise ValueError(f"roles repeat, or are called like one of {sorted(EVERYBODY)}")
        for right in self.rights:
            for who in (right.read, right.add, right.change, right.delete):
                if who not in EVERYBODY and who not in self.roles:
                    raise ValueError(f"rights of {right.entity!r}: there is no role {who!r}")
            if right.add == "own":
                raise ValueError(f"rights of {right.entity!r}: 'own' says nothing about adding")
        _refuse_twice([right.entity for right in self.rights], "rights")
        return self

    @property
    def spoken(self) -> dict[str, str]:
        """Each role, and how its people are spoken of."""
        return {role: plural_of(role) for role in self.roles}

    def keeps_back(self, right: Rights) -> bool:
        """Whether somebody who is signed in may not do all of it."""
        higher = {*self.roles[1:], "own"}
        return not higher.isdisjoint((right.read, right.add, right.change, right.delete))


Way = Literal["import", "export", "print"]
WAYS: tuple[Way, ...] = ("import", "export", "print")


class ExchangedTable(KitOptions):
    """Which ways the records of an entity have into the app and out of it."""

    entity: str = Field(max_length=60)
    ways: tuple[Way, ...] = Field(default=WAYS, min_length=1, max_length=len(WAYS))

    @property
    def imports(self) -> bool:
        return "import" in self.ways

    @property
    def exports(self) -> bool:
        return "export" in self.ways


class ExchangeOptions(KitOptions):
    """Which records are imported, exported and printed."""

    entity_lists = ("tables",)

    tables: tuple[ExchangedTable, ...] = Field(default=(), max_length=30)

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        _refuse_twice([one.entity for one in self.tables], "tables")
        return self


class FileSlot(KitOptions):
    """What the records of an entity have files for: one file, or many."""

    entity: str = Field(max_length=60)
    name: str = Field(pattern=SLUG, max_length=40)
    label: str = Field(min_length=1, max_length=60)
    kind: Literal["picture", "document"] = "picture"
    many: bool = False


class FilesOptions(KitOptions):
    """Which records have pictures and documents."""

    entity_lists = ("slots",)

    slots: tuple[FileSlot, ...] = Field(default=(), max_length=20)

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        _refuse_twice([f"{one.entity}.{one.name}" for one in self.slots], "slots")
        return self


class PublicForm(KitOptions):
    """A form through which anyone may send a record."""

    entity: str = Field(max_length=60)
    title: str = Field(default="", max_length=80)
    text: str = Field(default="", max_length=500)
    thanks: str = Field(default="Thank you, we have got it.", max_length=300)


class PublicOptions(KitOptions):
    """Pages without a login."""

    entity_lists = ("forms",)

    text: str = Field(default="", max_length=500)
    forms: tuple[PublicForm, ...] = Field(default=(), max_length=10)

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        _refuse_twice([one.entity for one in self.forms], "forms")
        return self


def _refuse_twice(names: list[str], told: str) -> None:
    if len(set(names)) != len(names):
        raise ValueError(f"two {told} are about one entity")


class LookOptions(KitOptions):
    """How the application looks. Empty words leave it to the style."""

    style: Style = "plain"
    accent: Accent = ""
    text: Literal["small", "normal", "big"] = "normal"
    menu: Literal["", "side", "top"] = ""
    appearance: Literal["", "auto", "dark", "light"] = ""
    logo: str = Field(default="", max_length=4)

    @property
    def look(self) -> Look:
        """The style with what the other options change of it."""
        base = STYLES[self.style]
        return replace(base, menu=self.menu or base.menu, appearance=self.shown_as)

    @property
    def shown_as(self) -> Literal["auto", "dark", "light"]:
        """Theme in which a page opens for a visitor who has chosen none."""
        return self.appearance or STYLES[self.style].appearance

    @property
    def light(self) -> Palette | None:
        palette = STYLES[self.style].light
        return palette and with_accent(palette, self.accent, is_dark=False)

    @property
    def dark(self) -> Palette | None:
        palette = STYLES[self.style].dark
        return palette and with_accent(palette, self.accent, is_dark=True)

    @property
    def accents(self) -> tuple[str, str] | None:
        """On a light and on a dark page."""
        return ACCENTS.get(self.accent)

    @property
    def root_px(self) -> int:
        return TEXT_SIZES[self.text] - (1 if self.style == "compact" else 0)


class Mail(KitOptions):
    """A mail that is sent by itself: some hours before a date, when a choice is taken, or when a record
    is added. `to` is the field with the address, `customer_id.email` that of what is referred to."""

    entity: str = Field(max_length=60)
    to: str = Field(max_length=120)
    when: Literal["before", "becomes", "added"]
    field: str = Field(default="", max_length=60)
    hours: int = Field(default=24, ge=1, le=24 * 366)
    value: str = Field(default="", max_length=120)
    subject: str = Field(default="", max_length=200)
    text: str = Field(default="", max_length=4000)

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if (self.when == "added") != (not self.field) or (self.when == "becomes") != bool(
            self.value
        ):
            raise ValueError(
                f"mail of {self.entity!r}: before has a field, becomes a field and value"
            )
        return self

    @property
    def name(self) -> str:
        """Unique in an application; stored with what was sent."""
        last = str(self.hours) if self.when == "before" else self.value[:30]
        words = f"{self.when} {(self.field or self.to)[:40]} {last}"
        return re.sub(r"[\W_]+", "_", words).strip("_").lower()


class MessagesOptions(KitOptions):
    """The mails that are sent by themselves."""

    entity_lists = ("mails",)

    mails: tuple[Mail, ...] = Field(default=(), max_length=20)

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if len({(one.entity, one.name) for one in self.mails}) != len(self.mails):
            raise ValueError("two mails say the same")
        return self


OPTIONS: Mapping[str, type[KitOptions]] = {
    "accounts": AccountsOptions,
    "exchange": ExchangeOptions,
    "files": FilesOptions,
    "look": LookOptions,
    "messages": MessagesOptions,
    "public": PublicOptions,
}
"""By the name of the kit. A kit that is not named here has no folder and cannot be used."""


class KitUse(BaseModel):
    """A kit that the application has."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(pattern=SLUG, max_length=40)
    options: dict[str, Any] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _known(self) -> Self:
        if self.name not in OPTIONS:
            raise ValueError(f"there is no kit {self.name!r}; there are: {', '.join(OPTIONS)}")
        OPTIONS[self.name].model_validate(self.options)
        return self

    def settings(self) -> Any:
        """The options as their own type, defaults filled in."""
        return OPTIONS[self.name].model_validate(self.options)

    def entities(self) -> set[str]:
        """The entities that the options speak of."""
        settings = self.settings()
        lists = [getattr(settings, name) for name in settings.entity_lists]
        return {one.entity for found in lists for one in found}

    def following(self, names: Mapping[str, str]) -> "KitUse":
        """The kit with the names that entities have now; parts about entities that are gone are dropped."""
        options = dict(self.options)
        for name in OPTIONS[self.name].entity_lists:
            if name in options:
                known = [one for one in options[name] if one["entity"] in names]
                options[name] = [{**one, "entity": names[one["entity"]]} for one in known]
        return KitUse(name=self.name, options=options)
