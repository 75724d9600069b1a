"""Somebody without a code asks to be bound by name, ID tail and station: staff compare, nothing is given away before."""

import re

from sqlalchemy import select

from core.errors import Refusal
from core.menu import bare
from core.reply import Choice
from core.router import Router
from db.places import Station
from handlers import texts
from handlers.binding import BIND_CHOICE, note, still_asked
from handlers.guide import page_number, paged
from handlers.turn import Turn, fill
from knowledge.heard import Heard
from services import binding_requests
from services.binding_requests import Said
from services.masks import HIDDEN, mask_name, read_name
from services.vault import Vault

UNSURE_CHOICE = Choice("说不清是哪个站", "bind-at:0")
ASK_NAME = "请告诉我您的姓名，和身份证上的一样。\n您写的内容只给工作人员核对，聊天记录里会遮住。"
NOT_A_NAME = "没有看明白姓名。请只写姓名，比如：王建国。"
ASK_TAIL = "请发身份证的最后四位，最后是 X 也照写。\n不用发整个号码。"
NOT_A_TAIL = "请只发身份证的最后四位，比如：1234 或 123X。"
ASK_STATION = "您归哪个服务站管？回复数字就行。"
ASKED = "收到了。工作人员核对以后，会在这里告诉您结果。\n着急的话，请带身份证到服务站，当场就能办。"
ASKED_OFTEN = "今天已经申请过几次了，请等工作人员核对。\n着急的话，请打 {phone}，或带身份证到服务站办。"

_HIDDEN_TAIL = "****"
_NAME = re.compile(r"[\u3400-\u9fff]{2,5}|(?=.*·)[\u3400-\u9fff·]{3,20}|[A-Za-z ·]{2,40}")
_NAMED = re.compile(r"^(?:我叫|我是|姓名|名字|我的名字叫?)[是叫:：\s]*")
_TAIL = re.compile(r"(?:^|\D|\d{14})(\d{3}[\dX])$")
_DIGITS = str.maketrans("零〇一二三四五六七八九幺", "001234567891")
_NAME_STEP, _TAIL_STEP = "binding.name", "binding.tail"
_NAME_KEPT, _TAIL_KEPT = "binding_name", "binding_tail"


def routes(vault: Vault) -> Router[Heard]:
    """Return the routes."""
    router: Router[Heard] = Router()

    @router.action("bind-name")
    async def ask_name(turn: Turn) -> None:
        note(turn)
        turn.go(_NAME_STEP)
        turn.say(ASK_NAME, texts.PERSON_CHOICE, texts.BACK_CHOICE)

    @router.text(lambda turn: still_asked(turn) or _named(turn.inbound.text), state=_NAME_STEP)
    async def name_said(turn: Turn) -> None:
        note(turn)
        name = _read_name(turn.inbound.text)
        turn.kept = mask_name(name) if name else HIDDEN
        if name is None:
            turn.say(NOT_A_NAME, texts.PERSON_CHOICE, texts.BACK_CHOICE)
            return
        turn.go(_TAIL_STEP, **{_NAME_KEPT: vault.encrypt(name)})
        turn.say(ASK_TAIL, texts.PERSON_CHOICE, texts.BACK_CHOICE)

    @router.text(lambda turn: still_asked(turn) or _read_tail(turn.inbound.text) is not None, state=_TAIL_STEP)
    async def tail_said(turn: Turn) -> None:
        note(turn)
        tail = _read_tail(turn.inbound.text)
        turn.kept = _HIDDEN_TAIL
        if tail is None:
            turn.say(NOT_A_TAIL, texts.PERSON_CHOICE, texts.BACK_CHOICE)
            return
        turn.data[_TAIL_KEPT] = vault.encrypt(tail)
        await _ask_station(turn)

    @router.action("bind-where")
    async def more_stations(turn: Turn) -> None:
        note(turn)
        await _ask_station(turn, page_number(turn.argument))

    @router.action("bind-at")
    async def station_chosen(turn: Turn) -> None:
        note(turn)
        turn.finish()
        name, tail = turn.data.pop(_NAME_KEPT, None), turn.data.pop(_TAIL_KEPT, None)
        if not name or not tail:
            turn.say(texts.STALE, BIND_CHOICE, texts.START_CHOICE)
            return
        said = Said(vault.decrypt(name), vault.decrypt(tail), await _station(turn))
        taken = await binding_requests.ask(turn.db, vault, turn.address_id, said, turn.now)
        turn.say(fill(turn, ASKED if taken else ASKED_OFTEN), texts.START_CHOICE)

    return router


async def _ask_station(turn: Turn, page: int = 0) -> None:
    rows = await turn.db.execute(select(Station.id, Station.name).order_by(Station.level, Station.name))
    options = [Choice(name, f"bind-at:{station_id}") for station_id, name in rows]
    turn.say(ASK_STATION, *paged([*options, UNSURE_CHOICE], page, "bind-where"))


async def _station(turn: Turn) -> int | None:
    number = turn.argument
    known = number.isascii() and number.isdigit() and len(number) < 19
    station = await turn.db.get(Station, int(number)) if known else None
    return station.id if station else None


def _named(text: str) -> bool:
    """Tell whether words say themselves that a name follows."""
    return _NAMED.match(bare(text)) is not None


def _read_name(text: str) -> str | None:
    said = _NAMED.sub("", bare(text))
    try:
        return read_name(said) if _NAME.fullmatch(said) else None
    except Refusal:
        return None


def _read_tail(text: str) -> str | None:
    found = _TAIL.search("".join(bare(text).upper().translate(_DIGITS).split()))
    return found[1] if found else None
