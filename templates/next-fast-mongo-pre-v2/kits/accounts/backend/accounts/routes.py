"""Registering, logging in and out, passwords, and the people for those who look after them."""

from urllib.parse import quote

from fastapi import APIRouter, BackgroundTasks, HTTPException, Request, Response, status

from accounts import passwords, people, throttle
from accounts.access import CurrentPerson
from accounts.forms import (
    Account,
    ChangeName,
    ChangePassword,
    ChangeRole,
    Forgotten,
    Invite,
    Invited,
    LogIn,
    NewPassword,
    Register,
    Session,
)
from accounts.links import make_link, read_link, use_link
from accounts.people import Person, id_of, plain_email, stored_person
from accounts.rights import IS_OPEN, ROLES, SPOKEN
from accounts.sessions import begin_session, end_all_sessions, end_session, signed_in
from mail import origin_of, outbox, send_mail
from problems import FieldProblem, InvalidFields, Refused

router = APIRouter(prefix="/api/account", tags=["account"], include_in_schema=False)
WRONG = "The e-mail address or the password is not right."
DONE = status.HTTP_204_NO_CONTENT


@router.get("")
async def session(request: Request) -> Session:
    person = await signed_in(request)
    is_open = IS_OPEN or not await people.everybody()
    return Session(account=Account.of(person) if person else None, is_open=is_open)


@router.post("/register", status_code=status.HTTP_201_CREATED)
async def register(body: Register, request: Request, response: Response) -> Account:
    role = await _invited_as(body)
    await throttle.count_attempt(throttle.keys_of(request, "register"))
    made = await people.add_person(
        body.email, body.name, await passwords.hashed(body.password), role
    )
    if made is None:
        message = "There is an account with this address already. Log in instead."
        raise InvalidFields([FieldProblem(field="email", message=message)])
    if body.invitation:
        await use_link("invite", body.invitation)
    await begin_session(made, request, response)
    return Account.of(made)


async def _invited_as(body: Register) -> str:
    """The role of an invitation; without one the first. Raises Refused where one is needed."""
    invitation = await read_link("invite", body.invitation) if body.invitation else None
    if invitation is not None and invitation["email"] == plain_email(body.email):
        return str(invitation["role"])
    if body.invitation:
        raise Refused("This invitation is for another address, or it has ended. Ask for a new one.")
    if not IS_OPEN and await people.everybody():
        raise Refused("You need an invitation to register.")
    return ROLES[0]


@router.post("/login")
async def login(body: LogIn, request: Request, response: Response) -> Account:
    keys = throttle.keys_of(request, "log in", plain_email(body.email))
    await throttle.count_attempt(keys)
    document = await stored_person(id_of(body.email))
    stored = document["password"] if document else passwords.NOBODY
    if not await passwords.matches(body.password, stored) or document is None:
        raise Refused(WRONG, is_stranger=True)
    await throttle.forget_success(keys)
    person = people.person_of(document)
    await begin_session(person, request, response)
    return Account.of(person)


@router.post("/logout", status_code=DONE)
async def logout(request: Request, response: Response) -> None:
    await end_session(request, response)


@router.patch("")
async def change_name(body: ChangeName, person: CurrentPerson) -> Account:
    await people.change_person(person.id, {"name": body.name})
    return Account.of(Person(person.id, person.email, body.name, person.role))


@router.post("/password", status_code=DONE)
async def change_password(
    body: ChangePassword, person: CurrentPerson, request: Request, response: Response
) -> None:
    """All other browsers of the person are logged out."""
    keys = throttle.keys_of(request, "password", person.email)
    await throttle.count_attempt(keys)
    document = await stored_person(person.id)
    if document is None or not await passwords.matches(body.current, document["password"]):
        message = "This is not your current password."
        raise InvalidFields([FieldProblem(field="current", message=message)])
    await throttle.forget_success(keys)
    await _set_password(person, body.password)
    await begin_session(person, request, response)


async def _set_password(person: Person, password: str) -> None:
    await people.change_person(person.id, {"password": await passwords.hashed(password)})
    await end_all_sessions(person.id)


@router.post("/forgotten", status_code=DONE)
async def forgotten(body: Forgotten, request: Request, tasks: BackgroundTasks) -> None:
    """Says the same, and as soon, whether there is such an account or not."""
    email = plain_email(body.email)
    await throttle.count_attempt(throttle.keys_of(request, "forgotten", email))
    tasks.add_task(_mail_link, email, origin_of(request))


async def _mail_link(email: str, origin: str) -> None:
    if await stored_person(id_of(email)) is None:
        return
    address = f"{origin}/account/reset?link={await make_link('reset', email)}"
    text = f"Choose a new password within two hours: {address}\n\nElse do nothing."
    await send_mail(email, "A new password", text)


@router.post("/reset", status_code=DONE)
async def reset(body: NewPassword, request: Request, response: Response) -> None:
    link = await use_link("reset", body.link)
    document = await stored_person(id_of(link["email"])) if link else None
    if document is None:
        raise Refused("This link has been used or has ended. Ask for a new one.")
    person = people.person_of(document)
    await _set_password(person, body.password)
    await begin_session(person, request, response)


@router.get("/people")
async def list_people(person: CurrentPerson) -> list[Account]:
    _refuse_all_but_heads(person)
    return [Account.of(one) for one in await people.everybody()]


@router.post("/invitations", status_code=status.HTTP_201_CREATED)
async def invite(body: Invite, person: CurrentPerson, request: Request) -> Invited:
    """The link is told, too: whoever may invite may also pass it on by hand."""
    _refuse_all_but_heads(person)
    role = _known_role(body.role or ROLES[0])
    if await stored_person(id_of(body.email)) is not None:
        message = "This person has an account already."
        raise InvalidFields([FieldProblem(field="email", message=message)])
    token = await make_link("invite", plain_email(body.email), role)
    address = f"{origin_of(request)}/account/register?invitation={token}&email={quote(body.email)}"
    text = f"{person.name} invites you. Register here: {address}"
    is_sent = await send_mail(body.email, "An invitation", text)
    return Invited(email=body.email, role=role, link=address, is_sent=is_sent)


@router.patch("/people/{person_id}")
async def change_role(person_id: str, body: ChangeRole, person: CurrentPerson) -> Account:
    _refuse_all_but_heads(person)
    role = _known_role(body.role)
    document = await stored_person(person_id)
    if document is None:
        raise HTTPException(404, "This person does not exist any more.")
    if document["role"] == ROLES[-1] != role and await people.number_of_heads() == 1:
        raise Refused(f"There has to be at least one {ROLES[-1]}.")
    await people.change_person(person_id, {"role": role})
    return Account.of(people.person_of({**document, "role": role}))


@router.get("/outbox")
async def list_outbox(person: CurrentPerson) -> list[dict[str, str]]:
    """Mails that were not sent: all of them while no mail server is named."""
    _refuse_all_but_heads(person)
    return await outbox()


def _refuse_all_but_heads(person: Person) -> None:
    if not person.is_head:
        raise Refused(f"Only {SPOKEN[ROLES[-1]]} may do this.")


def _known_role(role: str) -> str:
    if role not in ROLES:
        message = f"Role must be one of {', '.join(ROLES)}."
        raise InvalidFields([FieldProblem(field="role", message=message)])
    return role
