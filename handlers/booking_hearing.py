"""What words fill in of the plan of a visit."""

from dataclasses import replace

from core.clock import CHINA
from handlers.booking_plan import ASK, NAMED, OWN, Plan
from handlers.booking_words import Said
from handlers.turn import Turn
from services import proxies


def says_when(said: Said) -> bool:
    """Tell whether a day or an hour was spoken of."""
    return bool(said.day or said.hour or said.half or said.problem)


def says_anything(said: Said) -> bool:
    """Tell whether anything was understood."""
    return says_when(said) or bool(said.service_id or said.station_id or said.services or said.stations or said.whom)


async def filled(turn: Turn, plan: Plan, said: Said) -> Plan:
    """Return the plan with what was said; a visit that is moved stays the same matter, for the same person."""
    if not plan.moved:
        plan = replace(plan, service=said.service_id or plan.service)
        whom = await _whom(turn, said)
        plan = plan if whom == NAMED and plan.named else replace(plan, whom=whom or plan.whom)
    plan = replace(plan, station=said.station_id or plan.station)
    if said.day is not None:
        known = plan if plan.day is None else replace(plan, half=None, at=None)
        plan = replace(known, day=said.day)
    if said.hour is not None:
        return replace(plan, at=said.hour, half=None)
    return replace(plan, half=said.half, at=None) if said.half is not None else plan


async def _whom(turn: Turn, said: Said) -> str | None:
    """Return for whom; family of whoever is nobody's proxy is asked for by name."""
    if said.whom == "self":
        return OWN
    if said.whom is None:
        return None
    held = await proxies.held_by(turn.db, turn.address_id, turn.now.astimezone(CHINA).date(), "book")
    return ASK if held else NAMED
