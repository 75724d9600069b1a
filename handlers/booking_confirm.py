"""All of a visit once more before the place is taken; and what is said to who was late, has one already, or did not come."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from core.errors import Refusal
from core.reply import Choice
from core.router import Router
from handlers import booking_steps as steps
from handlers import texts
from handlers.acting import record
from handlers.anytime import stale
from handlers.booking_days import free_at, provision_of
from handlers.booking_plan import LINE, OWN, Office, Plan, keep, kept, note, read_plan, settle
from handlers.booking_screens import (
    MINE_CHOICE,
    QUEUE,
    facts,
    half_of,
    reminded,
    short,
    visit_choices,
    visit_facts,
)
from handlers.booking_steps import remember
from handlers.booking_whom import Errand, ask_for, decided, errand_for, errand_of
from handlers.event_screens import moment
from handlers.turn import Turn, visit
from knowledge.heard import Heard
from services import booking_calendar, booking_lists, bookings
from services.booking_rows import Visit
from services.bookings import FullError, HasOneError, Wish

_NEAREST = 3
_OF_PLAN = "book:", "book-where:", "book-whom:", "book-name:", "book-line:"
"""Screens that ask for what is booked by then: back leads to none of them."""
_FORGIVEN = 2
"""So often within 90 days somebody may have stayed away before they are asked once more."""

CONFIRM = "请看一遍，对的话回复 1：\n给{who}预约\n{facts}\n\n想先说一句情况的，直接写在下面。"
CONFIRM_MOVE = "请看一遍，对的话回复 1：\n{who}的预约改时间\n原来：{before}\n改到：{after}\n{facts}"
YES_CHOICE, YES_MOVE_CHOICE, OTHER_TIME = "确认预约", "确认改期", "换个时间"
STAY = "不改了，还按原来的"
FOR_FAMILY, OTHER_WHOM, LEAVE_NAME = "给家人约", "换个人", "留姓名电话"
DONE, MOVED = "{who}的预约约好了。\n{facts}{reminded}", "{who}的预约改好了。\n{facts}{reminded}"
COMES = "这次{when}，{who}能来吗？\n这个时间不方便的话，可以换一个。"
COMES_CHOICE = "能来"
FULL = "{when}刚刚约满了。"
FULL_NEAR = "\n这些时间还有，回复数字："
FULL_ALL = "\n可以排候补，空出号来马上告诉您。"
HAS_ONE = "{who}已经约了这件事：\n{visit}\n一件事一次约一个，要改到{when}吗？"
TO_NEW, KEEP_OLD = "改到新的时间", "不改，看原来的"


def routes(office: Office) -> Router[Heard]:
    """Return the routes."""
    router: Router[Heard] = Router()
    router.action("book-take")(partial(_take, office))
    router.action("book-sure")(partial(_take, office))
    return router


async def go_on(turn: Turn, office: Office, plan: Plan, page: int = 0, before: str = "") -> None:
    """Ask for what the plan does not say yet; when it says all, show it once more."""
    ready = await steps.ask(turn, office, plan, page, before)
    if ready is not None:
        await ask(turn, office, ready)


async def ask(turn: Turn, office: Office, plan: Plan) -> None:
    """Show all that matters, once it is known for whom."""
    plan = await decided(turn, plan)
    there = await provision_of(turn, plan)
    errand, before = await _errand(turn, office, plan)
    if there is None or plan.starts_at is None or (plan.moved and before is None):
        await stale(turn)
        return
    if errand is None:
        await ask_for(turn, office, plan)
        return
    keep(turn, plan)
    visit(turn, plan.action)
    purpose = kept(turn).get("purpose", "")
    other = Choice(OTHER_TIME, plan.any_time().action)
    if before is not None:
        told = facts(turn, there.provision.station, there.provision.service, None, before.booking.purpose)
        old, new = moment(before.slot.starts_at), moment(plan.starts_at)
        text = CONFIRM_MOVE.format(who=errand.who, before=old, after=new, facts=told)
        yes, no = Choice(YES_MOVE_CHOICE, f"book-take:{plan.tail}"), Choice(STAY, f"book-show:{before.booking.id}")
        turn.say(text, yes, other, no, texts.BACK_CHOICE, replaces=True)
        return
    told = facts(turn, there.provision.station, there.provision.service, plan.starts_at, purpose)
    whom = Choice(FOR_FAMILY if errand.key == OWN else OTHER_WHOM, f"book-whom:{plan.tail}")
    yes = Choice(YES_CHOICE, f"book-take:{plan.tail}")
    text = CONFIRM.format(who=errand.who, facts=told)
    turn.say(text, yes, other, whom, *_leave_name(plan, errand), texts.PERSON_CHOICE, texts.BACK_CHOICE, replaces=True)


def _leave_name(plan: Plan, errand: Errand) -> list[Choice]:
    """Return the choice for whoever is not on file: staff may want to call them."""
    if errand.person is not None or errand.phone:
        return []
    return [Choice(LEAVE_NAME, f"book-name:{replace(plan, whom=errand.key).tail}")]


async def _errand(turn: Turn, office: Office, plan: Plan) -> tuple[Errand | None, Visit | None]:
    """Return for whom it is, and the visit that is to be moved while whoever writes may move it."""
    if not plan.moved:
        return await errand_for(turn, office.vault, plan.whom), None
    before = await booking_lists.find(turn.db, plan.moved)
    errand = await errand_of(turn, office.vault, before.booking) if before else None
    return errand, before if errand else None


async def _take(office: Office, turn: Turn) -> None:
    """Take the place; two taps take one."""
    sure = turn.inbound.text.startswith("book-sure:")
    plan = read_plan(turn.argument)
    plan = await decided(turn, plan) if plan else None
    errand, before = await _errand(turn, office, plan) if plan else (None, None)
    if plan is None or plan.starts_at is None or errand is None or (plan.moved and before is None):
        if plan is not None and plan.starts_at is not None and not plan.moved:
            await ask(turn, office, plan)
        else:
            await stale(turn)
        return
    wish = _wish(turn, plan, errand)
    missed = await bookings.no_shows(turn.db, bookings.who_key(office.vault, wish.who), turn.now)
    if not sure and not plan.moved and missed >= _FORGIVEN:
        _ask_sure(turn, plan, errand)
        return
    try:
        if plan.moved:
            moved = await bookings.move(
                turn.db, office.rules, plan.moved, plan.station, plan.starts_at, errand.as_, turn.now
            )  # fmt: skip
            one = moved.after
        else:
            one = await bookings.reserve(turn.db, office.vault, office.rules, wish, turn.now)
    except FullError:
        await _say_full(turn, office, plan)
    except HasOneError as error:
        _say_has_one(turn, plan, errand, error.visit)
    except Refusal as refusal:
        keep(turn, plan)
        turn.say(str(refusal), Choice(OTHER_TIME, plan.any_time().action), texts.PERSON_CHOICE, texts.BACK_CHOICE)
    else:
        await say_done(turn, office, errand, one, MOVED if plan.moved else DONE)


def _wish(turn: Turn, plan: Plan, errand: Errand) -> Wish:
    assert plan.starts_at is not None
    purpose = kept(turn).get("purpose", "")
    return Wish(plan.station, plan.service, plan.starts_at, purpose, errand.whose(turn.address_id))


def _ask_sure(turn: Turn, plan: Plan, errand: Errand) -> None:
    """Ask whoever stayed away before, without blame; it is never a ban."""
    assert plan.starts_at is not None
    keep(turn, plan)
    yes, other = Choice(COMES_CHOICE, f"book-sure:{plan.tail}"), Choice(OTHER_TIME, plan.any_time().action)
    turn.say(COMES.format(when=moment(plan.starts_at), who=errand.who), yes, other, texts.BACK_CHOICE, replaces=True)


async def _say_full(turn: Turn, office: Office, plan: Plan) -> None:
    """Show what is free next to the time that is gone, and the waiting list."""
    assert plan.starts_at is not None
    wanted = plan.starts_at
    keep(turn, plan)
    there = await provision_of(turn, plan)
    found = (await free_at(turn, office, there, plan.moved)).open if there else []
    near = sorted(sorted(found, key=lambda one: abs(one.starts_at - wanted))[:_NEAREST], key=lambda one: one.starts_at)
    options = [Choice(moment(one.starts_at), plan.on(one.starts_at).action) for one in near]
    line = replace(plan, at=None, half=half_of(wanted))
    text = FULL.format(when=moment(wanted)) + (FULL_NEAR if options else FULL_ALL)
    turn.say(
        text, *options, Choice(QUEUE, f"{LINE}:{line.tail}"), texts.PERSON_CHOICE, texts.BACK_CHOICE, replaces=True
    )


def _say_has_one(turn: Turn, plan: Plan, errand: Errand, one: Visit) -> None:
    assert plan.starts_at is not None
    keep(turn, plan)
    to_new = Choice(TO_NEW, f"book-take:{replace(plan, moved=one.booking.id).tail}")
    old = Choice(KEEP_OLD, f"book-show:{one.booking.id}")
    text = HAS_ONE.format(who=errand.who, visit=short(one), when=moment(plan.starts_at))
    turn.say(text, to_new, old, texts.PERSON_CHOICE, texts.BACK_CHOICE, replaces=True)


async def say_done(turn: Turn, office: Office, errand: Errand, one: Visit, text: str) -> None:
    """Say what was booked or moved, and record it where it was done for somebody else."""
    note(turn)
    settle(turn)
    remember(turn, one.station)
    turn.data["trail"] = [screen for screen in turn.data.get("trail", []) if not screen.startswith(_OF_PLAN)]
    visit(turn, f"book-show:{one.booking.id}")
    say_visit(turn, one, text.format(who=errand.who, facts=visit_facts(turn, one), reminded=reminded(one, turn.now)))
    what = "改期" if text is MOVED else "预约"
    await record(turn, office.vault, errand.acting, what, f"booking:{one.booking.id}")


def say_visit(turn: Turn, one: Visit, text: str, more: Sequence[Choice] = (MINE_CHOICE,)) -> None:
    """Say something of a visit that stands, with its calendar file and its code to be scanned at the door."""
    choices = (*visit_choices(one), *more, texts.START_CHOICE)
    document = booking_calendar.calendar_file(one, turn.now)
    turn.say(text, *choices, replaces=True, document=document, qr=one.booking.code)
