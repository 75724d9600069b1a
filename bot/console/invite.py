"""A link that works once lets a person of staff choose their password, and the very first one become admin."""

from aiohttp import web

from bot.console import hashing, texts
from bot.console.door import SIGN_IN
from bot.console.routes import Routes
from bot.console.visit import Visit
from core.errors import Refusal
from services import invites, passwords, staff

routes = Routes()


@routes.get(r"/invite/{token:[\w-]{1,100}}", public=True)
async def ask(visit: Visit) -> web.Response:
    """Ask for the password."""
    async with visit.console.database.snapshot() as db:
        _, whose = await invites.find(db, visit.now, visit.request.match_info["token"])
    return visit.render("invite.html", whose=whose)


@routes.post(r"/invite/{token:[\w-]{1,100}}", public=True)
async def take(visit: Visit) -> web.Response:
    """Set the password; the link works no more."""
    token, password = visit.request.match_info["token"], visit.form.get("password")
    async with visit.console.database.snapshot() as db:
        _, whose = await invites.find(db, visit.now, token)
    try:
        login = whose.login if whose is not None else staff.check_login(visit.form.get("login"))
        check_pair(visit, login)
        await _set(visit, token, await hashing.make(visit.console, password))
    except Refusal as refusal:
        return visit.render("invite.html", status=422, refusal=str(refusal), whose=whose)
    return visit.redirect(SIGN_IN, texts.PASSWORD_SET)


def check_pair(visit: Visit, login: str) -> None:
    """Check the password that was typed twice.

    Raises:
        Refusal: it is weak, or the two differ.
    """
    passwords.check_strength(visit.form.get("password"), login)
    if visit.form.get("password") != visit.form.get("again"):
        raise Refusal(texts.NOT_THE_SAME)


async def _set(visit: Visit, token: str, password_hash: str) -> None:
    async with visit.console.database.transaction() as db:
        invitation, whose = await invites.find(db, visit.now, token)
        await invites.use_up(db, invitation)
        if whose is None:
            name, login = visit.form.get("name"), visit.form.get("login")
            visit.signed_in = await staff.first_admin(db, visit.now, login, name, password_hash)
            await visit.record(db, "first_admin", f"staff:{visit.signed_in.id}", login=visit.signed_in.login)
        else:
            await staff.set_password(db, whose, password_hash)
            visit.signed_in = whose
            await visit.record(db, "password_set", f"staff:{whose.id}")
