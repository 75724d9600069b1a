"""There is no default password: while nobody can sign in as admin, each start gives a link that makes the first."""

from datetime import datetime

from bot.settings import Settings
from db.engine import Database
from services import invites, staff


async def first_link(settings: Settings, database: Database, now: datetime, port: int) -> str | None:
    """Return a new link for the first admin, None where there is an admin already."""
    async with database.transaction() as db:
        if await staff.has_admin(db):
            await invites.withdraw(db, None)
            return None
        token = await invites.invite(db, now, None)
    return invite_link(settings, token, port)


def console_address(settings: Settings, port: int) -> str:
    """Return the address that staff open the console by."""
    anywhere = settings.host in ("0.0.0.0", "127.0.0.1", "::")  # noqa: S104
    site = settings.public_url.rstrip("/") or f"http://{'localhost' if anywhere else settings.host}:{port}"
    return f"{site}/console/"


def invite_link(settings: Settings, token: str, port: int) -> str:
    """Return the link that a token makes."""
    return f"{console_address(settings, port)}invite/{token}"
