"""Decide which handler answers: the first route that fits wins, and one always does."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from core.turn import Kind, Turn

Heard = TypeVar("Heard")
Handler = Callable[[Turn[Heard]], Awaitable[None]]
Test = Callable[[Turn[Heard]], bool]


@dataclass(frozen=True, slots=True)
class _Route(Generic[Heard]):
    kind: Kind
    name: str | None
    state: str | None
    when: Test[Heard] | None
    handler: Handler[Heard]

    def fits(self, turn: Turn[Heard], name: str) -> bool:
        return (
            self.kind == turn.inbound.kind
            and self.name in (None, name)
            and self.state in (None, turn.state)
            and (self.when is None or self.when(turn))
        )


class Router(Generic[Heard]):
    """An ordered list of routes; `include` joins the lists of the journeys."""

    def __init__(self) -> None:
        self._routes: list[_Route[Heard]] = []

    def _add(
        self, kind: Kind, name: str | None, state: str | None, when: Test[Heard] | None
    ) -> Callable[[Handler[Heard]], Handler[Heard]]:
        def register(handler: Handler[Heard]) -> Handler[Heard]:
            self._routes.append(_Route(kind, name, state, when, handler))
            return handler

        return register

    def text(
        self, when: Test[Heard] | None = None, *, state: str | None = None
    ) -> Callable[[Handler[Heard]], Handler[Heard]]:
        """Route words, in any state or one, when the test holds."""
        return self._add("text", None, state, when)

    def action(
        self, name: str | None = None, *, state: str | None = None, when: Test[Heard] | None = None
    ) -> Callable[[Handler[Heard]], Handler[Heard]]:
        """Route a chosen action; what follows its first colon becomes `turn.argument`."""
        return self._add("action", name, state, when)

    def event(self, name: str | None = None) -> Callable[[Handler[Heard]], Handler[Heard]]:
        """Route an event of the channel, such as a photo."""
        return self._add("event", name, None, None)

    def include(self, other: "Router[Heard]") -> None:
        """Append another router's routes behind ours."""
        self._routes.extend(other._routes)  # noqa: SLF001 - a router of our own kind

    async def route(self, turn: Turn[Heard]) -> None:
        """Call the first handler that fits.

        Raises:
            LookupError: no route fits; the composed router ends with routes that always do.
        """
        name = turn.inbound.text
        if turn.inbound.kind == "action":
            name, _, turn.argument = name.partition(":")
        for route in self._routes:
            if route.fits(turn, name):
                await route.handler(turn)
                return
        raise LookupError(turn.inbound.kind)
