"""What concerns the writer in person, all by digits: visits, reminders, examinations, proxies, binding, progress."""

import re

from core.clock import CHINA
from core.menu import bare
from core.reply import Choice
from core.router import Router
from handlers import open_reminders, texts
from handlers.answer import offered, question_choice
from handlers.booking_wanted import answers_step, told
from handlers.event_screens import MINE_CHOICE as EVENTS_CHOICE
from handlers.guide import page_number, paged
from handlers.turn import Turn, visit
from knowledge.heard import Heard
from services import bindings, proxies

routes: Router[Heard] = Router()

_WORDS = {"我的", "我的事", "我的事项", "我的服务", "个人中心", "我的信息", texts.MINE_CHOICE.label}
_DEATH = re.compile(
    r"(爸|妈|父亲|母亲|爷爷|奶奶|外公|外婆|老伴|丈夫|爱人|老头|老人|公公|婆婆|岳父|岳母|大爷|大娘|本人|他|她).{0,4}(去世|过世|病逝|逝世|没了|不在了)"
)
"""Words of a death; asked for only where somebody speaks of notices, for questions on what follows have entries."""
_LISTED = 3

MINE = "这里办您自己和家人的事，回复数字就行。"
REMINDED = "认证、体检的提醒会发到这里，到时候不用您惦记。"
WAITS = "有 {count} 份认证还没办，选“我的提醒”就能看。"
BIND_FIRST = "我还不知道您是谁。先绑定一次，提醒才发得到您这里。"
DIED = "请您节哀。老人家走了的话，请告诉工作人员，我们马上停掉所有提醒，后面的事有人帮您办。"
NEAR = "\n下面是相关的问题："

BIND_CHOICE = Choice("绑定身份", "bind")
_CHOICES = (
    Choice("预约到服务站办事", "book"),
    open_reminders.LIST_CHOICE,
    Choice("体检和疗养", "exam"),
    Choice("提醒设置和退订", "notice-settings"),
    Choice("亲属代办", "proxy"),
    BIND_CHOICE,
    Choice("我的岗位：订阅、想去的", "job-subs"),
    EVENTS_CHOICE,
    Choice("求助单进度", "progress"),
)


@routes.action("mine")
@routes.text(lambda turn: bare(turn.inbound.text) in _WORDS)
async def mine(turn: Turn) -> None:
    """Show it all."""
    turn.result.journey, turn.result.outcome = "menu", "answer"
    turn.finish()
    visit(turn, "mine")
    turn.say(MINE, *paged(_CHOICES, page_number(turn.argument), "mine"))


@routes.text(lambda turn: turn.heard.journey == "reminders" and told(turn) is None and not answers_step(turn))
async def asks_for_reminders(turn: Turn) -> None:
    """Say how reminders come about, to whoever asks for one."""
    heard = turn.heard
    turn.result.journey, turn.result.outcome, turn.result.score = "reminders", "answer", heard.score
    if _DEATH.search(heard.text):
        turn.say(DIED, texts.PERSON_CHOICE, texts.BACK_CHOICE)
        return
    near = heard.near[:_LISTED]
    turn.result.near = offered(turn, near)
    waiting = await open_reminders.of_account(turn.db, turn.address_id, turn.now)
    text, first = (WAITS.format(count=len(waiting)), open_reminders.LIST_CHOICE) if waiting else await _reminded(turn)
    near_choices = [question_choice(entry) for entry in near]
    text += NEAR if near else ""
    turn.say(text, first, *near_choices, texts.PERSON_CHOICE, texts.BACK_CHOICE)


async def _reminded(turn: Turn) -> tuple[str, Choice]:
    """Return how reminders come to the writer, for whom nothing waits, and what is to be done for it."""
    today = turn.now.astimezone(CHINA).date()
    own = await bindings.bound_to(turn.db, turn.address_id) is not None
    if own or await proxies.held_by(turn.db, turn.address_id, today):
        return REMINDED, texts.MINE_CHOICE
    return BIND_FIRST, BIND_CHOICE
