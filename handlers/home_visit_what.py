"""Why somebody asks to be visited at home, and what is to be done there."""

from collections.abc import Awaitable, Callable

from sqlalchemy import select

from core.reply import Choice
from core.router import Router
from db.bookings import Service
from handlers import home_draft, texts
from handlers.exam_errand import numbers
from handlers.guide import page_number, paged
from handlers.home_draft import REASONS, asked, keep, note
from handlers.turn import Turn
from knowledge.heard import Heard
from services.vault import Vault

ASK_WHY = "{who}不方便出门，是因为什么？回复数字："
ASK_SERVICE = "上门办什么事？回复数字："
OTHER_SERVICE = "别的事"


def routes(_: Vault, __: Router[Heard], go_on: Callable[[Turn], Awaitable[None]]) -> Router[Heard]:
    """Return the routes; `go_on` asks for what is missing next."""
    router: Router[Heard] = Router()

    @router.action("home-why", when=asked)
    async def reason_chosen(turn: Turn) -> None:
        if turn.argument in map(str, range(len(REASONS))):
            keep(turn, why=REASONS[int(turn.argument)])
        await go_on(turn)

    @router.action("home-services", when=asked)
    async def more_services(turn: Turn) -> None:
        note(turn)
        await ask_service(turn, page_number(turn.argument))

    @router.action("home-service", when=asked)
    async def service_chosen(turn: Turn) -> None:
        found = numbers(turn.argument, 1)
        service = await turn.db.get(Service, found[0]) if found else None
        keep(turn, service=service.name if service else OTHER_SERVICE)
        await go_on(turn)

    return router


async def ask_why(vault: Vault, turn: Turn) -> None:
    """Ask why they cannot come."""
    options = [Choice(reason, f"home-why:{place}") for place, reason in enumerate(REASONS)]
    who = await home_draft.called(turn, vault)
    turn.say(ASK_WHY.format(who=who), *options, texts.PERSON_CHOICE, texts.BACK_CHOICE, replaces=True)


async def ask_service(turn: Turn, page: int = 0) -> None:
    """Ask what for."""
    rows = await turn.db.execute(select(Service.id, Service.name).order_by(Service.id))
    options = [Choice(name, f"home-service:{id_}") for id_, name in rows]
    options.append(Choice(OTHER_SERVICE, "home-service:0"))
    turn.say(ASK_SERVICE, *paged(options, page, "home-services"), replaces=True)
