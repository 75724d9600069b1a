"""At the door: the four digits that are written there, sent in the chat, say that somebody has come."""

import re
import unicodedata
from functools import partial

from core.errors import Refusal
from core.menu import bare
from core.reply import Choice
from core.router import Router
from db.events import Event
from handlers import texts
from handlers.anytime import stale
from handlers.event_errand import Errand, all_of, errand_for, errand_of, note, sign_up_named
from handlers.event_place import PAPERS_LABEL, STANDS
from handlers.turn import Turn
from knowledge.heard import Heard
from services import event_check_in, event_list
from services.event_list import SignUp
from services.vault import Vault

_HAN = str.maketrans("零〇一二三四五六七八九幺", "001234567891")
_CODE = re.compile(r"(签到|报到|打卡|签个到|我要签到|我来签到|到了)?(?:码|号码?)?[是:\s]*(\d{4})")
_ASKS = {"签到", "我要签到", "怎么签到", "签个到", "我到了", "我来签到"}
_MOST = 5

ASK_CODE = "请把门口写的四位数字发给我，就签到了。"
WRONG = "没有认出签到码 {code}。\n请看一下门口写的四位数字，再发一次。\n开始前 1 小时到活动结束，都可以签到。"
WELCOME = "签到好了，欢迎{who}来“{title}”。"
AGAIN = "{who}已经签到了，不用再签。"
WHO_CAME = "给谁签到？回复数字："


def routes(vault: Vault, behind: Router[Heard]) -> Router[Heard]:
    """Return the routes; `behind` answers four digits that stand at no door, and 签到 of somebody who goes nowhere."""
    router: Router[Heard] = Router()
    router.text(lambda turn: bare(turn.heard.text) in _ASKS)(partial(asks, behind))
    router.text(lambda turn: _read(turn) is not None)(partial(code_said, vault, behind))
    router.action("event-here")(partial(here, vault))
    return router


def _read(turn: Turn) -> tuple[bool, str] | None:
    """Return whether checking in was said, and the code; bare digits in the middle of something are an answer to it."""
    said = unicodedata.normalize("NFKC", bare(turn.inbound.text)).translate(_HAN)
    found = _CODE.fullmatch("".join(said.split()))
    if found is None or (found[1] is None and turn.state is not None):
        return None
    return found[1] is not None, found[2]


async def asks(behind: Router[Heard], turn: Turn) -> None:
    """Say how one checks in, to somebody who goes somewhere."""
    if not await all_of(turn):
        await behind.route(turn)
        return
    note(turn)
    turn.say(ASK_CODE, texts.PERSON_CHOICE, texts.BACK_CHOICE)


async def code_said(vault: Vault, behind: Router[Heard], turn: Turn) -> None:
    """Check somebody in at the door where this code stands."""
    said, code = _read(turn) or (False, "")
    doors = await event_check_in.open_doors(turn.db, code, turn.now)
    if doors:
        note(turn)
        await _at_the_door(turn, vault, doors[0])
    elif said:
        note(turn)
        turn.say(WRONG.format(code=code), texts.PERSON_CHOICE, texts.BACK_CHOICE)
    else:
        await behind.route(turn)


async def _at_the_door(turn: Turn, vault: Vault, event: Event) -> None:
    mine = await all_of(turn, event.id)
    if len(mine) > 1:
        options = [Choice(await _name(turn, vault, each), f"event-here:{each.row.id}") for each in mine[:_MOST]]
        turn.say(WHO_CAME, *options, texts.BACK_CHOICE)
        return
    errand = await errand_of(turn, vault, mine[0]) if mine else await errand_for(turn, vault, 0)
    if errand is None:
        await stale(turn)
        return
    await _check_in(turn, vault, event, errand, mine[0] if mine else None)


async def _name(turn: Turn, vault: Vault, each: SignUp) -> str:
    errand = await errand_of(turn, vault, each)
    return errand.who if errand else each.row.code


async def here(vault: Vault, turn: Turn) -> None:
    """Check in the one who was picked, while the door is open."""
    found = await sign_up_named(turn, vault)
    if found is None or not event_list.door_is_open(found[1].event, turn.now):
        await stale(turn)
        return
    note(turn)
    errand, one = found
    await _check_in(turn, vault, one.event, errand, one)


async def _check_in(turn: Turn, vault: Vault, event: Event, errand: Errand, before: SignUp | None) -> None:
    try:
        if before is not None:
            one = await event_check_in.tick(turn.db, event.id, before.row.id, turn.now)
        else:
            one = await event_check_in.arrive(turn.db, vault, event, errand.whose(), turn.now)
    except Refusal as refusal:
        turn.say(str(refusal), texts.PERSON_CHOICE, texts.BACK_CHOICE)
        return
    again = one.row.attended_at is not None and one.row.attended_at < turn.now
    left = [each for each in await all_of(turn, event.id) if each.row.attended_at is None]
    choices = [Choice(await _name(turn, vault, each), f"event-here:{each.row.id}") for each in left[:_MOST]]
    choices += [Choice(STANDS, f"event-fair:{event.id}")] if event.kind == "fair" else []
    choices += [Choice(PAPERS_LABEL, f"event-papers:{one.row.id}")] if event.materials else []
    text = (AGAIN if again else WELCOME).format(who=errand.who, title=event.title)
    turn.say(text, *choices[:_MOST], texts.START_CHOICE)
