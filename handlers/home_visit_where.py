"""Where to come for a visit at home: the village on file, or an address in words, which is kept sealed."""

import re
import unicodedata
from collections.abc import Awaitable, Callable

from core.reply import Choice
from core.router import Router
from db.people import Person
from db.places import Township, Village
from handlers import home_draft, home_elsewhere, texts
from handlers.home_draft import CALL_CHOICE, asked, draft, keep, note
from handlers.turn import Turn
from knowledge.heard import Heard
from services.masks import HIDDEN
from services.vault import Vault

_PLACE, _UNCLEAR = "home.place", "unclear"
_SHORTEST, _LONGEST = 3, 60
_N = "[0-9零〇一二两三四五六七八九十百]+"
_NUMBER = re.compile(rf"{_N} ?(?:-|号(?!线|码|[上下]午)|组|栋|幢|楼|室|单元|弄|队|床|户|座)")
_NOUN = "村|镇|乡|街|路|巷|弄|庄|屯|寨|湾|坝|社区|小区|花园|公寓|新村|大院|家属院|医院|光荣院|养老院|敬老院|福利院|组|县|市|区"
_NAMED, _ENDS = (
    re.compile(_NOUN),
    re.compile(rf"(?:{_NOUN}|旁边?|对面|隔壁|门口|路口|附近|楼上|楼下|[东南西北]头|家里?)$"),
)

ASK_PLACE = "到哪里上门？请把地址写在下面，比如：\n东风村 3 组 12 号\n只给上门的工作人员看，聊天记录里会遮住。\n不方便写字，回复 1。"
ON_FILE = "登记的地方是{place}。\n就去这里的话，回复 1。\n也可以把地址写在下面，写清楚更好找。"
HERE_CHOICE = Choice("就去这里", "home-here")
BAD_PLACE = "请把地址写清楚，3 到 60 个字，比如：\n东风村 3 组 12 号\n不方便写字，回复 1。"


def routes(vault: Vault, whole: Router[Heard], go_on: Callable[[Turn], Awaitable[None]]) -> Router[Heard]:
    """Return the routes; `whole` answers words that are no address, `go_on` asks for what is missing next."""
    router: Router[Heard] = Router()

    @router.action("home-here", when=asked)
    async def place_on_file(turn: Turn) -> None:
        place = await _on_file(turn, vault)
        if place:
            keep(turn, place=vault.encrypt(place))
        await go_on(turn)

    @router.text(asked, state=_PLACE)
    async def place_said(turn: Turn) -> None:
        place = " ".join(unicodedata.normalize("NFC", turn.inbound.text).split()).strip("。.")
        is_one = _is_address(turn, place)
        if not is_one and await home_elsewhere.answered(turn, whole):
            return
        note(turn)
        turn.kept = HIDDEN
        if not _SHORTEST <= len(place) <= _LONGEST or not (is_one or _UNCLEAR in draft(turn)):
            keep(turn, **{_UNCLEAR: True})
            turn.go(_PLACE)
            turn.say(BAD_PLACE, CALL_CHOICE, texts.PERSON_CHOICE, texts.BACK_CHOICE)
            return
        keep(turn, place=vault.encrypt(place))
        home_draft.forget(turn, _UNCLEAR)
        await go_on(turn)

    return router


def _is_address(turn: Turn, place: str) -> bool:
    """Tell an address by how it is written: a number and a name settle it, either does where nothing else is meant."""
    text = unicodedata.normalize("NFKC", place)
    number, named = bool(_NUMBER.search(text)), bool(_NAMED.search(text))
    if number and named:
        return True
    if home_elsewhere.asks(turn):
        return False
    return number or bool(_ENDS.search(text)) or (named and not home_elsewhere.means_more(turn))


async def ask(vault: Vault, turn: Turn) -> None:
    """Ask where to come; whoever cannot write is rung up."""
    turn.go(_PLACE)
    place = await _on_file(turn, vault)
    text, options = (ON_FILE.format(place=place), [HERE_CHOICE]) if place else (ASK_PLACE, [])
    turn.say(text, *options, CALL_CHOICE, texts.PERSON_CHOICE, texts.BACK_CHOICE)


async def _on_file(turn: Turn, vault: Vault) -> str:
    whom = await home_draft.errand(turn, vault)
    person = whom.person if whom else None
    return "" if person is None else await _home_of(turn, person)


async def _home_of(turn: Turn, person: Person) -> str:
    village = await turn.db.get(Village, person.village_id) if person.village_id else None
    if village is None:
        return person.region or ""
    return (await turn.db.get_one(Township, village.township_id)).name + village.name
