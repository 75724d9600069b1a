"""A draft is made of staff's own words, once per case, and is done only with a source."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from core.errors import Refusal
from core.reply import Reply
from core.turn import Inbound
from db.cases import SupportCase
from db.content import FaqDraft
from db.engine import Database
from db.staff import Staff
from db.turns import Inbox
from handlers.casework import Casework
from knowledge.entry import Profile
from services import case_talk, draft_entries, drafts
from services.case_talk import StoredFile
from tests.fakes.clock import SettableClock
from tests.storage.bureau import add_case, add_staff, add_station

CASEWORK = Casework(Profile, timedelta(minutes=30), {"telegram": 40})
PICTURE = StoredFile("photo", "a.jpg", "image/jpeg", 10, "0" * 64)
DONE = {"question": "优待证丢了怎么补", "answer": "带身份证到服务站补办。", "source": "《优待证管理办法》第三条"}


@pytest.fixture
async def agent(database: Database, clock: SettableClock) -> Staff:
    async with database.transaction() as db:
        return await add_staff(db, clock(), "agent")


async def _answered(
    database: Database, agent: Staff, clock: SettableClock, question: str = "优待证怎么补办", *answers: str
) -> SupportCase:
    async with database.transaction() as db:
        case = await add_case(db, clock(), question)
        for number, words in enumerate(answers or ("带身份证来服务站。",)):
            await CASEWORK.answer(db, case.id, agent, words, clock(), key=f"{case.id}:{number}")
    return case


async def _draft(database: Database, case: SupportCase, staff: Staff, clock: SettableClock) -> FaqDraft:
    async with database.transaction() as db:
        return await drafts.from_case(db, case.id, staff, clock())


async def test_staffs_words_without_labels_notes_files_and_the_services_own(
    database: Database, agent: Staff, clock: SettableClock
) -> None:
    long = "第一句话说到这里就完了。" * 5  # over the limit of the channel, so it goes out in parts
    case = await _answered(
        database,
        agent,
        clock,
        "优待证怎么补办，我电话 13800001234，身份证 33010619500101123X",
        long,
        "【注意】\n要本人来。",
    )
    async with database.transaction() as db:
        await CASEWORK.answer(db, case.id, agent, "", clock(), key="picture", files=[PICTURE])
        await CASEWORK.note(db, case.id, agent, "他脾气急", clock(), key="note")
        await case_talk.tell(db, await db.get_one(SupportCase, case.id), Reply("自动的话"), 4000, clock(), "own")
    draft = await _draft(database, case, agent, clock)
    assert draft.question == "优待证怎么补办，我电话 ***，身份证 ***"
    assert draft.answer.replace("\n", "") == long + "【注意】要本人来。"
    assert (draft.status, draft.source, draft.staff_id) == ("review", None, agent.id)


async def test_the_persons_first_words_stand_in_for_a_question(
    database: Database, agent: Staff, clock: SettableClock
) -> None:
    case = await _answered(database, agent, clock, "")
    with pytest.raises(Refusal, match="没有对方的文字"):
        await _draft(database, case, agent, clock)
    async with database.transaction() as db:
        for number, words in enumerate(("我想问补贴", "还有体检")):
            inbound = Inbound("telegram", f"e{number}", "7", "text", words)
            values = {"channel": "telegram", "event_id": inbound.event_id, "kind": "text", "text": words}
            db.add(Inbox(**values, address_id=case.address_id, case_id=case.id, at=clock.advance(1)))
    assert (await _draft(database, case, agent, clock)).question == "我想问补贴"


async def test_a_case_without_answer_or_made_before_or_out_of_sight_is_refused(
    database: Database, agent: Staff, clock: SettableClock
) -> None:
    async with database.transaction() as db:
        unanswered = await add_case(db, clock())
        north, south = await add_station(db, "北站"), await add_station(db, "南站")
        elsewhere = await add_staff(db, clock(), "agent", south)
    with pytest.raises(Refusal, match="还没有工作人员的文字答复"):
        await _draft(database, unanswered, agent, clock)
    case = await _answered(database, agent, clock)
    async with database.transaction() as db:
        (await db.get_one(SupportCase, case.id)).station_id = north.id
    with pytest.raises(Refusal, match="没有找到这张求助单"):
        await _draft(database, case, elsewhere, clock)
    await _draft(database, case, agent, clock)
    with pytest.raises(Refusal, match="已经转成问答草稿"):
        await _draft(database, case, agent, clock)
    async with database.snapshot() as db:
        assert len((await db.scalars(select(FaqDraft))).all()) == 1


async def test_editors_see_every_draft_and_others_those_of_their_cases(
    database: Database, agent: Staff, clock: SettableClock
) -> None:
    case = await _answered(database, agent, clock)
    draft = await _draft(database, case, agent, clock)
    async with database.transaction() as db:
        north, south = await add_station(db, "北站"), await add_station(db, "南站")
        (await db.get_one(SupportCase, case.id)).station_id = north.id
        staff = {role: await add_staff(db, clock(), role) for role in ("admin", "editor", "grid")}
        staff |= {
            "north": await add_staff(db, clock(), "agent", north),
            "south": await add_staff(db, clock(), "lead", south),
        }
    seen = {}
    for name, one in staff.items():
        async with database.snapshot() as db:
            seen[name] = [found.id for found, _ in await drafts.listing(db, one, "review")]
    nobody: list[int] = []
    assert seen == {"admin": [draft.id], "editor": [draft.id], "north": [draft.id], "south": nobody, "grid": nobody}
    async with database.transaction() as db:
        for refused in (
            drafts.find(db, staff["south"], draft.id),
            drafts.change(db, staff["south"], draft.id, DONE, "done"),
        ):
            with pytest.raises(Refusal, match="没有找到这份草稿"):
                await refused


async def test_done_needs_a_source_and_texts_that_fit(database: Database, agent: Staff, clock: SettableClock) -> None:
    draft = await _draft(database, await _answered(database, agent, clock), agent, clock)
    for words, status, said in (
        (DONE | {"source": "  "}, "done", "请写上依据"),
        (DONE | {"question": ""}, "review", "问题要写"),
        (DONE | {"answer": ""}, "done", "回答要写"),
        (DONE | {"answer": "长" * 421}, "done", "最多 420 个字，现在是 421 个字"),
    ):
        async with database.transaction() as db:
            with pytest.raises(Refusal, match=said):
                await drafts.change(db, agent, draft.id, words, status)
    async with database.transaction() as db:
        await drafts.change(db, agent, draft.id, DONE | {"answer": "长" * 421, "source": ""}, "review")
        found, code = await drafts.find(db, agent, draft.id)
        with pytest.raises(Refusal, match="还没有完成"):
            draft_entries.entry_of(found, code, clock())
