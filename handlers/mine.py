"""What concerns the writer in person, all by digits: reminders, examinations, proxies, binding, progress."""

from core.menu import bare
from core.reply import Choice
from core.router import Router
from handlers import texts
from handlers.answer import offered, question_choice
from handlers.turn import Turn, visit
from knowledge.heard import Heard
from services import bindings

routes: Router[Heard] = Router()

_WORDS = {"我的", "我的事", "我的事项", "我的服务", "个人中心", "我的信息"}
_LISTED = 3

MINE = "这里办您自己和家人的事，回复数字就行。"
REMINDED = "认证、体检的提醒会发到这里，到时候不用您惦记。"
BIND_FIRST = "我还不知道您是谁。先绑定一次，提醒才发得到您这里。"
NEAR = "\n下面是相关的问题："

BIND_CHOICE = Choice("绑定身份", "bind")
_CHOICES = (
    Choice("我的提醒", "notice-list"),
    Choice("体检和疗养", "exam"),
    Choice("提醒设置和退订", "notice-settings"),
    Choice("亲属代办", "proxy"),
    BIND_CHOICE,
    Choice("求助单进度", "progress"),
)


@routes.action("mine")
@routes.text(lambda turn: bare(turn.inbound.text) in _WORDS)
async def mine(turn: Turn) -> None:
    """Show it all."""
    turn.result.journey, turn.result.outcome = "menu", "answer"
    turn.finish()
    visit(turn, "mine")
    turn.say(MINE, *_CHOICES, texts.BACK_CHOICE)


@routes.text(lambda turn: turn.heard.journey == "reminders")
async def asks_for_reminders(turn: Turn) -> None:
    """Say how reminders come about, to whoever asks for one."""
    heard = turn.heard
    turn.result.journey, turn.result.outcome, turn.result.score = "reminders", "answer", heard.score
    near = heard.near[:_LISTED]
    turn.result.near = offered(turn, near)
    known = await bindings.bound_to(turn.db, turn.address_id) is not None
    first = texts.MINE_CHOICE if known else BIND_CHOICE
    text = (REMINDED if known else BIND_FIRST) + (NEAR if near else "")
    turn.say(text, *map(question_choice, near), first, texts.PERSON_CHOICE, texts.BACK_CHOICE)
