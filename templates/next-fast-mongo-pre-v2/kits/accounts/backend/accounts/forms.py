"""What the pages of accounts send, and what they get."""

from typing import Annotated

from pydantic import BaseModel, EmailStr, Field, StringConstraints

from accounts.people import Person
from fields import Input

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]
Password = Annotated[str, Field(min_length=8, max_length=200)]
Given = Annotated[str, Field(max_length=200)]


class LogIn(Input):
    email: EmailStr
    password: Given


class Register(Input):
    name: Name
    email: EmailStr
    password: Password
    invitation: Given = ""


class Forgotten(Input):
    email: EmailStr


class NewPassword(Input):
    link: Given
    password: Password


class ChangePassword(Input):
    current: Given
    password: Password


class ChangeName(Input):
    name: Name


class Invite(Input):
    email: EmailStr
    role: Given = ""


class Invited(BaseModel):
    email: str
    role: str
    link: str
    is_sent: bool


class ChangeRole(Input):
    role: Given


class Account(BaseModel):
    """A person as others may see them."""

    id: str
    email: str
    name: str
    role: str
    rank: int
    is_head: bool

    @classmethod
    def of(cls, person: Person) -> "Account":
        return cls(
            id=person.id,
            email=person.email,
            name=person.name,
            role=person.role,
            rank=person.rank,
            is_head=person.is_head,
        )


class Session(BaseModel):
    """Who is signed in; nobody is no error."""

    account: Account | None
    is_open: bool
    """Whether people may register by themselves."""
