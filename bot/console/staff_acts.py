"""What an admin does to an account by one button each."""

from aiohttp import web

from bot.console import texts
from bot.console.routes import Routes
from bot.console.staff import show_link
from bot.console.visit import Visit
from core.errors import Refusal
from services import cases, invites, sign_in
from services import staff as roster

_ONE = r"/staff/{id:\d{1,18}}"

routes = Routes()


@routes.post(f"{_ONE}/invite", "staff")
async def invite(visit: Visit) -> web.Response:
    """Give a new link, by which a lost password is replaced."""
    async with visit.console.database.transaction() as db:
        whose = await roster.locked(db, visit.id())
        if not whose.active:
            raise Refusal(texts.ALREADY_OUT)
        token = await invites.invite(db, visit.now, whose.id)
        await visit.record(db, "staff_invited", f"staff:{whose.id}")
    return show_link(visit, whose, token, texts.NEW_LINK)


@routes.post(f"{_ONE}/unlock", "staff")
async def unlock(visit: Visit) -> web.Response:
    """Let somebody try again before the lock ends by itself."""
    async with visit.console.database.transaction() as db:
        whose = await roster.locked(db, visit.id())
        sign_in.succeed(whose)
        await visit.record(db, "staff_unlocked", f"staff:{whose.id}")
    return _back(visit, texts.UNLOCKED.format(name=whose.name))


@routes.post(f"{_ONE}/deactivate", "staff")
async def deactivate(visit: Visit) -> web.Response:
    """Shut somebody out at once; whom they were talking with is not left alone with a bot that keeps silent."""
    async with visit.console.database.transaction() as db:
        for case_id in await cases.held_by(db, visit.id()):
            await cases.release(db, case_id, visit.now)
        whose = await roster.deactivate(db, visit.id())
        await visit.record(db, "staff_deactivated", f"staff:{whose.id}")
    return _back(visit, texts.DEACTIVATED.format(name=whose.name))


@routes.post(f"{_ONE}/activate", "staff")
async def activate(visit: Visit) -> web.Response:
    """Let somebody back in."""
    async with visit.console.database.transaction() as db:
        whose = await roster.activate(db, visit.id())
        await visit.record(db, "staff_activated", f"staff:{whose.id}")
    return _back(visit, texts.ACTIVATED.format(name=whose.name))


@routes.post(f"{_ONE}/forget-factor", "staff")
async def forget_factor(visit: Visit) -> web.Response:
    """Clear a second factor whose phone is lost."""
    async with visit.console.database.transaction() as db:
        whose = await roster.forget_factor(db, visit.id())
        await visit.record(db, "factor_forgotten", f"staff:{whose.id}")
    return _back(visit, texts.FACTOR_FORGOTTEN.format(name=whose.name))


def _back(visit: Visit, notice: str) -> web.Response:
    return visit.redirect("/console/staff", notice)
