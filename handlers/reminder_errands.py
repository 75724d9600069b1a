"""Somebody cannot, or would rather, be certified elsewhere: to come to the station, or to be visited at home."""

from dataclasses import replace

from core.clock import CHINA
from core.reply import Choice
from core.router import Router
from db.people import Person
from db.places import Station
from handlers import acting, texts
from handlers.booking_plan import Plan, forget
from handlers.reminded_for import MATTER, answered, pass_on
from handlers.turn import Turn, fill
from handlers.when import day_of
from knowledge.heard import Heard
from services import visit_sheet
from services.calendar import read_calendar
from services.timetable import read_timetable
from services.vault import Vault

REASONS = ("走不动或卧床", "看不清、听不清", "在住院", "家里没人陪", "别的原因")
COME = "想到服务站办生存认证，请约时间。"
VISIT = "申请上门办生存认证：{reason}。"
STATION = "{name}\n地址：{address}\n电话：{phone}\n最近开门：{day}，{hours}"
PERIOD = "{0:%H:%M}到{1:%H:%M}"
ASK_REASON = "{above}好的，我们可以上门办。是因为什么不方便？\n回复数字，或直接写一句。"
TOLD_VISIT = "{above}{passed}\n上门前会先打电话，不收任何费用。"
_STATE, _ABOUT = "reminder.visit", "visit_for"
_LONGEST = 100


def routes(vault: Vault, whole: Router[Heard]) -> Router[Heard]:
    """Return the routes; `whole` goes on with booking, where the station takes bookings for it."""
    router: Router[Heard] = Router()

    @router.action("cert-book")
    async def come(turn: Turn) -> None:
        one = await answered(turn, vault, turn.argument, scope="book")
        plan = await _plan(turn, one.person) if one is not None else None
        if plan is not None:
            forget(turn)
            turn.inbound = replace(turn.inbound, kind="action", text=plan.action)
            await whole.route(turn)
        elif one is not None:
            passed = await pass_on(turn, vault, one, COME)
            turn.say(f"{one.above}{passed}\n{await _station(turn, one.person)}", texts.START_CHOICE)
            await acting.record(turn, vault, one.acting, "cert-book", f"reminder:{one.reminder.id}")

    @router.action("cert-visit")
    async def ask_reason(turn: Turn) -> None:
        one = await answered(turn, vault, turn.argument, scope="book")
        if one is None:
            return
        turn.go(_STATE, **{_ABOUT: one.reminder.id})
        offered = [Choice(label, f"cert-reason:{one.reminder.id}.{place}") for place, label in enumerate(REASONS)]
        turn.say(ASK_REASON.format(above=one.above), *offered, texts.PERSON_CHOICE, texts.BACK_CHOICE)

    @router.action("cert-reason")
    async def reason_chosen(turn: Turn) -> None:
        number, _, place = turn.argument.partition(".")
        known = place in map(str, range(len(REASONS)))
        await _visit(turn, vault, number, REASONS[int(place)] if known else REASONS[-1])

    @router.text(lambda turn: (turn.heard.journey, turn.heard.outcome) != ("faq", "answer"), state=_STATE)
    async def reason_said(turn: Turn) -> None:
        await _visit(turn, vault, str(turn.data.get(_ABOUT, "")), turn.inbound.text[:_LONGEST].strip("。 "))

    return router


async def _visit(turn: Turn, vault: Vault, number: str, reason: str) -> None:
    turn.data.pop(_ABOUT, None)
    one = await answered(turn, vault, number, scope="book")
    if one is None:
        return
    passed = await pass_on(turn, vault, one, VISIT.format(reason=reason))
    await visit_sheet.ask(turn.db, one.reminder)
    turn.say(TOLD_VISIT.format(above=one.above, passed=passed), texts.START_CHOICE)
    await acting.record(turn, vault, one.acting, "cert-visit", f"reminder:{one.reminder.id}")


async def _plan(turn: Turn, person: Person) -> Plan | None:
    """Return the plan to book it at the person's own station, None where that takes no bookings for it."""
    if person.station_id is None:
        return None
    table = await read_timetable(turn.db, station_ids=[person.station_id], today=turn.now.astimezone(CHINA).date())
    service = next((one.service for one in table.provisions if one.service.name == MATTER), None)
    return Plan(service.id, person.station_id, str(person.id)) if service else None


async def _station(turn: Turn, person: Person) -> str:
    """Return where to come and when it is open next, as the calendar says."""
    station = None if person.station_id is None else await turn.db.get(Station, person.station_id)
    calendar = await read_calendar(turn.db)
    opening = calendar.next_opening(turn.now)
    hours = "，".join(PERIOD.format(*period) for period in calendar.periods(opening.astimezone(CHINA).date()))
    return STATION.format(
        name=station.name if station else fill(turn, "{bureau}"),
        address=(station.address if station else None) or fill(turn, "{address}"),
        phone=(station.phone if station else None) or fill(turn, "{phone}"),
        day=day_of(opening, turn.now), hours=hours,
    )  # fmt: skip
