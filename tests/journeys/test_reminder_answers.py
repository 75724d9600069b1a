"""Answers to a reminder of the certification, by digit and in words, from the person and from family, and nobody else."""

import asyncio
from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from core.clock import CHINA
from db.cases import CaseEvent, SupportCase
from db.engine import Database
from db.people import Address, Person
from db.staff import Staff
from db.turns import Outbox
from handlers import exam_desk, reminded_for, reminder_death, reminder_errands, reminder_wrong, reminders, texts
from services import cases, certifications, deaths, people, person_records, silent_cases, visit_sheet
from services.certifications import Done
from services.silent_cases import Silent
from tests.fakes.clock import SettableClock
from tests.fakes.county import DEADLINE, before
from tests.fakes.examroom import add_batch
from tests.fakes.sealed import VAULT
from tests.journeys.family import Family


@pytest.fixture
async def family(database: Database, clock: SettableClock) -> Family:
    clock.moment = datetime(2027, 2, 1, 2, tzinfo=UTC)
    made = Family(database, clock)
    await made.build()
    await made.county.draft()
    return made


def enumerated(labels: Iterable[str]) -> list[tuple[str, str]]:
    """Number labels as a screen does."""
    return [(str(number), label) for number, label in enumerate(labels, 1)]


async def _cases(family: Family) -> list[SupportCase]:
    async with family.database.snapshot() as db:
        return list(await db.scalars(select(SupportCase).order_by(SupportCase.id)))


async def _certify(family: Family, person: Person) -> None:
    listed = await family.county.listed(person)
    async with family.database.transaction() as db:
        done = Done("self", "本人", "身份证", family.county.lead)
        await certifications.certify(db, listed.id, done, family.clock())


@pytest.mark.parametrize("answer", ["1", "已办理", "办好了", "第一个"])
async def test_done_is_believed_until_staff_have_looked(family: Family, answer: str) -> None:
    person, visitor = await family.at_home()
    await family.remind()
    said = await visitor.says(answer)
    assert said.text == reminders.CLAIMED.format(above="", whom="您")
    listed = await family.county.listed(person)
    assert (listed.status, (await family.county.reminder(person)).next_at) == ("claimed", None)
    assert await family.reminded(before(-3)) == []


async def test_a_digit_answers_the_notice_only_until_the_next_reply(family: Family) -> None:
    _, visitor = await family.at_home()
    await visitor.says("亲属代办")
    await family.remind()
    assert "怎么做" in (await visitor.says("2")).text or "每年做一次" in (await visitor.presses("cert-how:1")).text
    family.clock.advance(60)
    await visitor.says("亲属代办")
    family.clock.advance(60)
    assert "让家人替您办哪些事" in (await visitor.says("1")).text


async def test_how_is_the_entry_word_for_word_and_the_choices_stay(family: Family) -> None:
    _, visitor = await family.at_home()
    await family.remind()
    said = await visitor.says("怎么办")
    assert "每年做一次，手机上或者到服务站都能做。" in said.text
    assert said.result["entry"] == "live-check"
    assert "依据" in said.text
    assert list(said.menu.items()) == [*enumerated(texts.CERTIFICATION_CHOICES.values()), ("0", "找人工")]
    assert said.text.startswith("您今年的生存认证还没办，6月30日前办好就行。\n有不清楚的，请打 0573-88001234（")
    assert reminders.CLAIMED.format(above="", whom="您") == (await visitor.says("1")).text


async def test_coming_to_the_station_opens_an_errand_and_says_where_and_when(family: Family) -> None:
    _, visitor = await family.at_home()
    await family.remind()
    said = await visitor.says("3")
    (case,) = await _cases(family)
    assert (case.kind, case.question, case.station_id) == ("errand", reminder_errands.COME, family.county.station_id)
    assert [
        part for part in (case.code, "城关镇服务站", "0573-88001234", "08:00到12:00") if part not in said.text
    ] == []


async def test_a_visit_asks_why_once_and_says_by_when(family: Family) -> None:
    person, visitor = await family.at_home()
    daughter = await family.relative(person, scopes=["remind", "book"])
    await family.remind()
    said = await visitor.says("4")
    assert said.menu["1"] == "走不动或卧床"
    said = await visitor.says("2")
    assert "预计" in said.text
    other = await daughter.presses(f"cert-visit:{(await family.county.reminder(person)).id}")
    assert "现在替王同志办" in other.text
    await daughter.says("他腿摔断了，打着石膏")
    mine, hers = await _cases(family)
    assert mine.question == "申请上门办生存认证：看不清、听不清。"
    assert hers.question == "女儿 代 王某：申请上门办生存认证：他腿摔断了，打着石膏。"
    assert await family.audited("proxy_acted") == [{"what": "cert-visit", "who": "女儿 代 王某"}]
    async with family.database.snapshot() as db:
        lead = await db.get_one(Staff, family.county.lead)
        line, *_ = await visit_sheet.rows(db, VAULT, family.county.campaign_id, lead)
    assert visit_sheet.FOUND_LABELS[line.visit or ""] == "自己申请上门"


@pytest.mark.parametrize("action", ["cert-book:{}", "cert-visit:{}", "cert-reason:{}.1"])
async def test_who_is_only_reminded_for_another_asks_for_no_appointment(family: Family, action: str) -> None:
    person, _ = await family.at_home()
    daughter = await family.relative(person)
    await family.remind()
    number = (await family.county.reminder(person)).id
    assert (await daughter.presses(action.format(number))).text == reminded_for.NOT_BOOKING.format(whom="王同志")
    assert await _cases(family) == []
    assert "记下了" in (await daughter.presses(f"cert-done:{number}")).text


async def test_what_is_asked_while_a_case_is_open_goes_into_it(family: Family) -> None:
    _, visitor = await family.at_home()
    await visitor.says("0")
    await family.remind()
    assert (await _cases(family))[0].code in (await visitor.says("3")).text
    async with family.database.snapshot() as db:
        asked = list(await db.scalars(select(CaseEvent.detail).where(CaseEvent.kind == "asked")))
    assert (asked, len(await _cases(family))) == ([{"words": reminder_errands.COME}], 1)


@pytest.mark.parametrize(("digit", "days"), [("1", 1), ("2", 7)])
async def test_later_is_at_nine_and_family_is_not_called_for_it(family: Family, digit: str, days: int) -> None:
    person, visitor = await family.at_home()
    await family.remind()
    said = await visitor.says("5", digit)
    assert "截止是6月30日" in said.text
    until = (family.clock() + timedelta(days=days)).astimezone(CHINA).replace(hour=9, minute=0)
    assert (await family.county.reminder(person)).next_at == until
    assert await family.reminded(until) == [visitor.name]


async def test_later_is_never_later_than_the_day_before_the_deadline(family: Family) -> None:
    person, visitor = await family.at_home()
    await family.remind()
    await family.county.goes(before(3))
    await visitor.says("5", "2")
    assert (await family.county.reminder(person)).next_at == before(1)
    await family.county.goes(before(1))
    said = await visitor.says("5", "1")
    assert said.text == reminders.NO_LATER.format(above="", whom="您")
    assert DEADLINE.isoformat() == "2027-06-30"


async def test_old_buttons_are_answered_kindly(family: Family) -> None:
    person, visitor = await family.at_home()
    await family.remind()
    reminder = await family.county.reminder(person)
    await _certify(family, person)
    for action in ("cert-done", "cert-book", "cert-visit", "cert-later"):
        said = await visitor.presses(f"{action}:{reminder.id}")
        assert said.text == reminded_for.DONE_BEFORE.format(whom="您")
    assert await _cases(family) == []


async def test_an_id_from_another_chat_is_refused_and_recorded(family: Family) -> None:
    person, _ = await family.at_home()
    _, other = await family.at_home("赵六")
    booking = await family.relative(person, scopes=["book"])
    ended = await family.relative(person, status="ended")
    await family.remind()
    number = (await family.county.reminder(person)).id
    names = [name for name in texts.CERTIFICATION_CHOICES if name != "cert-how"]
    names += ["cert-stranger", "cert-unbind", "cert-moved", "cert-died", "cert-gone"]
    actions = [f"{name}:{number}" for name in names] + [f"cert-snooze:{number}.1", f"cert-reason:{number}.1"]
    for visitor in (other, booking, ended, family.visitor("stranger")):
        for action in [*actions, "cert-done:999999", "cert-done:", "cert-gone:\u0661"]:
            assert (await visitor.presses(action)).text == reminded_for.NOT_YOURS
    assert (await family.county.listed(person)).status == "open"
    assert (await _cases(family), len(await family.audited("reminder_refused"))) == ([], 4 * (len(actions) + 3))


async def test_a_slip_to_wrong_person_goes_back_to_the_reminder(family: Family) -> None:
    person, visitor = await family.at_home()
    await family.remind()
    said = await visitor.says("不是我", "1", "2")
    assert list(said.menu.values()) == list(texts.CERTIFICATION_CHOICES.values())
    assert (await family.person_of(visitor), await _cases(family)) == (person.id, [])


async def test_wrong_person_loses_the_record_at_once(family: Family) -> None:
    person, visitor = await family.at_home()
    son = await family.relative(person, "儿子")
    await family.remind()
    said = await visitor.says("不是我")
    assert [said.menu[digit] for digit in "123"] == ["发错人了", "本人已去世", "本人已迁走"]
    said = await visitor.says("1")
    assert (said.text, said.menu) == (reminder_wrong.SURE, {"1": "是，发错了", "2": "不是，返回"})
    assert await family.person_of(visitor) == person.id
    said = await visitor.says("1")
    assert await family.person_of(visitor) is None
    (case,) = await _cases(family)
    assert [part for part in ("已经解除绑定", case.code, "请回复：绑定") if part not in said.text] == []
    number = (await family.county.reminder(person)).id
    assert (await son.presses(f"cert-stranger:{number}")).text == reminder_wrong.SURE_FAMILY.format(whom="王同志")
    assert "您替王同志的代办已经停了" in (await son.says("1")).text
    assert [row.status for row in await family.proxies()] == ["ended"]
    assert [case.question for case in await _cases(family)] == [
        reminder_wrong.IS_STRANGER, f"儿子 代 王某：{reminder_wrong.IS_STRANGER}",
    ]  # fmt: skip
    assert (await family.county.listed(person)).status == "open"


async def _seat(family: Family, person: Person) -> None:
    """Have staff sign somebody up late in the evening: what is said of it waits for the morning."""
    family.clock.moment = family.clock().astimezone(CHINA).replace(hour=22)
    day = family.clock().date() + timedelta(days=10)
    async with family.database.transaction() as db:
        _, (session,) = await add_batch(db, (day, "am", 5), title=f"{person.id}号体检")
        staff = await db.get_one(Staff, family.county.lead)
        await exam_desk.sign_up(db, VAULT, staff, session, person.id, family.clock())


async def test_wrong_person_hears_nothing_of_the_persons_places_either(family: Family) -> None:
    person, visitor = await family.at_home()
    son = await family.relative(person, "儿子")
    await family.remind()
    number = (await family.county.reminder(person)).id
    await _seat(family, person)
    assert "已经解除绑定" in (await visitor.presses(f"cert-unbind:{number}")).text
    sent = [row.recipient for row in await family.county.goes(family.clock() + timedelta(hours=11)) if row.notice]
    assert sent == [son.name]


async def test_family_hears_nothing_of_the_places_of_the_dead(family: Family) -> None:
    person, _ = await family.at_home()
    other = await family.on_file("李卫国")
    daughter = await family.relative(person)
    async with family.database.transaction() as db:
        own = (await db.scalars(select(Address).where(Address.external_id == daughter.name))).one()
        own.person_id = other.id
    await _seat(family, person)
    await _seat(family, other)
    async with family.database.transaction() as db:
        await deaths.report(db, VAULT, person.id, family.clock())
    sent = [row for row in await family.county.goes(family.clock() + timedelta(hours=11)) if row.notice]
    assert [(row.recipient, "您" in row.payload["text"].partition("\n")[0]) for row in sent] == [(daughter.name, True)]


async def test_moved_goes_to_staff(family: Family) -> None:
    _, visitor = await family.at_home()
    await family.remind()
    said = await visitor.says("6", "3")
    assert (await _cases(family))[0].code in said.text


async def _dies(family: Family) -> tuple[Person, SupportCase, str]:
    person, elder = await family.at_home()
    daughter = await family.relative(person)
    await family.remind()
    await family.county.goes(before(30))
    async with family.database.transaction() as db:
        (await db.get_one(Staff, family.county.lead)).on_duty = True
    said = await daughter.says("6", "2")
    assert said.menu == {"1": "是的", "2": "不是，选错了"}
    said = await daughter.says("1")
    (case,) = await _cases(family)
    assert await family.notices_to(elder)
    return person, case, said.text


async def test_a_death_stops_everything_and_a_named_person_takes_over(family: Family) -> None:
    person, case, said = await _dies(family)
    assert (case.kind, case.claimed_by, case.category) == ("benefit", family.county.lead, deaths.MATTER)
    assert ("请您节哀" in said, case.code in said, f"工作人员{family.county.lead}号" in said) == (True, True, True)
    assert "王某已去世" in case.question
    assert (await family.county.listed(person)).status == "deceased"
    assert (await family.county.reminder(person)).status == "stopped"
    assert [row.status for row in await family.proxies()] == ["ended"]
    for days in (7, 1, -3):
        assert await family.reminded(before(days)) == []
    assert len(await family.audited("death_told")) == 1


async def test_a_death_told_in_an_open_case_joins_it_and_whoever_has_it_takes_over(family: Family) -> None:
    person, _ = await family.at_home()
    daughter = await family.relative(person)
    await family.remind()
    await daughter.says("0")
    async with family.database.transaction() as db:
        (await db.get_one(Staff, family.county.lead)).on_duty = True
        holder = Staff(login="ag", name="孙办事", role="agent", telegram_id=77, on_duty=True, created_at=family.clock())
        db.add(holder)
        await db.flush()
        case = (await db.scalars(select(SupportCase))).one()
        case.question, case.category = "我父亲的伤残等级评定被退回，要求复核", "伤残"
        await cases.claim(db, case.id, holder, family.clock(), timedelta(days=1))
    said = await daughter.presses(f"cert-gone:{(await family.county.reminder(person)).id}")
    assert f"工作人员{holder.id}号" in said.text
    (after,) = await _cases(family)
    assert (after.question, after.category, after.claimed_by) == (case.question, "伤残", holder.id)
    async with family.database.snapshot() as db:
        (asked,) = await db.scalars(select(CaseEvent.detail).where(CaseEvent.kind == "asked"))
        told = await db.scalars(select(Outbox.recipient).where(Outbox.dedupe_key.startswith("death:")))
        assert ("王某已去世" in asked["words"], list(told)) == (True, ["77"])


@pytest.mark.parametrize("how", ["death", "merge"])
async def test_a_turn_and_a_death_do_not_wait_for_each_other(family: Family, how: str) -> None:
    person, visitor = await family.at_home()
    other = await family.on_file("王建国", "0001", deceased_at=family.clock())
    async with family.database.transaction() as db:
        account = (await db.scalars(select(Address.id).where(Address.person_id == person.id))).one()
        await silent_cases.open_all(db, [Silent(person.id, account, None)], "认证", family.clock())
    talking, comes = asyncio.Event(), asyncio.Event()

    async def turn() -> None:
        async with family.database.transaction() as db:
            await people.open_conversation(db, "telegram", visitor.name, family.clock())
            talking.set()
            with suppress(TimeoutError):
                await asyncio.wait_for(comes.wait(), 0.5)
            await db.get_one(Person, person.id, with_for_update=True)

    async def staff() -> None:
        await talking.wait()
        async with family.database.transaction() as db:
            if how == "death":
                await deaths.report(db, VAULT, person.id, family.clock())
            else:
                lead = await db.get_one(Staff, family.county.lead)
                await person_records.join(db, lead, person.id, other.id, family.clock())
        comes.set()

    await asyncio.gather(turn(), staff())
    assert next(case.status for case in await _cases(family)) == "closed"


async def test_a_slip_of_the_finger_changes_nothing(family: Family) -> None:
    person, visitor = await family.at_home()
    await family.remind()
    assert (await visitor.says("6", "2", "2")).text == reminder_death.MISTAKEN
    assert ((await family.county.listed(person)).status, await _cases(family)) == ("open", [])


async def test_a_mistaken_report_is_taken_back(family: Family) -> None:
    person, _, _ = await _dies(family)
    async with family.database.transaction() as db:
        await deaths.undo(db, await db.get_one(Person, person.id, with_for_update=True), family.clock())
    reminder = await family.county.reminder(person)
    assert ((await family.county.listed(person)).status, reminder.status) == ("open", "pending")
    assert [row.status for row in await family.proxies()] == ["active"]
    assert reminder.next_at is not None
    assert len(await family.reminded(reminder.next_at)) == 2


async def test_staff_report_without_an_account_and_twice_is_once(family: Family) -> None:
    person = await family.on_file()
    async with family.database.transaction() as db:
        first = await deaths.report(db, VAULT, person.id, family.clock())
    async with family.database.transaction() as db:
        assert await deaths.report(db, VAULT, person.id, family.clock()) == deaths.Death(None, None)
    assert (first.case is not None and first.case.reason, len(await _cases(family))) == ("staff", 1)
