"""Day, half-day and time of a visit: what is free is shown, and why what was wished for is not."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import groupby

from core.clock import CHINA, day_of
from core.reply import Choice
from handlers import texts
from handlers.booking_plan import LINE, Office, Plan, keep
from handlers.booking_screens import HALVES, QUEUE, days_of, half_of, listed, soon_label, time_label
from handlers.event_screens import clock_label, moment, wrapped
from handlers.job_hearing import today_of
from handlers.turn import Turn, fill, visit
from services import booking_lists, slots
from services.slots import Open
from services.timetable import Provision, Timetable, read_timetable

_NEAREST = 4
_NEAR = timedelta(minutes=30)
"""So far a time may be from the one that was wished for, and still be offered first."""

ASK_DAY = "{service}，到{station}。\n哪天来？回复数字，也可以说：周三上午。"
ASK_NEW_DAY = "{service}，现在约的是{when}，先留着。\n改到哪天？回复数字，也可以说：周三上午。"
EARLIEST, LEFT, LEFT_BESIDE = "最早：{when}", "{day}，还有 {count} 个空位", "{day}别的时间，还有 {count} 个空位"
OTHER_STATION = "换个服务站"
ASK_HALF = "{service}，{day}。\n上午来还是下午来？"
ASK_TIME = "{service}，{day}，到{station}。\n几点来？回复数字："
NONE_FREE = "{service}在{station}约满了。\n可以排候补，空出号来马上告诉您；急的话打 {phone}。"
NEVER_FREE = "{service}在{station}这些天都约不了。\n请打 {phone} 问，或回复 0 找人工。"
PAST = "{day}已经过去了。\n"
TOO_FAR = "现在最多能约到{day}。\n"
CLOSED = "{day}{station}不办公：{reason}。"
FREE_DAY, FREE_NOTED = "{day}{station}不上班。\n", "{day}{station}不上班（{note}）。\n"
DAY_OVER = "{day}已经约不了了，要提前约。\n"
FULL_DAY, FULL_HALF, FULL_TIME = "{day}约满了。\n", "{day}{half}约满了。\n", "{when}没有空位了，这些时间还有：\n"
NO_HALF, HALF_OVER = "{day}{half}没有能约的时间。\n", "{day}{half}已经约不了了，要提前约。\n"
NO_TIME, TIME_OVER = "没有{when}这个时间，最近的是：\n", "{when}已经约不了了，要提前约。这些时间还有：\n"
NOTED, NEVER_THEN = "{when}，记下了。\n", "{when} 约不了，请从下面选。\n"


@dataclass(frozen=True, slots=True)
class Offered:
    """A service as one station offers it, and the station's hours."""

    provision: Provision
    table: Timetable


@dataclass(frozen=True, slots=True)
class Free(Offered):
    """What one station has for one service: what can still be had, and what was there but is gone."""

    open: Sequence[Open]
    earliest: datetime
    """The notice that one has to give."""
    last: date

    def on(self, day: date) -> list[Open]:
        """Return what is open on a day."""
        return [one for one in self.open if one.starts_at.astimezone(CHINA).date() == day]

    def full_days(self, first: date) -> list[date]:
        """Return the days that are worked there, and not too soon, but have nothing left."""
        free = {one.starts_at.astimezone(CHINA).date() for one in self.open}
        return [day for day in days_of(first, self.last) if day not in free and not self.is_over(day)]

    def is_over(self, day: date) -> bool:
        """Tell whether there is no time on a day, or none that is far enough ahead."""
        return all(start < self.earliest for start in self.table.starts(self.provision, day))

    def why_not_in(self, day: date, half: str) -> str:
        """Return why a half-day has nothing: no times at all, none that is far enough ahead, or none left."""
        starts = [start for start in self.table.starts(self.provision, day) if half_of(start) == half]
        return NO_HALF if not starts else HALF_OVER if max(starts) < self.earliest else FULL_HALF

    def why_not_at(self, wanted: datetime) -> str:
        """Return why a time cannot be had: there is no such time, it is too soon, or it is taken."""
        if wanted not in self.table.starts(self.provision, day_of(wanted)):
            return NO_TIME
        return TIME_OVER if wanted < self.earliest else FULL_TIME


async def provision_of(turn: Turn, plan: Plan) -> Offered | None:
    """Return what the plan names, None where the station does not offer it."""
    table = await read_timetable(turn.db, service_id=plan.service, station_ids=[plan.station], today=today_of(turn))
    provision = table.provision(plan.station, plan.service)
    return None if provision is None or provision not in table.provisions else Offered(provision, table)


async def free_at(turn: Turn, office: Office, there: Offered, moved: int = 0) -> Free:
    """Return what is free; the time that a moved visit has now is left out."""
    provision, table, today = there.provision, there.table, today_of(turn)
    last = slots.last_day(provision, office.rules, turn.now)
    found = await slots.open_slots(turn.db, table, [provision], today, last, office.rules, turn.now)
    before = await booking_lists.find(turn.db, moved) if moved else None
    if before is not None and before.station.id == provision.station.id:
        found = [one for one in found if one.starts_at != before.slot.starts_at]
    earliest = turn.now + slots.notice_of(provision, office.rules)
    return Free(provision, table, found, earliest, last)


async def ask_when(turn: Turn, plan: Plan, free: Free, page: int, before: str) -> Plan | None:
    """Ask for the day, the half-day and the time, unless the plan names a time that can be had."""
    if plan.day is None:
        await _ask_day(turn, plan, free, page, before)
        return None
    found = free.on(plan.day)
    if not found:
        await _ask_day(turn, plan, free, 0, before + _why_not(turn, free, plan.day))
        return None
    if plan.at is not None and any(one.starts_at == plan.starts_at for one in found):
        return plan
    if plan.starts_at is not None:
        wanted = plan.starts_at
        before += free.why_not_at(wanted).format(when=moment(wanted))
        nearest = sorted(found, key=lambda one: abs(one.starts_at - wanted))[:_NEAREST]
        found = sorted(nearest, key=lambda one: one.starts_at)
    elif plan.half in HALVES:
        of_half = [one for one in found if half_of(one.starts_at) == plan.half]
        if not of_half:
            text = free.why_not_in(plan.day, plan.half)
            before += text.format(day=soon_label(plan.day, turn.now), half=HALVES[plan.half])
        found = of_half or found
    elif len(found) > _NEAREST and len({half_of(one.starts_at) for one in found}) == 2:
        _ask_half(turn, plan, found, before, free.provision)
        return None
    _ask_time(turn, plan, found, page, before, free.provision)
    return None


async def _ask_day(turn: Turn, plan: Plan, free: Free, page: int, before: str) -> None:
    """Show the days that have places; a wanted day that is full can be waited for."""
    wanted, plan = plan, replace(plan, day=None)
    keep(turn, plan)
    visit(turn, plan.action if page == 0 else f"{plan.action}:{page}")
    station, service = free.provision.station, free.provision.service
    full = free.full_days(today_of(turn))
    waits = [Choice(QUEUE, f"{LINE}:{(wanted if wanted.day in full else plan).tail}")] if full else []
    other = [Choice(OTHER_STATION, f"book-where:{replace(plan, station=0).tail}")]
    if not free.open:
        text = (NONE_FREE if full else NEVER_FREE).format(
            service=service.name, station=station.name, phone=station.phone or fill(turn, "{phone}")
        )
        turn.say(before + text, *waits, *other, texts.PERSON_CHOICE, texts.BACK_CHOICE)
        return
    plan, before = _part_noted(wanted, plan, free, before)
    fits = [one for one in free.open if plan.at is None or _apart(one, plan.at) <= _NEAR]
    first = next((one for one in fits if plan.half in (None, "any", half_of(one.starts_at))), free.open[0])
    if (at := plan.at) is not None:
        same_day = [one for one in fits if day_of(one.starts_at) == day_of(first.starts_at)]
        first = min(same_day, key=lambda one: _apart(one, at), default=first)
    options = [Choice(EARLIEST.format(when=_soon(first, turn.now)), plan.on(first.starts_at).action)]
    options += waits if wanted.day in full else []
    options += _days(turn, plan, free, first)
    others = other if wanted.day in full else [*other, *waits]
    text = ASK_DAY.format(service=service.name, station=station.name)
    if plan.moved and (now_at := await booking_lists.find(turn.db, plan.moved)):
        text = ASK_NEW_DAY.format(service=service.name, when=moment(now_at.slot.starts_at))
    turn.say(before + text, *listed(options, page, plan.action, *others), replaces=True)


def _part_noted(wanted: Plan, plan: Plan, free: Free, before: str) -> tuple[Plan, str]:
    """Return the plan and the text, once the hour or half was said before the day: whether there is such a time."""
    if wanted.day is not None or not (plan.at or plan.half in HALVES):
        return plan, before
    if plan.at is None:
        return plan, before + NOTED.format(when=HALVES[str(plan.half)])
    label = clock_label(datetime.combine(free.last, plan.at, CHINA))
    times = [one.starts_at.astimezone(CHINA).time() for one in free.open]
    if times and min(times) <= plan.at <= max(times):
        return plan, before + NOTED.format(when=label)
    return replace(plan, at=None), before + NEVER_THEN.format(when=label)


def _apart(one: Open, wanted: time) -> timedelta:
    there = one.starts_at.astimezone(CHINA)
    return abs(there - datetime.combine(there, wanted, CHINA))


def _soon(one: Open, now: datetime) -> str:
    """Return 明天（周三）上午 9:30."""
    return soon_label(one.starts_at.astimezone(CHINA).date(), now) + time_label(one.starts_at)


def _days(turn: Turn, plan: Plan, free: Free, first: Open) -> list[Choice]:
    """Return the days that have places; of the day of the first time, those beside it."""
    choices, soonest = [], first.starts_at.astimezone(CHINA).date()
    for day, of_day in groupby(free.open, lambda one: one.starts_at.astimezone(CHINA).date()):
        count = sum(one.left for one in of_day if one is not first)
        label = (LEFT_BESIDE if day == soonest else LEFT).format(day=soon_label(day, turn.now), count=count)
        choices += [Choice(label, replace(plan, day=day).action)] if count else []
    return choices


def _ask_half(turn: Turn, plan: Plan, found: Sequence[Open], before: str, provision: Provision) -> None:
    assert plan.day is not None
    keep(turn, plan)
    visit(turn, plan.action)
    options = [
        Choice(LEFT.format(day=label, count=sum(one.left for one in found if half_of(one.starts_at) == half)), replace(plan, half=half).action)
        for half, label in HALVES.items()
    ]  # fmt: skip
    text = ASK_HALF.format(service=provision.service.name, day=soon_label(plan.day, turn.now))
    turn.say(before + text, *options, texts.BACK_CHOICE, replaces=True)


def _ask_time(
    turn: Turn, plan: Plan, found: Sequence[Open], page: int, before: str, provision: Provision
) -> None:  # fmt: skip
    assert plan.day is not None
    keep(turn, plan)
    visit(turn, plan.action if page == 0 else f"{plan.action}:{page}")
    options = [Choice(time_label(one.starts_at), plan.on(one.starts_at).action) for one in found]
    day = soon_label(plan.day, turn.now) + (HALVES.get(plan.half or "", ""))
    text = ASK_TIME.format(service=provision.service.name, day=day, station=provision.station.name)
    turn.say(before + text, *listed(options, page, plan.action), replaces=True)


def _why_not(turn: Turn, free: Free, day: date) -> str:
    """Return why nothing can be had on a day."""
    today, label, station = today_of(turn), soon_label(day, turn.now), free.provision.station
    if day < today:
        return PAST.format(day=label)
    if day > free.last:
        return TOO_FAR.format(day=soon_label(free.last, turn.now))
    if reason := free.table.closure(station.id, day):
        return wrapped(CLOSED.format(day=label, station=station.name, reason=reason.rstrip("。"))) + "\n"
    if not free.table.periods(station.id, day):
        note = free.table.note(day)
        return (FREE_NOTED if note else FREE_DAY).format(day=label, station=station.name, note=note)
    return (DAY_OVER if free.is_over(day) else FULL_DAY).format(day=label)
