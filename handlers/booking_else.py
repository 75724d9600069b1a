"""Words with booking in them that ask for no visit: of a death, of a sore heart, or of forms that are filled in elsewhere."""

import re

from core.reply import Choice
from handlers import texts
from handlers.answer import offered, question_choice
from handlers.booking_plan import Plan, note
from handlers.booking_wanted import asks
from handlers.booking_words import Said, of_death
from handlers.turn import Turn
from knowledge.day_said import plain, without_days
from knowledge.entry import Entry
from knowledge.heard import Context

_MOST_NEAR = 3
_HEART = re.compile(
    "难受|难过|聊聊|聊天|心理|说说话|说说心里|谈谈?心|倾诉|孤单|孤独|寂寞|睡不着|想不开|心里(?:苦|闷|堵|烦|憋)"
)
_ELSEWHERE = re.compile(
    "小程序|公众号|网上|网站|线上|平台|进度|信息(?:不符|不对|有误|填)|填错|为什么|为啥|还没下来|没发|(?i:app)"
)
"""The national application over the net is called a booking as well, and so is many a payment."""
_HERE = re.compile("服务站|服务中心|站里|站上|到站|窗口|大厅|办事")
_DETAILS = re.compile("带(?!.{0,2}(?:我|去))|材料|多少钱|收费|多久")

_VISIT = re.compile(
    "(?:上午|下午|早上|中午)?[我想要能可以会]*(?:[去来到上][你您]?们?(?:服务站|服务中心|站里|站上|窗口|大厅)|预约|约个?(?:时间|号)?)[来去]?[问办]?"
)

DEATH = "请您节哀。后面的事可以来服务站办，也可以先问工作人员。"
HEART = "心里不好受，不用一个人扛着。\n想找人说说，回复 0 就行。"
NEAR = "您想问的是下面哪一个？要来服务站的话，也可以先约时间。"
COME = "约时间到服务站办"


def is_of_elsewhere(turn: Turn) -> bool:
    """Tell whether words are about an application over the net, its progress, or why something did not come."""
    text = turn.heard.text
    return bool(_ELSEWHERE.search(text)) and not _HERE.search(text)


def is_none_of_ours(turn: Turn, said: Said) -> bool:
    """Tell whether a booking is not what somebody needs first, unless they name what is done here."""
    text = turn.heard.text
    if of_death(text) or _HEART.search(text):
        return not said.service_id
    return is_of_elsewhere(turn) and said.day is None and said.hour is None


def asks_first(turn: Turn, said: Said) -> bool:
    """Tell whether words ask something that entries may answer, and not only when one may come."""
    text = turn.heard.text
    known = said.service_id or said.services
    return "预约" not in text and asks(turn) and (bool(_DETAILS.search(text)) or not known)


def say_near(turn: Turn, plan: Plan) -> bool:
    """Offer the questions that are near, and the booking beside them; False where nothing can be said to it."""
    heard, text = turn.heard, _condoled(turn.heard.text)
    near = heard.near or _near_without_visit(turn)
    if heard.answers or heard.crisis is not None or not (near or text):
        return False
    note(turn)
    near = near[:_MOST_NEAR]
    turn.result.near = offered(turn, near)
    options = [question_choice(entry) for entry in near]
    turn.say(text or NEAR, *options, Choice(COME, plan.action), texts.PERSON_CHOICE, texts.BACK_CHOICE)
    return True


def _condoled(text: str) -> str:
    return DEATH if of_death(text) else HEART if _HEART.search(text) else ""


def _near_without_visit(turn: Turn) -> tuple[Entry, ...]:
    """Return what is near the words once the day and the way to the station are left out of them."""
    said = plain(turn.heard.text)
    left = _VISIT.sub("", without_days(said).replace("\0", ""))
    if left == said:
        return ()
    heard = turn.heard.snapshot.hear(left, Context())
    found = {entry.slug: entry for entry in (*(one.entry for one in heard.answers), *heard.near)}
    return tuple(found.values())
