"""Users: the owners of projects."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from stackwright.core.errors import UserNotFound
from stackwright.core.ids import UserId
from stackwright.db.engine import Transaction
from stackwright.db.models import User


@dataclass(frozen=True, slots=True)
class UserRecord:
    id: UserId
    email: str | None
    username: str | None
    role: str


class UserRepository:
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def get(self, user_id: UserId) -> UserRecord:
        """Raises UserNotFound."""
        columns = (User.id, User.email, User.username, User.role)
        found = await self._transaction.execute(select(*columns).where(User.id == user_id))
        row = found.one_or_none()
        if row is None:
            raise UserNotFound(user_id)
        return UserRecord(UserId(row.id), row.email, row.username, row.role)

    async def ensure(self, user_id: UserId, *, email: str | None = None) -> None:
        """Create the user if unseen. An e-mail address that another user has is not taken over: the
        address is no proof of who somebody is, and the new user simply has none."""
        new = insert(User).values(id=user_id, email=email)
        created = await self._transaction.execute(new.on_conflict_do_nothing().returning(User.id))
        if created.first() is None:
            await self._transaction.execute(
                insert(User).values(id=user_id).on_conflict_do_nothing()
            )
