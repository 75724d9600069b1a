"""Who works here: taking people on, changing what they may do, letting them in again, shutting them out."""

from aiohttp import web
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.console import texts
from bot.console.routes import Routes
from bot.console.visit import Visit
from core.errors import Refusal
from db.places import Grid, Station, Village
from db.staff import ROLES, Staff
from services import staff as roster

_ONE = r"/staff/{id:\d{1,18}}"

routes = Routes()


@routes.get("/staff", "staff")
async def listing(visit: Visit) -> web.Response:
    """List everyone."""
    async with visit.console.database.snapshot() as db:
        people = await roster.everyone(db)
        stations = {station.id: station.name for station in await db.scalars(select(Station))}
    return visit.render("staff.html", people=people, stations=stations, roles=roster.ROLE_NAMES, now=visit.now)


@routes.get("/staff/new", "staff")
async def ask(visit: Visit) -> web.Response:
    """Ask for a new person of staff."""
    return await _page(visit, None)


@routes.post("/staff/new", "staff")
async def take_on(visit: Visit) -> web.Response:
    """Add a person of staff, and show the link that lets them in."""
    try:
        async with visit.console.database.transaction() as db:
            added, token = await roster.take_on(db, visit.now, visit.form.get("login"), _post(visit))
            await visit.record(db, "staff_taken_on", f"staff:{added.id}", login=added.login, role=added.role)
    except Refusal as refusal:
        return await _page(visit, None, str(refusal))
    return show_link(visit, added, token, texts.TAKEN_ON.format(name=added.name))


@routes.get(_ONE, "staff")
async def one(visit: Visit) -> web.Response:
    """Show one, to be changed."""
    return await _page(visit, await _found(visit))


@routes.post(_ONE, "staff")
async def change(visit: Visit) -> web.Response:
    """Change one."""
    try:
        async with visit.console.database.transaction() as db:
            changed, changes = await roster.change(db, visit.id(), _post(visit))
            if changes:
                await visit.record(db, "staff_changed", f"staff:{changed.id}", **changes)
    except Refusal as refusal:
        return await _page(visit, await _found(visit), str(refusal))
    return visit.redirect("/console/staff", texts.SAVED)


def show_link(visit: Visit, whose: Staff, token: str, title: str) -> web.Response:
    """Show a link this once; the browser's own Origin is the address that staff open the console by."""
    origin = visit.request.headers.get("Origin", "")
    site = origin if origin.startswith("http") else f"{visit.request.scheme}://{visit.request.host}"
    return visit.render("staff_link.html", title=title, whose=whose, link=f"{site}/console/invite/{token}")


def _post(visit: Visit) -> roster.Post:
    form = visit.form
    telegram_id = form.number("telegram_id")
    if form.get("telegram_id") and telegram_id is None:
        raise Refusal(texts.BAD_TELEGRAM)
    return roster.Post(
        form.get("name"), form.get("role"), form.number("station_id"), form.number("grid_id"), telegram_id,
        on_duty=form.get("on_duty") == "yes", totp_required=form.get("totp_required") == "yes",
    )  # fmt: skip


async def _found(visit: Visit) -> Staff:
    async with visit.console.database.snapshot() as db:
        found = await db.get(Staff, visit.id())
    if found is None:
        raise web.HTTPNotFound
    return found


async def _page(visit: Visit, whose: Staff | None, refused: str = "") -> web.Response:
    """Show the form: what was typed if it was refused, else the person as they are."""
    fields = ("login", "name", "role", "station_id", "grid_id", "telegram_id")
    if refused:
        values = {field: visit.form.get(field) for field in fields}
        on_duty, required = visit.form.get("on_duty") == "yes", visit.form.get("totp_required") == "yes"
    elif whose is not None:
        values = {field: str(getattr(whose, field) or "") for field in fields}
        on_duty, required = whose.on_duty, whose.totp_required
    else:
        values, on_duty, required = dict.fromkeys(fields, "") | {"role": "agent"}, True, False
    async with visit.console.database.snapshot() as db:
        stations, grids = await _stations(db), await _grids(db)
    return visit.render(
        "staff_form.html", status=422 if refused else 200, refusal=refused, whose=whose, values=values, on_duty=on_duty,
        totp_required=required, stations=stations, grids=grids, now=visit.now,
        roles=[(role, roster.ROLE_NAMES[role]) for role in ROLES],
    )  # fmt: skip


async def _stations(db: AsyncSession) -> list[tuple[int, str]]:
    rows = await db.execute(select(Station.id, Station.name).order_by(Station.level, Station.name))
    return [(row[0], row[1]) for row in rows]


async def _grids(db: AsyncSession) -> list[tuple[int, str]]:
    found = select(Grid.id, Village.name, Grid.name).join(Village, Village.id == Grid.village_id)
    return [(row[0], f"{row[1]} {row[2]}") for row in await db.execute(found.order_by(Village.name, Grid.name))]
