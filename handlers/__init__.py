"""What the service says: one short file per journey, composed here in the order they are asked."""

from collections.abc import Awaitable, Callable

from core.router import Router
from handlers import (
    acting,
    anytime,
    binding,
    binding_request,
    booking,
    booking_talk,
    channel_events,
    crisis,
    done_already,
    events,
    exams,
    fallback,
    faq,
    goods,
    guide,
    handoff,
    home_visit,
    jobs,
    mine,
    notices,
    proxies,
    proxy_code,
    rating,
    relay,
    reminder_death,
    reminder_errands,
    reminder_wrong,
    reminders,
    smalltalk,
    start,
    stations,
)
from handlers.turn import Turn
from knowledge.heard import Heard
from services.booking_rules import DEFAULT_BOOKING_RULES, BookingRules
from services.job_board import Shelf
from services.notice_gate import DEFAULT_RULES, Rules
from services.vault import Vault

Route = Callable[[Turn], Awaitable[None]]


def routes(
    vault: Vault,
    rules: Rules = DEFAULT_RULES,
    shelf: Shelf | None = None,
    booking_rules: BookingRules = DEFAULT_BOOKING_RULES,
) -> Router[Heard]:
    """Return every journey's routes: danger first, staff's own cases, words understood in any state, the catch-all last.

    The shelf is only a cache: a process shares one, and whoever has none to share gets one of their own.
    """
    router: Router[Heard] = Router()
    router.include(booking_talk.calm(vault, router, booking_rules, crisis.routes))
    router.include(crisis.routes)
    router.include(notices.routes(vault, rules))
    router.include(relay.owned)
    router.include(anytime.routes(router))
    router.include(relay.untaken)
    router.include(stations.located(router))
    for journey in (channel_events, start):
        router.include(journey.routes)
    router.include(reminders.routes(vault, router))
    others = _others(vault, router, shelf or Shelf(), booking_rules)
    router.include(done_already.routes(vault, others))
    router.include(booking_talk.routes(vault, router, booking_rules, others))
    router.include(others)
    return router


def _others(vault: Vault, whole: Router[Heard], shelf: Shelf, booking_rules: BookingRules) -> Router[Heard]:
    """Return the journeys that words come to when they answer no reminder."""
    router: Router[Heard] = Router()
    router.include(reminder_errands.routes(vault, whole))
    for known in (
        reminder_wrong, reminder_death, binding, binding_request, proxies, proxy_code,
    ):  # fmt: skip
        router.include(known.routes(vault))
    router.include(home_visit.routes(vault, whole))
    router.include(acting.routes(vault, whole))
    for journey in (rating, mine, handoff):
        router.include(journey.routes)
    router.include(exams.routes(whole, vault))
    behind: Router[Heard] = Router()
    behind.include(stations.routes(whole))
    rest: Router[Heard] = Router()
    rest.include(jobs.routes(whole, vault, shelf))
    for journey in (guide, goods, smalltalk):
        rest.include(journey.routes)
    rest.include(relay.waiting)
    rest.text(anytime.beyond)(anytime.stale)
    for journey in (faq, fallback):
        rest.include(journey.routes)
    behind.include(booking.routes(vault, whole, booking_rules, rest))
    behind.include(rest)
    router.include(events.routes(vault, behind))
    router.include(behind)
    return router
