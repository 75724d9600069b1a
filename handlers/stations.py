"""Service stations: the nearest to a sent place, one by its name, and whether it is open on a day."""

from collections.abc import Sequence
from datetime import date, timedelta
from functools import partial

from sqlalchemy import select

from core.reply import Choice
from core.router import Router, Test
from db.places import LEVELS, Station
from handlers import channel_events, texts
from handlers.anytime import stale
from handlers.booking_plan import STEP
from handlers.exam_errand import numbers
from handlers.guide import paged, split_page
from handlers.job_hearing import PASSED, answers_step, or_pass, today_of
from handlers.station_asked import answered, asks_about, asks_for_nearest, looks_like_place, names_office
from handlers.station_for_booking import booking_goes_on, near_for_booking, plan_asking
from handlers.station_screens import ALL_CHOICE, ASK_WHERE, GONE, brief, card, card_choices, name_label
from handlers.turn import Turn, visit
from knowledge.day_said import read_day
from knowledge.heard import Heard
from services import bindings, sent_places
from services.masks import identifies
from services.nearest import Near, by_distance, nearest, read_place
from services.station_words import find_stations
from services.timetable import read_timetable

WHERE = "stations.where"
"""The state in which words say where somebody is."""
_SHOWN = 3
_FARTHEST = timedelta(days=400)
NEAREST = "离您最近的服务站：\n\n{stations}\n\n回复数字看详细的："
NO_PLACES = "收到位置了，不过服务站的位置还没有登记。\n请写您在哪个乡镇或村，或者从下面选："
WHICH = "您问的是哪个服务站？回复数字。\n也可以写乡镇、村或站名，或者发一个位置。"
LIKELY = "您说的是哪个服务站？回复数字："
NOT_FOUND = "没有找到这个地方的服务站。\n请换个说法，写乡镇、村或站名，或者从下面选："


def routes(whole: Router[Heard]) -> Router[Heard]:
    """Return the routes of words and choices; `whole` answers the words that name no station after all."""
    router: Router[Heard] = Router()
    router.text(lambda turn: plan_asking(turn) is not None and asks_for_nearest(turn))(partial(near_for_booking, whole))
    router.text(_may(asks_for_nearest, STEP))(or_pass(whole, to_nearest))
    router.text(_may(asks_about))(or_pass(whole, about))
    router.text(state=WHERE)(or_pass(whole, said_where))
    router.action("stations")(nearby)
    router.action("stations-list")(listing)
    router.action("station")(one)
    return router


def _may(asks: Test[Heard], *also_in: str) -> Test[Heard]:
    """Return a test that leaves to others the words they passed on, and answers to a question for a name or a number."""
    others = {PASSED, STEP}.difference(also_in)
    return lambda turn: turn.state not in others and not identifies("", turn.state) and asks(turn)


def located(whole: Router[Heard]) -> Router[Heard]:
    """Return the route of a sent place, which stands before all other events."""
    router: Router[Heard] = Router()
    router.event("location")(partial(place_sent, whole))
    return router


async def place_sent(whole: Router[Heard], turn: Turn) -> None:
    """Show what is near; a case takes the place for itself, and a booking goes on with the stations that are near."""
    place = read_place(turn.inbound.place)
    if place is None or turn.case is not None:
        await channel_events.media(turn)
        return
    await sent_places.keep(turn.db, turn.address_id, place, turn.now)
    if await booking_goes_on(whole, turn):
        return
    found = await nearest(turn.db, place, today_of(turn))
    await (_show_nearest(turn, found) if found else _show_list(turn, await _all(turn), 0, NO_PLACES))


async def to_nearest(turn: Turn) -> bool:
    """Show what is near the place that was named or sent, or ask for it; False where the bureau keeps no stations."""
    if not await _all(turn):
        return False
    found = await find_stations(turn.db, turn.heard.text, today_of(turn))
    await (_show_found(turn, found.stations, None) if found.stations else nearby(turn))
    return True


async def about(turn: Turn) -> bool:
    """Show the station that was asked about; False where none is meant."""
    text, day = turn.heard.text, read_day(turn.heard.text, turn.now).day
    found = await find_stations(turn.db, text, today_of(turn))
    if found.stations and (names_office(text) or (found.sure and not answered(turn))):
        await _show_found(turn, found.stations, day)
        return True
    stations = await _all(turn) if names_office(text) else []
    if not stations:
        return False
    if usual := await _usual(turn, stations):
        await _show(turn, usual, day)
    else:
        await _show_list(turn, stations, 0, WHICH, day)
    return True


async def said_where(turn: Turn) -> bool:
    """Read the name of a township, a village or a station; False for words about something else."""
    found = await find_stations(turn.db, turn.heard.text, today_of(turn))
    if found.stations:
        await _show_found(turn, found.stations, None)
    elif answers_step(turn) or looks_like_place(turn.heard.text):
        await _show_list(turn, await _all(turn), 0, NOT_FOUND)
    else:
        return False
    return True


async def nearby(turn: Turn) -> None:
    """Show the nearest to the place that was sent; where none was, ask for it."""
    place = await sent_places.last(turn.db, turn.address_id, turn.now)
    found = await nearest(turn.db, place, today_of(turn)) if place else []
    if found:
        await _show_nearest(turn, found)
        return
    note(turn)
    visit(turn, "stations")
    turn.go(WHERE)
    turn.say(ASK_WHERE, ALL_CHOICE, texts.PERSON_CHOICE, texts.BACK_CHOICE)


async def listing(turn: Turn) -> None:
    """Show a page of all stations, the nearest first where a place was sent."""
    day, page = split_page(turn.argument)
    await _show_list(turn, await _all(turn), page, WHICH, _day_of(day))


async def one(turn: Turn) -> None:
    """Show one station, on a day."""
    found = numbers(turn.argument, 2)
    station = await turn.db.get(Station, found[0]) if found else None
    day = _day_of(turn.argument.rpartition(".")[2])
    if found is None or station is None or (day and abs(day - today_of(turn)) > _FARTHEST):
        await stale(turn)
        return
    await _show(turn, station, day)


def note(turn: Turn) -> None:
    """Leave whatever was going on."""
    turn.finish()
    turn.result.journey, turn.result.outcome = "stations", "answer"


def _day_of(said: str) -> date | None:
    try:
        return date.fromisoformat(said)
    except ValueError:
        return None


def _action(station: Station, day: date | None) -> str:
    return f"station:{station.id}.{day:%Y%m%d}" if day else f"station:{station.id}.0"


async def _all(turn: Turn) -> list[Near]:
    """Return all stations, the nearest first, else the larger ones."""
    rows = await turn.db.scalars(select(Station).order_by(Station.id))
    today = today_of(turn)
    living = [station for station in rows if station.closed_on is None or today < station.closed_on]
    living.sort(key=lambda station: LEVELS.index(station.level))
    return by_distance(living, await sent_places.last(turn.db, turn.address_id, turn.now))


async def _usual(turn: Turn, stations: Sequence[Near]) -> Station | None:
    """Return the station that is meant without a name: the only one, or that of the person's record."""
    if len(stations) == 1:
        return stations[0].station
    person = await bindings.bound_to(turn.db, turn.address_id)
    usual = person.station_id if person else None
    return next((near.station for near in stations if near.station.id == usual), None)


async def _show_found(turn: Turn, stations: Sequence[Station], day: date | None) -> None:
    if len(stations) == 1:
        await _show(turn, stations[0], day)
    else:
        near = by_distance(stations, await sent_places.last(turn.db, turn.address_id, turn.now))
        await _show_list(turn, near, 0, LIKELY, day)


async def _show(turn: Turn, station: Station, day: date | None) -> None:
    note(turn)
    today = today_of(turn)
    if station.closed_on is not None and station.closed_on <= today:
        turn.say(GONE.format(name=station.name), ALL_CHOICE, texts.PERSON_CHOICE, texts.BACK_CHOICE)
        return
    visit(turn, _action(station, day))
    (near,) = by_distance([station], await sent_places.last(turn.db, turn.address_id, turn.now))
    table = await read_timetable(turn.db, station_ids=[station.id], today=today)
    turn.say(card(turn, near, table, day or today), *card_choices(near, table), replaces=True)


async def _show_nearest(turn: Turn, found: Sequence[Near]) -> None:
    note(turn)
    visit(turn, "stations")
    shown = found[:_SHOWN]
    ids = [near.station.id for near in shown]
    table = await read_timetable(turn.db, station_ids=ids, today=today_of(turn))
    stations = "\n\n".join(brief(turn, near, table) for near in shown)
    options = [Choice(name_label(near), _action(near.station, None)) for near in shown]
    more = [Choice(texts.MORE, "stations-list")] if len(found) > _SHOWN else []
    turn.say(NEAREST.format(stations=stations), *options, *more, texts.PERSON_CHOICE, texts.BACK_CHOICE)


async def _show_list(
    turn: Turn, stations: Sequence[Near], page: int, text: str, day: date | None = None
) -> None:  # fmt: skip
    note(turn)
    screen = f"stations-list:{day:%Y%m%d}" if day else "stations-list:0"
    visit(turn, screen if page == 0 else f"{screen}:{page}")
    turn.go(WHERE)
    options = [Choice(name_label(near), _action(near.station, day)) for near in stations]
    turn.say(text, *paged(options, page, screen), replaces=True)
