"""What is known so far of a visit that is being booked: every choice carries all of it, so old buttons stay safe."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, time

from core.clock import CHINA
from core.router import Router
from handlers.turn import Turn
from knowledge.heard import Heard
from services.booking_rules import BookingRules
from services.vault import Vault

STEP = "booking.step"
"""The step in which words may say what the next choice would."""
CONTACT = "booking.contact"
"""The step in which a name and a number are asked for."""
BOOK, LINE = "book", "book-line"
"""The actions that ask for what is missing of a visit, and of a place in the waiting list."""
ASK, OWN, NAMED = "0", "o", "f"
"""For whom: not said yet, for the owner of the account, for family to be named; else a person's id.

Once family is named, four signs of the name follow: so the button of one never books another.
"""
KEPT = "booking"
"""Where the conversation keeps the plan for words, and what a choice must not carry: name and number, sealed, and the purpose without numbers."""
_PLAN = re.compile(
    r"(\d{1,18})\.(\d{1,18})\.(0|o|f(?:[0-9a-f]{4})?|\d{1,18})\.(\d{1,18})\.(0|\d{8})\.(0|am|pm|any|\d{4})", re.ASCII
)


@dataclass(frozen=True, slots=True)
class Office:
    """What the journey needs from the house."""

    vault: Vault
    rules: BookingRules
    whole: Router[Heard]

    async def go_on(self, turn: Turn, plan: "Plan") -> None:
        """Ask for what is missing, as if the choice had been pressed that carries so much."""
        turn.inbound = replace(turn.inbound, kind="action", text=f"{kept(turn).get('then', BOOK)}:{plan.tail}")
        await self.whole.route(turn)


@dataclass(frozen=True, slots=True)
class Plan:
    """What is known; 0 and None stand for what is still to be asked."""

    service: int = 0
    station: int = 0
    whom: str = ASK
    moved: int = 0
    """The booking that is to be moved."""
    day: date | None = None
    half: str | None = None
    """am or pm; any where both will do for waiting."""
    at: time | None = None

    @property
    def tail(self) -> str:
        """Return the plan as an action carries it."""
        part = f"{self.at:%H%M}" if self.at else self.half or "0"
        day = f"{self.day:%Y%m%d}" if self.day else "0"
        return f"{self.service}.{self.station}.{self.whom}.{self.moved}.{day}.{part}"

    @property
    def named(self) -> bool:
        """Tell whether it is for a member of the family who is named, or is to be."""
        return self.whom.startswith(NAMED)

    @property
    def action(self) -> str:
        """Return the action that asks for what is missing."""
        return f"{BOOK}:{self.tail}"

    @property
    def starts_at(self) -> datetime | None:
        """Return the moment, once day and time are known."""
        return datetime.combine(self.day, self.at, CHINA) if self.day and self.at else None

    def on(self, moment: datetime) -> "Plan":
        """Return the plan with a moment."""
        there = moment.astimezone(CHINA)
        return replace(self, day=there.date(), half=None, at=there.time().replace(second=0, microsecond=0))

    def any_time(self) -> "Plan":
        """Return the plan without day and time."""
        return replace(self, day=None, half=None, at=None)


def read_plan(tail: str) -> Plan | None:
    """Read a plan; None for anything that we never offered."""
    found = _PLAN.fullmatch(tail)
    if found is None:
        return None
    service, station, whom, moved, day, part = found.groups()
    try:
        return Plan(
            int(service), int(station), whom, int(moved),
            None if day == "0" else date.fromisoformat(day),
            part if part in ("am", "pm", "any") else None,
            time(int(part[:2]), int(part[2:])) if part.isdigit() and part != "0" else None,
        )  # fmt: skip
    except ValueError:
        return None


def or_pass(
    office: Office, rest: Router[Heard], work: Callable[[Turn, Office], Awaitable[bool]]
) -> Callable[[Turn], Awaitable[None]]:
    """Return a handler that leaves the words which `work` has nothing for to the rest, and the flow as it was."""

    async def ask_or_pass(turn: Turn) -> None:
        if not await work(turn, office):
            await rest.route(turn)

    return ask_or_pass


def note(turn: Turn) -> None:
    """Leave whatever was going on: each screen of ours says in its choices all that the next one needs."""
    turn.finish()
    turn.result.journey, turn.result.outcome = "booking", "answer"


def keep(turn: Turn, plan: Plan, then: str = BOOK, **values: str) -> None:
    """Stay at a step, on the way to booking or to waiting: words may answer it too."""
    note(turn)
    turn.go(STEP, **{KEPT: {**kept(turn), "plan": plan.tail, "then": then, **values}})


def kept(turn: Turn) -> dict[str, str]:
    """Return what was said so far."""
    said = turn.data.get(KEPT)
    return dict(said) if isinstance(said, dict) else {}


def settle(turn: Turn) -> None:
    """Forget what was booked, but not for whom: the second tap of a button is to find the same visit."""
    turn.data[KEPT] = {name: said for name, said in kept(turn).items() if name in ("of", "name", "phone")}


def forget(turn: Turn) -> None:
    """Forget it all: another visit begins."""
    turn.data.pop(KEPT, None)
