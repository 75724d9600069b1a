"""Service and station of a visit: whatever is not known yet is asked for, one short list at a time; then day and time."""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import or_, select

from core.reply import Choice
from db.bookings import Service, StationService
from db.places import LEVELS, Station
from handlers import texts
from handlers.booking_days import OTHER_STATION, Offered, ask_when, free_at
from handlers.booking_plan import Office, Plan, keep
from handlers.booking_screens import HALVES, MINE_CHOICE, listed, soon_label, time_label
from handlers.booking_whom import people_of
from handlers.booking_words import Said
from handlers.job_hearing import today_of
from handlers.station_screens import name_label
from handlers.turn import Turn, fill, visit
from services import bindings, booking_lists, sent_places
from services.nearest import by_distance
from services.timetable import Provision, Timetable, read_timetable

_REMEMBERED = "booking_station"
_MOST = 5
_THIS = "这件事"
HOME_CHOICE = Choice("请人上门办", "home-visit")

NOTED = "{when}，记下了。\n"
ASK_SERVICE = "要办什么事？回复数字，也可以直接说，比如：\n下周三上午办优待证"
WHICH_SERVICE = "您要办的是哪一件？回复数字："
WHICH_STATION = "您说的是哪个服务站？回复数字："
ASK_SERVICE_AT = "到{station}办什么事？回复数字："
NO_SERVICES = "{station}还不能网上预约。\n请打 {phone} 问，或选别的服务站。"
NOT_THERE = "{station}不办{service}。\n"
NOWHERE = "{service}现在哪个服务站都约不了。\n请打 {phone} 问，或回复 0 找人工。"
OTHER_SERVICE = "换一件事"
ASK_STATION = "到哪个服务站办{service}？回复数字。\n也可以写乡镇、村或站名，或者发一个位置。"


def remember(turn: Turn, station: Station) -> None:
    """Keep where somebody goes, for the next time."""
    turn.data[_REMEMBERED] = station.id


async def ask(turn: Turn, office: Office, plan: Plan, page: int = 0, before: str = "") -> Plan | None:
    """Ask for the first thing that is missing; return the plan, completed by what need not be asked, when nothing is."""
    if not plan.service:
        await _ask_service(turn, plan, page, before)
        return None
    where = [plan.station] if plan.station else None
    table = await read_timetable(turn.db, service_id=plan.service, station_ids=where, today=today_of(turn))
    provision = table.provision(plan.station, plan.service) if plan.station else await _settled(turn, table)
    if provision is None or provision not in table.provisions:
        await ask_station(turn, plan, page, before)
        return None
    plan = replace(plan, station=provision.station.id)
    free = await free_at(turn, office, Offered(provision, table), plan.moved)
    return await ask_when(turn, plan, free, page, before)


async def is_open(turn: Turn) -> bool:
    """Tell whether any station takes bookings at all."""
    return bool(await _services(turn))


async def _services(turn: Turn, station_id: int = 0) -> Sequence[Service]:
    """Return what is offered at a station, or at any."""
    living = or_(Station.closed_on.is_(None), Station.closed_on > today_of(turn))
    there = [StationService.station_id == station_id] if station_id else []
    offered = select(StationService.service_id).join(Station, Station.id == StationService.station_id)
    rows = select(Service).where(Service.id.in_(offered.where(living, *there))).order_by(Service.id)
    return (await turn.db.scalars(rows)).all()


async def ask_among(turn: Turn, plan: Plan, said: Said, before: str) -> bool:
    """Ask which was meant of several services or stations that were all but named; False when nothing is open."""
    table = await read_timetable(turn.db, today=today_of(turn))
    if not plan.service and said.services:
        names = {one.service.id: one.service.name for one in table.provisions}
        options = [Choice(names[id_], replace(plan, service=id_).action) for id_ in said.services if id_ in names]
        text = WHICH_SERVICE
    elif not plan.station and said.stations:
        names = {one.station.id: one.station.name for one in table.provisions if plan.service in (0, one.service.id)}
        options = [Choice(names[id_], replace(plan, station=id_).action) for id_ in said.stations if id_ in names]
        text = WHICH_STATION
    else:
        return False
    if options:
        keep(turn, plan)
        turn.say(before + text, *options[:_MOST], Choice(texts.NONE_CHOICE.label, plan.action), texts.BACK_CHOICE)
    return bool(options)


async def _ask_service(turn: Turn, plan: Plan, page: int, before: str) -> None:
    keep(turn, plan)
    services = await _services(turn, plan.station)
    station = await turn.db.get(Station, plan.station) if plan.station else None
    visit(turn, plan.action if page == 0 else f"{plan.action}:{page}")
    if not services and station is not None:
        text = NO_SERVICES.format(station=station.name, phone=station.phone or fill(turn, "{phone}"))
        other = Choice(OTHER_STATION, replace(plan, station=0).action)
        turn.say(before + text, other, texts.PERSON_CHOICE, texts.BACK_CHOICE)
        return
    options = [Choice(one.name, replace(plan, service=one.id).action) for one in services]
    if plan.day is not None:
        before += NOTED.format(when=soon_label(plan.day, turn.now) + part_label(plan))
    text = ASK_SERVICE if station is None else ASK_SERVICE_AT.format(station=station.name)
    mine = [MINE_CHOICE] if await booking_lists.of(turn.db, turn.address_id, await people_of(turn), turn.now) else []
    turn.say(before + text, *listed(options, page, plan.action, HOME_CHOICE, *mine), replaces=True)


def part_label(plan: Plan) -> str:
    """Return the part of the day that is known."""
    return time_label(plan.starts_at) if plan.starts_at else HALVES.get(plan.half or "", "")


async def _settled(turn: Turn, table: Timetable) -> Provision | None:
    """Return the station that need not be asked for: the only one, the one of the last visit, or that of the record."""
    if len(table.provisions) == 1:
        return table.provisions[0]
    person = await bindings.bound_to(turn.db, turn.address_id)
    usual = turn.data.get(_REMEMBERED) or (person.station_id if person else None)
    return next((one for one in table.provisions if one.station.id == usual), None)


async def ask_station(turn: Turn, plan: Plan, page: int = 0, before: str = "") -> None:
    """Show where the service is offered: the nearest first where a place was sent, else the larger ones."""
    table = await read_timetable(turn.db, service_id=plan.service, today=today_of(turn))
    named = await turn.db.get(Station, plan.station) if plan.station else None
    free = replace(plan, station=0)
    service = next((one.service for one in table.provisions), None)
    if service is None:
        keep(turn, Plan())
        text = NOWHERE.format(service=await _name(turn, plan.service), phone=fill(turn, "{phone}"))
        turn.say(before + text, Choice(OTHER_SERVICE, "book"), texts.PERSON_CHOICE, texts.BACK_CHOICE)
        return
    keep(turn, free)
    visit(turn, f"book-where:{free.tail}")
    if named is not None:
        before += NOT_THERE.format(station=named.name, service=service.name)
    found = sorted((one.station for one in table.provisions), key=lambda one: (LEVELS.index(one.level), one.id))
    here = await sent_places.last(turn.db, turn.address_id, turn.now)
    options = [
        Choice(name_label(near), replace(free, station=near.station.id).action) for near in by_distance(found, here)
    ]
    text = before + ASK_STATION.format(service=service.name)
    turn.say(text, *listed(options, page, f"book-where:{free.tail}"), replaces=True)


async def _name(turn: Turn, service_id: int) -> str:
    found = await turn.db.get(Service, service_id)
    return found.name if found else _THIS
