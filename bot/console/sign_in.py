"""Sign in with a password and, where there is one, the second factor; and sign out."""

import json
from datetime import datetime, timedelta

from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncSession

from bot.console import hashing, kept, navigation, texts
from bot.console.door import SIGN_IN, csrf_of, give_cookie
from bot.console.routes import Routes
from bot.console.visit import Visit
from core.errors import Refusal
from db.staff import Staff
from services import sessions, sign_in
from services.vault import BrokenSealError

_TICKET_VALID = timedelta(minutes=5)

routes = Routes()


@routes.get("/sign-in", public=True)
async def ask(visit: Visit) -> web.Response:
    """Show the form; who is signed in already goes on."""
    then = visit.request.query.get("then", "")
    if visit.signed_in is not None:
        return visit.redirect(_inside(then) or navigation.home(visit.signed_in))
    return _ask_password(visit, "", status=200)


@routes.post("/sign-in", public=True)
async def try_password(visit: Visit) -> web.Response:
    """Try login and password."""
    login, password = visit.form.get("login").lower(), visit.form.get("password")
    database = visit.console.database
    try:
        async with database.transaction() as db:
            attempt = await sign_in.begin(db, visit.now, login)
    except Refusal as refusal:
        return _ask_password(visit, str(refusal))
    right = await hashing.verify(visit.console, password, attempt.password_hash)
    async with database.transaction() as db:
        staff = await sign_in.password_was_right(db, attempt) if right else None
        if staff is None:
            known = await db.get(Staff, attempt.staff_id) if attempt.staff_id else None
            refused = sign_in.failure(known, sign_in.WRONG_PASSWORD, visit.now)
            await visit.record(db, "sign_in_failed", f"login:{login[:40]}")
        elif staff.totp_secret is None:
            await _enter(visit, db, staff)
    if staff is None:
        return _ask_password(visit, refused)
    return _go_on(visit) if visit.signed_in else _ask_code(visit, _ticket(visit, staff.id))


@routes.post("/sign-in/code", public=True)
async def try_code(visit: Visit) -> web.Response:
    """Try the code of the second factor."""
    ticket, refused = visit.form.get("ticket"), ""
    staff_id = _holder(visit, ticket)
    if staff_id is None:
        return _ask_password(visit, texts.TOO_SLOW)
    try:
        async with visit.console.database.transaction() as db:
            staff = await sign_in.begin_code(db, visit.now, staff_id)
            secret = visit.console.vault.decrypt(staff.totp_secret) if staff.totp_secret else ""
            if secret and sign_in.accept_code(staff, secret, visit.form.get("code"), visit.now):
                await _enter(visit, db, staff)
            else:
                refused = sign_in.failure(staff, sign_in.WRONG_CODE, visit.now)
                await visit.record(db, "sign_in_failed", f"login:{staff.login}", code=True)
    except Refusal as refusal:
        return _ask_password(visit, str(refusal))
    return _ask_code(visit, ticket, refused) if refused else _go_on(visit)


@routes.post("/sign-out", public=True)
async def sign_out(visit: Visit) -> web.Response:
    """Sign this browser out."""
    async with visit.console.database.transaction() as db:
        await sessions.end(db, visit.token)
        if visit.signed_in is not None:
            await visit.record(db, "sign_out", f"staff:{visit.signed_in.id}")
    return visit.redirect(SIGN_IN, texts.SIGNED_OUT)


async def _enter(visit: Visit, db: AsyncSession, staff: Staff) -> None:
    """Sign the browser in, under a new secret: one that was planted before is worth nothing."""
    sign_in.succeed(staff)
    visit.token = await sessions.open_session(db, visit.now, staff.id, visit.origin, visit.console.idle)
    visit.csrf, visit.signed_in = csrf_of(visit.token), staff
    await visit.record(db, "sign_in", f"staff:{staff.id}")


def _go_on(visit: Visit) -> web.Response:
    """Give back what was typed before, or the page that was asked for."""
    waiting = kept.unseal(visit, visit.form.get("kept"))
    if waiting is not None:
        response = kept.resume(visit, waiting, texts.WELCOME_BACK)
    else:
        response = visit.redirect(_inside(visit.form.get("then")) or navigation.home(visit.staff))
    give_cookie(response, visit.token, secure=visit.console.secure)
    return response


def _ask_password(visit: Visit, refused: str, status: int = 422) -> web.Response:
    then = visit.form.get("then") or visit.request.query.get("then", "")
    return visit.render("sign_in.html", status=status, refusal=refused, then=then, kept=visit.form.get("kept"))


def _ask_code(visit: Visit, ticket: str, refused: str = "") -> web.Response:
    return visit.render(
        "sign_in_code.html", status=422 if refused else 200, refusal=refused, ticket=ticket,
        then=visit.form.get("then"), kept=visit.form.get("kept"),
    )  # fmt: skip


def _ticket(visit: Visit, staff_id: int) -> str:
    """Return the proof that this browser has given the right password just now."""
    return visit.console.vault.encrypt(json.dumps([visit.csrf, staff_id, visit.now.isoformat()]))


def _holder(visit: Visit, ticket: str) -> int | None:
    try:
        browser, staff_id, at = json.loads(visit.console.vault.decrypt(ticket))
    except BrokenSealError:
        return None
    fresh = visit.now - datetime.fromisoformat(at) <= _TICKET_VALID
    return int(staff_id) if fresh and browser == visit.csrf else None


def _inside(path: str) -> str:
    """Return a path only when it leads to a page of the console."""
    plain = path.isascii() and path.isprintable() and "\\" not in path
    return path if path.startswith("/console/") and plain else ""
