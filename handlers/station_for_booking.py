"""A booking that asks for a station is answered by a place: one that is sent, or one that is asked for first."""

from dataclasses import replace

from core.reply import Choice
from core.router import Router
from handlers import texts
from handlers.booking_plan import STEP, Plan, kept, read_plan
from handlers.station_screens import ALL_CHOICE, ASK_WHERE
from handlers.turn import Turn
from knowledge.heard import Heard
from services import sent_places


def plan_asking(turn: Turn) -> Plan | None:
    """Return the plan of a booking that asks for a station just now."""
    plan = read_plan(kept(turn).get("plan", "")) if turn.state == STEP else None
    return plan if plan is not None and plan.service and not plan.station else None


async def near_for_booking(whole: Router[Heard], turn: Turn) -> None:
    """Go on with the nearest stations; where no place was sent yet, ask for it and stay in the booking."""
    plan = plan_asking(turn)
    if plan is None or await sent_places.last(turn.db, turn.address_id, turn.now):
        await booking_goes_on(whole, turn)
        return
    turn.result.journey, turn.result.outcome = "booking", "answer"
    every = Choice(ALL_CHOICE.label, f"book-where:{plan.tail}")
    turn.say(ASK_WHERE, every, texts.PERSON_CHOICE, texts.BACK_CHOICE)


async def booking_goes_on(whole: Router[Heard], turn: Turn) -> bool:
    """Show the stations of a booking that asks for one, now that a place is known; False when none asks."""
    plan = plan_asking(turn)
    if plan is None:
        return False
    turn.inbound = replace(turn.inbound, kind="action", text=f"book-where:{plan.tail}")
    await whole.route(turn)
    return True
