"""What somebody has said so far of a visit at home; the steps ask for what is missing, in their order."""

from collections.abc import Mapping
from typing import Any

from core.reply import Choice
from handlers.event_errand import Errand, errand_for
from handlers.event_screens import YOU
from handlers.turn import Turn
from services.masks import mask_name
from services.person_cards import open_sealed
from services.vault import Vault

STEPS = ("who", "contact", "why", "service", "place", "day")
OWN, FAMILY = 0, -1
"""For whom: the owner of the account, or somebody of the family who is not on file; else the id of a person."""
REASONS = ("残疾", "80岁以上", "卧床或住院", "别的原因")
CALL_CHOICE = Choice("让工作人员打电话问我", "home-call")
"""For whoever cannot write a name or an address."""
THIS_ONE = "这位家人"
_DRAFT = "home_visit"


def note(turn: Turn) -> None:
    """Leave whatever was going on: what was said stands in the draft."""
    turn.finish()
    turn.result.journey, turn.result.outcome = "booking", "answer"


def begin(turn: Turn) -> None:
    """Begin anew."""
    turn.data[_DRAFT] = {}


def asked(turn: Turn) -> bool:
    """Tell whether a visit is being asked for: buttons of old messages stay."""
    return _DRAFT in turn.data


def draft(turn: Turn) -> Mapping[str, Any]:
    """Return what was said so far."""
    said: Mapping[str, Any] = turn.data[_DRAFT]
    return said


def complete(turn: Turn) -> bool:
    """Tell whether nothing is missing."""
    return all(step in draft(turn) for step in STEPS)


def keep(turn: Turn, **said: Any) -> None:
    """Keep what was said."""
    turn.data[_DRAFT] = {**draft(turn), **said}


def forget(turn: Turn, *steps: str) -> None:
    """Forget what was said in some steps, so that they are asked again."""
    turn.data[_DRAFT] = {step: said for step, said in draft(turn).items() if step not in steps}


def end(turn: Turn) -> None:
    """Keep nothing of it."""
    turn.data.pop(_DRAFT, None)


async def errand(turn: Turn, vault: Vault) -> Errand | None:
    """Return for whom it is, checked anew; None for family not on file, and for whom the writer may not act any more."""
    who = draft(turn).get("who", FAMILY)
    return None if who == FAMILY else await errand_for(turn, vault, who)


async def called(turn: Turn, vault: Vault) -> str:
    """Return how the one to be visited is called: 您, 王同志, or 李** of the family."""
    known = draft(turn)
    if known.get("who", FAMILY) != FAMILY:
        whom = await errand(turn, vault)
        return whom.who if whom else YOU
    contact = known.get("contact")
    return mask_name(open_sealed(vault, contact[0])) if contact else THIS_ONE
