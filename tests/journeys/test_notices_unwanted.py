"""退订 and its kin: one word, in any state, on any channel, while staff are talking; and one word back."""

import pytest
from sqlalchemy import select

from core.reply import Choice
from db.engine import Database
from db.people import NoticeStop, Person
from handlers import notice_list, notices, quiet_hours, texts
from services.notice_kinds import KINDS, STOPPABLE
from tests.fakes.clock import SettableClock
from tests.journeys.notified import Notified, enrol
from tests.journeys.office import Clerk, hire, only_case
from tests.journeys.test_anytime import STATES
from tests.journeys.world import Visitor

DONE = Choice("已办理", "cert-done:1")


async def _stopped(database: Database) -> set[str]:
    async with database.snapshot() as db:
        return set(await db.scalars(select(NoticeStop.kind)))


@pytest.fixture
async def notified(database: Database, clock: SettableClock) -> Notified:
    return await enrol(database, clock, "web", "telegram")


@pytest.mark.parametrize("before", STATES.values(), ids=STATES.keys())
async def test_one_word_stops_the_kind_that_came_last_in_any_state(notified: Notified, before: tuple[str, ...]) -> None:
    await notified.gets("certification")
    await notified.tick()
    if before:
        await notified.visitor.says(*before)
    said = await notified.visitor.says("退订")
    assert said.text.startswith("好的，“生存认证提醒”不再发给您了。")
    assert "恢复提醒" in said.text
    key = await notified.gets("certification")
    assert await notified.tick() == []
    row = await notified.row(key)
    assert (row.status, row.error) == ("cancelled", "stopped")


@pytest.mark.parametrize("word", ["TD", "别发了", "不要再发了。", "不用提醒了", "退订了", "\uff34\uff24"])
async def test_other_words_for_it(notified: Notified, word: str) -> None:
    await notified.gets("news", "明天放假")
    await notified.tick()
    assert "“通知公告”不再发给您了" in (await notified.visitor.says(word)).text


async def test_it_holds_on_every_account_of_the_person(notified: Notified) -> None:
    await notified.gets("news", "一")
    await notified.tick()
    waiting = await notified.gets("news", "二", account=1)
    await notified.visitor.says("退订")
    assert (await notified.row(waiting)).error == "stopped"
    await notified.gets("news", "三", account=1)
    await notified.gets("certification", "四", account=1)
    assert [row.payload["text"] for row in await notified.tick()] == ["四"]
    said = await notified.visitors[1].says("恢复提醒")
    assert "通知公告" in said.text
    await notified.gets("news", "五")
    assert [row.payload["text"] for row in await notified.tick()] == ["五"]


async def test_what_was_let_go_but_not_sent_is_called_back(notified: Notified) -> None:
    await notified.gets("news", "一")
    await notified.tick()
    late = await notified.gets("news", "二")
    await notified.tick(send=False)
    assert (await notified.row(late)).status == "ready"
    await notified.visitor.says("退订")
    assert ((await notified.row(late)).status, (await notified.row(late)).error) == ("cancelled", "stopped")


async def test_without_a_notice_it_asks_which_kind(notified: Notified, database: Database) -> None:
    said = await notified.visitor.says("退订")
    assert said.text == notices.ASK_KIND
    labels = [kind.label for kind in STOPPABLE.values()]
    assert list(said.menu.values()) == [*labels[:4], texts.MORE, "都退订", "返回"]
    said = await notified.visitor.says(said.digit(texts.MORE))
    assert list(said.menu.values()) == [*labels[4:], "都退订", "返回"]
    said = await notified.visitor.says("退订")
    said = await notified.visitor.says(said.digit("体检和疗养提醒"))
    assert "您约好的名额还在" in said.text
    assert await _stopped(database) == {"exam"}


async def test_a_kind_by_name(notified: Notified, database: Database) -> None:
    await notified.visitor.says("退订认证提醒", "退订通知公告")
    assert await _stopped(database) == {"certification", "news"}
    assert (await notified.visitor.says("退订提醒")).text == notices.ASK_KIND


async def test_all_but_appointments(notified: Notified) -> None:
    said = await notified.visitor.says("都退订")
    assert "您约好的体检、疗养、活动，到时候还会提醒一声" in said.text
    for kind in ("certification", "news", "exam"):
        await notified.gets(kind, kind)
    assert [row.payload["text"] for row in await notified.tick()] == ["exam"]
    await notified.visitor.says("退订")  # the last notice was about the exam: by its own word it stops too
    await notified.gets("exam", "again")
    assert await notified.tick() == []
    said = await notified.visitor.says("恢复提醒")
    back = {name for name, kind in KINDS.items() if kind.label in said.text}
    assert back == {name for name, kind in KINDS.items() if not kind.appointment} | {"exam"}


async def test_who_speaks_for_one_is_always_told(notified: Notified, database: Database) -> None:
    await notified.gets("account")
    await notified.tick()
    assert (await notified.visitor.says("退订")).text == notices.ASK_KIND
    assert (await notified.visitor.says("退订绑定和代办通知")).text == notices.ASK_KIND
    await notified.visitor.presses("notice-stop:account")
    await notified.visitor.says("都退订")
    assert "account" not in await _stopped(database)
    await notified.gets("account", "again")
    assert [row.payload["text"] for row in await notified.tick()] == ["again"]


async def test_twice_asks_for_another_kind_and_nothing_left_says_so(notified: Notified) -> None:
    await notified.gets("news")
    await notified.tick()
    await notified.visitor.says("退订")
    said = await notified.visitor.says("退订")
    assert "通知公告" not in said.menu.values()
    for label in [kind.label for kind in STOPPABLE.values() if kind.label != "通知公告"]:
        said = await notified.visitor.says("退订")
        said = await notified.visitor.says(label)
    assert (await notified.visitor.says("退订")).text == notices.STOPPED_ALREADY
    assert (await notified.visitor.says("恢复提醒", "恢复提醒")).text == notices.NOTHING_STOPPED


async def test_while_staff_have_the_case(notified: Notified, database: Database, clock: SettableClock) -> None:
    await notified.gets("news")
    await notified.tick()
    visitor = notified.visitor
    await visitor.says("0")
    case = await only_case(database)
    clerk = Clerk(database, await hire(database), clock)
    await clerk.answers(case.id, "您好")
    assert (await visitor.says("退订")).text.startswith("好的，“通知公告”")
    assert (await visitor.says("2")).rows == []  # meant for staff: it starts and stops nothing
    assert "好的。" in (await visitor.says("免打扰21点到7点")).text
    said = await visitor.says("提醒设置")
    assert "通知公告：已退订" in said.text
    assert "通知公告" in (await visitor.says(said.digit("恢复提醒"))).text
    assert (await visitor.says("我的事怎么样了呢")).rows == []  # the bot is silent as before


async def test_the_settings_show_what_holds(notified: Notified) -> None:
    await notified.visitor.says("退订通知公告")
    said = await notified.visitor.says("提醒设置")
    assert ("生存认证提醒：会发" in said.text, "通知公告：已退订" in said.text) == (True, True)
    assert "晚上8点到早上8点不打扰您" in said.text
    assert len(said.menu) <= 7
    said = await notified.visitor.says(said.digit("不要生存认证提醒"))
    assert "“生存认证提醒”不再发给您了" in said.text


async def test_own_hours_by_digits_in_three_steps(notified: Notified, database: Database) -> None:
    said = await notified.visitor.says("免打扰")
    said = await notified.visitor.says(said.digit("自己定时间"))
    said = await notified.visitor.says(said.digit("晚上9点"))
    said = await notified.visitor.says(said.digit("早上6点"))
    assert said.text.startswith("好的。晚上9点到早上6点不打扰您")
    async with database.snapshot() as db:
        person = await db.get_one(Person, notified.person_id)
    assert (person.quiet_from, person.quiet_until) == (21, 6)
    said = await notified.visitor.says("免打扰", "1")
    assert "晚上8点到早上8点" in said.text
    async with database.snapshot() as db:
        person = await db.get_one(Person, notified.person_id)
    assert (person.quiet_from, person.quiet_until) == (None, None)


async def test_own_hours_in_one_sentence_hold_for_notices(notified: Notified, clock: SettableClock) -> None:
    assert "晚上10点到早上6点不打扰您" in (await notified.visitor.says("免打扰晚上十点到早上六点")).text
    clock.advance(11 * 3600)  # nine in the evening: the bureau's hours would hold it
    await notified.gets("news", "九点")
    assert [row.payload["text"] for row in await notified.tick()] == ["九点"]
    clock.advance(2 * 3600)
    key = await notified.gets("news", "十一点")
    assert await notified.tick() == []
    assert (await notified.row(key)).available_at == clock.moment.replace(hour=22, minute=0)
    said = await notified.visitor.says("取消免打扰")
    assert said.text == quiet_hours.OPEN_KEPT.format(hours=quiet_hours.OPEN)
    clock.advance(8 * 3600)
    assert [row.payload["text"] for row in await notified.tick()] == ["十一点"]


async def test_hours_that_were_not_understood_and_an_account_of_nobody(visitor: Visitor, notified: Notified) -> None:
    assert (await notified.visitor.says("免打扰随便吧")).text == quiet_hours.ASK_AGAIN
    said = await visitor.says("免打扰21点到7点")
    assert ("晚上8点到早上8点" in said.text, "绑定" in said.text) == (True, True)


async def test_new_hours_call_back_what_was_let_go(notified: Notified) -> None:
    key = await notified.gets("news")
    await notified.tick(send=False)
    await notified.visitor.says("免打扰上午9点到下午6点")
    assert (await notified.row(key)).status == "held"
    assert await notified.tick() == []


async def test_several_elders_of_one_proxy_come_as_one_and_are_seen_to_one_by_one(notified: Notified) -> None:
    for name in ("王**", "李**"):
        await notified.gets("certification", f"{name}的生存认证还没有办\n请抽空办一下。", Choice("已办理", f"x:{name}"))
    (row,) = await notified.tick()
    assert (row.payload["choices"], "王**" in row.payload["text"], "李**" in row.payload["text"]) == ([], True, True)
    assert row.payload["text"].endswith("回复“提醒”，可以一件一件办。")
    said = await notified.visitor.says("提醒")
    assert said.text == notice_list.LIST.format(count=2)
    said = await notified.visitor.says(said.digit("李**的生存认证还没有办"))
    assert (said.menu, said.actions) == ({"1": "已办理"}, {"已办理": "x:李**"})
    assert "请抽空办一下" in said.text


async def test_the_list_goes_on_and_one_alone_is_shown_at_once(notified: Notified) -> None:
    assert (await notified.visitor.says("提醒")).text == notice_list.NONE
    await notified.gets("certification", "第0件", DONE)
    await notified.tick()
    said = await notified.visitor.says("提醒")
    assert (said.text, said.menu) == ("第0件", {"1": "已办理"})
    for number in range(1, 7):
        await notified.gets("certification", f"第{number}件", DONE)
    await notified.tick()
    said = await notified.visitor.says("提醒")
    first = list(said.menu.values())
    said = await notified.visitor.says(said.digit(texts.MORE))
    assert sorted({*first, *said.menu.values()} - {"返回", texts.MORE}) == [f"第{number}件" for number in range(7)]
    assert (await notified.visitor.presses("notice-show:99999")).text == notice_list.DONE_WITH


async def test_a_sentence_that_only_begins_so_is_still_a_question(visitor: Visitor) -> None:
    for words in ("提醒我办优待证", "补助别发了，我用不上了", "优待证怎么办"):
        assert (await visitor.says(words)).result["journey"] != "menu"
        assert "不再发给您了" not in (await visitor.says(words)).text
