"""Where to come for a visit at home: the village on file, or an address in words, which is kept sealed."""

import unicodedata
from collections.abc import Awaitable, Callable

from core.reply import Choice
from core.router import Router
from db.people import Person
from db.places import Township, Village
from handlers import home_draft, texts
from handlers.binding import still_asked
from handlers.home_draft import asked, keep, note
from handlers.turn import Turn
from knowledge.heard import Heard
from services.masks import HIDDEN
from services.vault import Vault

_PLACE = "home.place"
_SHORTEST, _LONGEST = 3, 60

ASK_PLACE = "到哪里上门？请把地址写在下面，比如：\n东风村 3 组 12 号\n只给上门的工作人员看，聊天记录里会遮住。"
ON_FILE = "登记的地方是{place}。\n就去这里的话，回复 1。\n也可以把地址写在下面，写清楚更好找。"
HERE_CHOICE = Choice("就去这里", "home-here")
BAD_PLACE = "请把地址写清楚，3 到 60 个字，比如：\n东风村 3 组 12 号"


def routes(vault: Vault, go_on: Callable[[Turn], Awaitable[None]]) -> Router[Heard]:
    """Return the routes; `go_on` asks for what is missing next."""
    router: Router[Heard] = Router()

    @router.action("home-here", when=asked)
    async def place_on_file(turn: Turn) -> None:
        place = await _on_file(turn, vault)
        if place:
            keep(turn, place=vault.encrypt(place))
        await go_on(turn)

    @router.text(lambda turn: asked(turn) and still_asked(turn), state=_PLACE)
    async def place_said(turn: Turn) -> None:
        note(turn)
        turn.kept = HIDDEN
        place = " ".join(unicodedata.normalize("NFC", turn.inbound.text).split()).strip("。.")
        if not _SHORTEST <= len(place) <= _LONGEST:
            turn.go(_PLACE)
            turn.say(BAD_PLACE, texts.PERSON_CHOICE, texts.BACK_CHOICE)
            return
        keep(turn, place=vault.encrypt(place))
        await go_on(turn)

    return router


async def ask(vault: Vault, turn: Turn) -> None:
    """Ask where to come."""
    turn.go(_PLACE)
    place = await _on_file(turn, vault)
    text, options = (ON_FILE.format(place=place), [HERE_CHOICE]) if place else (ASK_PLACE, [])
    turn.say(text, *options, texts.PERSON_CHOICE, texts.BACK_CHOICE)


async def _on_file(turn: Turn, vault: Vault) -> str:
    whom = await home_draft.errand(turn, vault)
    person = whom.person if whom else None
    return "" if person is None else await _home_of(turn, person)


async def _home_of(turn: Turn, person: Person) -> str:
    village = await turn.db.get(Village, person.village_id) if person.village_id else None
    if village is None:
        return person.region or ""
    return (await turn.db.get_one(Township, village.township_id)).name + village.name
