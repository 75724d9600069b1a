"""What the service says: one short file per journey, composed here in the order they are asked."""

from collections.abc import Awaitable, Callable

from core.router import Router
from handlers import anytime, crisis, events, fallback, faq, goods, guide, handoff, smalltalk, start
from handlers.turn import Turn
from knowledge.heard import Heard

Route = Callable[[Turn], Awaitable[None]]


def routes() -> Router[Heard]:
    """Return every journey's routes: danger first, words understood in any state next, the catch-all last."""
    router: Router[Heard] = Router()
    router.include(crisis.routes)
    router.include(anytime.routes(router))
    for journey in (events, start, handoff, guide, goods, smalltalk, faq, fallback):
        router.include(journey.routes)
    return router
