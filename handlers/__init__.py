"""What the service says: one short file per journey, composed here in the order they are asked."""

from collections.abc import Awaitable, Callable

from core.router import Router
from handlers import anytime, crisis, events, fallback, faq, goods, guide, handoff, rating, relay, smalltalk, start
from handlers.turn import Turn
from knowledge.heard import Heard
from services.vault import Vault

Route = Callable[[Turn], Awaitable[None]]


def routes(vault: Vault) -> Router[Heard]:
    """Return every journey's routes: danger first, staff's own cases, words understood in any state, the catch-all last."""
    assert vault  # journeys that know people by name take it
    router: Router[Heard] = Router()
    router.include(crisis.routes)
    router.include(relay.owned)
    router.include(anytime.routes(router))
    router.include(relay.untaken)
    for journey in (events, start, rating, handoff, guide, goods, smalltalk):
        router.include(journey.routes)
    router.include(relay.waiting)
    for journey in (faq, fallback):
        router.include(journey.routes)
    return router
