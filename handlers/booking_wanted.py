"""Which words are about visits, and what is wanted by them."""

import re
from typing import Literal

from core.menu import bare
from handlers.booking_plan import STEP
from handlers.job_hearing import PASSED
from handlers.turn import Turn
from knowledge.day_said import read_day
from knowledge.visit_talk import Kind, Told, read_talk
from services.masks import identifies

Wanted = Literal[
    "stay",
    "here",
    "elsewhere",
    "hours",
    "ahead",
    "late",
    "walk_in",
    "line",
    "move",
    "drop",
    "mine",
    "book",
    "several",
    "choose",
]
_EXACTLY: dict[Wanted, set[str]] = {
    "stay": {"不改了", "不改", "不改期了", "不换了", "不换", "还按原来的", "按原来的", "还是原来的", "原来的就行"},
    "move": {"改预约", "改期", "改时间", "预约改期", "改约", "换个时间", "换时间", "改个时间"},
    "drop": {
        "取消", "取消预约", "预约取消", "退号", "不去了", "去不了", "去不了了", "来不了了", "不约了", "不来了",
        "先别约了", "别约了", "先不约了", "先不约", "不想约了",
    },
    "mine": {"我的预约", "查预约", "预约查询", "看预约", "查一下预约", "预约记录", "我约了什么", "我的号"},
    "line": {"候补", "排候补", "我要候补", "我的候补", "候补排队"},
    "ahead": {"前面还有几位", "前面还有几个人", "我前面还有几个人", "我前面还有几位", "还有几个人", "前面几个人", "还有几位", "前面几位", "到我了吗", "排到几号了", "叫到几号了"},
    "book": {"给家人约", "帮家人约", "给家人预约", "再给家人约", "再约一个", "预约", "我要预约", "预约办事", "约时间", "预约时间", "网上预约", "在线预约", "预约到站", "约个时间", "预约服务站", "要预约"},
}  # fmt: skip
_LOOSELY: dict[Wanted, re.Pattern[str]] = {
    "elsewhere": re.compile(
        "火车|高铁|飞机|看病|就医|门诊|体检|疗养|景区|公园|博物馆|军史馆|参观|看展|祭扫|陵园|献花|旅游|疫苗"
    ),
    "hours": re.compile(
        "[开关]门|门开|[上下]班|值[班守](?!律师)|休息|开不开|开窗|几点(?:开始|到)|有人[吗么没不在接]|谁在|留不留人|延时|加班"
    ),
    "ahead": re.compile("前[面头].{0,4}几|排到.{0,3}几|叫到.{0,3}[几谁]|轮到我"),
    "late": re.compile("晚[点到]|迟[到了]|误点|赶不上|堵车|过了.{0,5}时间"),
    "walk_in": re.compile(
        "[不没](?:有)?预?约.{0,6}(?:行|能|可|办|去)|直接[去闯]|现场[办取排]|排队|[要用]不[要用].{0,2}预约|[要用](?:提前|先)?预约[吗么不]|随到随办|"
        "怎么取号|取号怎么|[等排]多久|人多不多|挤不挤|人少|排长队"
    ),
    "line": re.compile("候补"),
    "move": re.compile(
        "改[到成约期周]|改.{0,4}(?:预约|时间|日子)|换[个到成一]|[挪推]到|往[前后].{0,1}[提推顺]|推迟|延[后期]|改天|提前(?!.{0,4}约)"
    ),
    "drop": re.compile("取消|退了|退掉|退号|撤[了掉]|作废|给别人|别给我留|不[去来约]了|[去来]不了"),
    "mine": re.compile(
        "我?(?:的预约|约的|约好|约了|预约了)|预约.{0,3}(?:成功|好了)|查.{0,4}(?:预约|定)|[哪什].{0,3}窗口|排上没|定上没|排在几点|[预维]约?码|那串数字|再发一遍"
    ),
}
"""In this order: the first that fits is meant."""
_TOLD: dict[Kind, Wanted] = {
    "late": "late", "here": "here", "drop": "drop", "move": "move", "mine": "mine", "again": "mine", "done": "mine",
    "several": "several", "choose": "choose",
}  # fmt: skip
_NUMBER = re.compile("[约号办]|接待|窗口")
"""Without such a word 我们三个人一起来 is of a visit only where one is booked."""
_ELSE = re.compile(
    "到[账帐岗货期]|工资|薪|补[助贴]|优待金|抚恤金|津贴|退休金|养老金|发放|银行|医院|打工|上班|部队|当兵|参军|退役时间|战友|的车|车票|再[问说聊看]"
)
_CERTAIN = re.compile("预约|那个")
"""Words of other matters, in which 改到 and 晚到 mean no visit unless one is named."""
_OURS = (None, STEP, PASSED)
"""The states in which words may be about a visit; in others they answer what was asked there."""
_OUTRIGHT = re.compile("预约|[想要]约|约[个一]|[帮给]我?约")
_PAST = re.compile("昨|前天|上[周个次回]|去年|了$|过")
_GOES = re.compile("去.{1,8}(?:镇|乡|村|街道?|社区|站|中心)[去来]?办(?!法)")
_WISH = re.compile("预约|约[个一上在到]|想约|[想要打算][去来]|[想要]过[去来]|[去来]办|过[去来]办")
_DONE = re.compile("[没了过]")
"""What was to be done on a day that is past, and is told of."""
_PLACE = "(?:服务站|服务中心|站里|站上|窗口|大厅|驿站|[你您]们?那(?:里|儿|边)?)"
_MATTER = "办(?:[一点些个件]|理)*(?:事情?|业务|手续|东西)"
_COMES = re.compile(
    f"(?:我们?|俺们?|咱们?)?[今明后天大下这本个周礼拜星期一二三四五六日上下午早晚]{{0,8}}"
    f"(?:[想要]+|打算|准备|需要)[去来到上]{_PLACE}(?:一趟|[去来]?{_MATTER})?"
    f"|(?:我们?|俺们?|咱们?)?[去来到上](?:{_PLACE}|站)[去来]?{_MATTER}"
)
"""The plainest way to ask for a visit: to say that one wants to come, or to have something done."""
_ASKS = re.compile(r"([\u3400-\u9fff])不\1|几[点号天时]|多久|[能是可]否|想问|请问|问一?下")
"""More of what asks; a wish may be put so as well: 明天行不行."""
_TO_BE_TOLD = re.compile("提醒|通知|叫我|喊我|记得")
_QUESTION = re.compile("[吗么呢?？]|什么|怎么|咋|哪|多少|能不能|可不可以|有没有|为啥")


def wanted(turn: Turn) -> Wanted | None:
    """Return what is wanted by words that are about visits; None for words that are not, as far as can be told."""
    said = bare(turn.heard.text)
    for kind, words in _EXACTLY.items():
        if said in words and (kind != "stay" or turn.state == STEP):
            return kind
    if (about := told(turn)) and _is_ours(turn, about):
        return _TOLD[about.kind]
    if is_about(turn):
        kind = next((kind for kind, form in _LOOSELY.items() if form.search(turn.heard.text)), "book")
        return None if kind in ("late", "move", "drop", "mine") and _is_else(turn) else kind
    return "book" if comes(turn) or wishes(turn) else None


def told(turn: Turn) -> Told | None:
    """Return what is said around a visit, which means something mostly of whoever has one."""
    if turn.state not in _OURS or identifies(turn.heard.text):
        return None
    about = read_talk(turn.heard.text)
    return None if about is not None and about.kind == "again" and not _shows_visit(turn) else about


def _is_else(turn: Turn) -> bool:
    return bool(_ELSE.search(turn.heard.text)) and not _CERTAIN.search(turn.heard.text)


def _shows_visit(turn: Turn) -> bool:
    """Tell whether the last screen was of a visit, so that 在哪儿办 asks of no entry that was read before."""
    screen = next(reversed(turn.data.get("trail", [])), "")
    return turn.state != STEP and screen.startswith("book")


def _is_ours(turn: Turn, about: Told) -> bool:
    return about.kind not in ("several", "choose") or bool(_NUMBER.search(turn.heard.text))


def is_about(turn: Turn) -> bool:
    """Tell whether words are about visits, and not rather a question that entries may answer."""
    heard = turn.heard
    known = heard.outcome == "answer" or (heard.outcome == "pick" and is_question(turn))
    return heard.journey == "booking" or ("预约" in heard.text and not known)


def exactly(turn: Turn) -> bool:
    """Tell words that say so outright from those that only seem to."""
    return any(bare(turn.heard.text) in words for words in _EXACTLY.values()) or comes(turn)


def comes(turn: Turn) -> bool:
    """Tell whether words say no more than that one wants to come to a station."""
    return turn.state in (None, STEP) and bool(_COMES.fullmatch(bare(turn.heard.text)))


def wishes(turn: Turn) -> bool:
    """Tell whether words are a wish to book or to come on a day, whatever else they may be taken for."""
    text = turn.heard.text
    if turn.state not in (None, STEP) or _QUESTION.search(text):
        return False
    heard = read_day(text, turn.now)
    if not _WISH.search(text):
        return bool(_GOES.search(text)) and not _PAST.search(text)
    amiss = heard.problem == "no such day" or (heard.problem == "past" and not _DONE.search(text))
    return bool(_OUTRIGHT.search(text)) or heard.day is not None or amiss


def asks(turn: Turn) -> bool:
    """Tell whatever is put as a question, a question with an answer or not."""
    return is_question(turn) or bool(_ASKS.search(turn.heard.text))


def answers_step(turn: Turn) -> bool:
    """Tell words of whoever is just booking from a wish to be reminded: 早上九点 is the time of the visit."""
    return turn.state == STEP and not _TO_BE_TOLD.search(turn.heard.text)


def is_question(turn: Turn) -> bool:
    """Tell a question with an answer, in which no day and no hour is said, from what a step asks for."""
    heard = turn.heard
    return (heard.journey, heard.outcome) == ("faq", "answer") or bool(_QUESTION.search(heard.text))
