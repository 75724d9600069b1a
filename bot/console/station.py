"""One station: its hours, limits and services on one form, and below it what people can book there now."""

from collections.abc import Mapping
from dataclasses import dataclass

from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncSession

from bot.console import place_import, station_words, to_do
from bot.console.desk_words import day_name
from bot.console.routes import Routes
from bot.console.visit import Visit
from core.errors import Refusal
from services import office_hours, station_hours, station_preview, station_sheet, stations, townships, visit_services
from services.station_services import Offered, read_offered
from services.stations import COLUMNS, LEVEL_NAMES

_ONE = r"/places/stations/{id:\d{1,18}}"
_FIELD = "service_"
"""How the name of a field begins that stands for a service, with its number after it."""

routes = Routes()


@dataclass(frozen=True, slots=True)
class Choice:
    """A service that the station may offer."""

    name: str
    offered: bool
    minutes: str
    capacity: str
    usual_minutes: str
    usual_capacity: str


@routes.get("/places/stations/new", "places")
async def ask(visit: Visit) -> web.Response:
    """Ask for a new station."""
    return await _page(visit, None, dict.fromkeys(COLUMNS))


@routes.post("/places/stations/new", "places")
async def make(visit: Visit) -> web.Response:
    """Add a station."""
    return await _save(visit, None)


@routes.get(_ONE, "places")
async def edit(visit: Visit) -> web.Response:
    """Show a station to be changed."""
    async with visit.console.database.snapshot() as db:
        _, cells = await station_sheet.station_of(db, visit.id())
    return await _page(visit, visit.id(), cells)


@routes.post(_ONE, "places")
async def change(visit: Visit) -> web.Response:
    """Change a station."""
    return await _save(visit, visit.id())


async def _save(visit: Visit, station_id: int | None) -> web.Response:
    cells = {column: " ".join(visit.form.get(column).split()) for column in COLUMNS if column != "事项"}
    cells["事项"] = "；".join(_ticked(visit))
    try:
        async with visit.console.database.transaction() as db:
            saved = await station_sheet.save(db, station_id, cells, place_import.basis(visit))
            await visit.record(db, "station_saved", f"station:{saved}", name=cells["名称"])
    except Refusal as refusal:
        return await _page(visit, station_id, cells, str(refusal))
    return visit.redirect(f"/console/places/stations/{saved}", station_words.STATION_SAVED)


def _ticked(visit: Visit) -> list[str]:
    """Return the services as a table's cell has them; what was typed beside one that is not ticked is dropped."""
    found = []
    for field, name in visit.form.fields.items():
        if field.startswith(_FIELD) and name:
            number = field.removeprefix(_FIELD)
            minutes, capacity = (visit.form.get(f"{what}_{number}") for what in ("minutes", "capacity"))
            found.append(name + (f" {minutes}分钟" if minutes else "") + (f" {capacity}人" if capacity else ""))
    return found


async def _page(
    visit: Visit, station_id: int | None, cells: Mapping[str, str | None], refusal: str = ""
) -> web.Response:
    async with visit.console.database.snapshot() as db:
        known = await stations.read_stations(db)
        week = station_hours.show_hours(await office_hours.read_week(db))
        towns = sorted(await townships.read_townships(db))
        choices = await _choices(db, visit, cells)
        rules = visit.console.booking_rules
        shown = await station_preview.preview(db, station_id, rules, visit.now) if station_id else None
        waiting = await to_do.stranded(db, visit)
    return visit.render(
        "station.html", status=422 if refusal else 200, refusal=refusal, station_id=station_id, cells=cells,
        levels=LEVEL_NAMES.values(), parents=[name for name in known if name != cells["名称"]], towns=towns, week=week,
        example=station_hours.EXAMPLE, choices=choices, rules=rules, shown=shown, day_name=day_name, stranded=waiting,
    )  # fmt: skip


async def _choices(db: AsyncSession, visit: Visit, cells: Mapping[str, str | None]) -> list[Choice]:
    """Return every service that can be ticked, those that are there first; what was typed in a refused form stays."""
    there = await visit_services.read_services(db)
    shipped = visit.console.library.snapshot.content.visit_services
    usual = {name: (values["分钟"] or "", values["同时几人"] or "") for name, values in there.items()}
    usual |= {name: (str(one.minutes), str(one.capacity)) for name, one in shipped.items() if name not in there}
    offered = {one.name: one for one in _offered(cells["事项"], list(usual))}
    found = []
    for number, (name, (minutes, capacity)) in enumerate(usual.items()):
        one = offered.get(name)
        own = (str(one.minutes or "") if one else "", str(one.capacity or "") if one else "")
        ticked = one is not None
        if visit.form.fields:
            own = visit.form.get(f"minutes_{number}"), visit.form.get(f"capacity_{number}")
            ticked = visit.form.get(f"{_FIELD}{number}") == name
        found.append(Choice(name, ticked, *own, minutes, capacity))
    return found


def _offered(text: str | None, names: list[str]) -> list[Offered]:
    """Return what a station offers; a form that was refused may say what cannot be read, and shows its own fields."""
    try:
        return read_offered(text or "", dict.fromkeys(names, ()))
    except Refusal:
        return []
