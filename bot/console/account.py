"""One's own account: on duty or not, the password, and signing out everywhere."""

from aiohttp import web

from bot.console import hashing, texts
from bot.console.door import SIGN_IN
from bot.console.invite import check_pair
from bot.console.routes import Routes
from bot.console.visit import Visit
from core.errors import Refusal
from db.places import Station
from services import sessions, sign_in, staff

routes = Routes()


@routes.get("/account")
async def show(visit: Visit) -> web.Response:
    """Show it."""
    return await _page(visit)


@routes.post("/account/duty")
async def switch_duty(visit: Visit) -> web.Response:
    """Go on or off duty: who is on duty is told of crises."""
    async with visit.console.database.transaction() as db:
        whose = await staff.locked(db, visit.staff.id)
        whose.on_duty = visit.form.get("on_duty") == "yes"
        await visit.record(db, "duty", f"staff:{whose.id}", on_duty=whose.on_duty)
    return visit.redirect("/console/account", texts.ON_DUTY if whose.on_duty else texts.OFF_DUTY)


@routes.post("/account/sign-out-everywhere")
async def sign_out_everywhere(visit: Visit) -> web.Response:
    """End every session, this one too."""
    async with visit.console.database.transaction() as db:
        await sessions.end_all(db, visit.staff.id)
        await visit.record(db, "sign_out_everywhere", f"staff:{visit.staff.id}")
    return visit.redirect(SIGN_IN, texts.SIGNED_OUT_EVERYWHERE)


@routes.post("/account/password")
async def change_password(visit: Visit) -> web.Response:
    """Change the password; other browsers are signed out."""
    console, whose = visit.console, visit.staff
    try:
        check_pair(visit, whose.login)
        async with console.database.transaction() as db:
            attempt = await sign_in.begin(db, visit.now, whose.login)
        right = await hashing.verify(console, visit.form.get("current"), attempt.password_hash)
        new = await hashing.make(console, visit.form.get("password")) if right else ""
        async with console.database.transaction() as db:
            found = await sign_in.password_was_right(db, attempt) if right else None
            if found is not None:
                found.password_hash = new
                await sessions.end_all(db, found.id, but=visit.token)
            await visit.record(db, "password_changed" if found else "password_wrong", f"staff:{whose.id}")
    except Refusal as refusal:
        return await _page(visit, str(refusal))
    if found is None:
        return await _page(visit, texts.WRONG_CURRENT)
    return visit.redirect("/console/account", texts.PASSWORD_CHANGED)


async def _page(visit: Visit, refused: str = "") -> web.Response:
    async with visit.console.database.snapshot() as db:
        browsers = await sessions.count(db, visit.now, visit.staff.id, visit.console.idle)
        station = await db.get(Station, visit.staff.station_id) if visit.staff.station_id else None
    return visit.render(
        "account.html", status=422 if refused else 200, refusal=refused, browsers=browsers, station=station,
        role=staff.ROLE_NAMES[visit.staff.role],
    )  # fmt: skip
