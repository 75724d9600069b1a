"""Words about work, read with the bureau's own townships at hand."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import date

from core.clock import CHINA
from core.router import Router
from handlers.turn import Turn
from knowledge.heard import Heard
from knowledge.job_parse import JobPlaces, Understood, understand
from services.townships import read_townships

PASSED = "jobs.passed"
"""The state of words that are asked again behind this journey, which has nothing for them."""
_LONGEST = 18
"""Digits of the id of a row."""


async def understood(turn: Turn, text: str) -> Understood:
    """Return what words wish for."""
    snapshot = turn.heard.snapshot
    places = JobPlaces.here(snapshot, await read_townships(turn.db), today_of(turn))
    return understand(text, snapshot.content.jobs, places)


async def township_names(turn: Turn) -> Mapping[int, str]:
    """Return the names of the bureau's townships by id."""
    return {number: name for name, number in (await read_townships(turn.db)).items()}


def today_of(turn: Turn) -> date:
    """Return the day in China."""
    return turn.now.astimezone(CHINA).date()


def note(turn: Turn) -> None:
    """Record that this journey answered."""
    turn.result.journey, turn.result.outcome = "jobs", "answer"


def answers_step(turn: Turn) -> bool:
    """Tell whether words may answer what was asked; a question that we know the answer to, or another journey, does not."""
    heard = turn.heard
    return heard.journey in ("none", "jobs") or (heard.journey == "faq" and heard.outcome != "answer")


def row_number(text: str) -> int | None:
    """Read the id of a row; None for what was never offered."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _LONGEST else None


def or_pass(whole: Router[Heard], work: Callable[[Turn], Awaitable[bool]]) -> Callable[[Turn], Awaitable[None]]:
    """Return a handler that leaves the flow for words which `work` has nothing for, and lets the others answer them."""

    async def ask(turn: Turn) -> None:
        if not await work(turn):
            turn.state = PASSED
            await whole.route(turn)
            turn.state = None if turn.state == PASSED else turn.state

    return ask
