"""A case in the console over HTTP: read, claimed, answered, refused; and what was typed is never lost."""

import re
from io import BytesIO
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
from sqlalchemy import func, select

from db.cases import CaseEvent, CaseNote, SupportCase
from db.content import FaqDraft
from db.people import Address
from db.turns import Inbox, Outbox
from tests.channels.console import PASSWORD, Clerk, Office, hidden
from tests.channels.web_visitor import Browser
from tests.fakes.casebook import add_case, add_station, hear, say
from tests.unit.test_sniff import EXE, JPEG

pytestmark = pytest.mark.asyncio(loop_scope="session")

_MEGABYTE = 1024 * 1024


async def plea(office: Office, browser: Browser, *words: str) -> SupportCase:
    """Have a visitor of the web chat ask for a person, and say more."""
    for text in ("人工", *words):
        await browser.say(text)
    async with office.site.app.database.snapshot() as db:
        return (await db.scalars(select(SupportCase).order_by(SupportCase.id.desc()).limit(1))).one()


async def current(office: Office, case: SupportCase) -> SupportCase:
    async with office.site.app.database.snapshot() as db:
        return await db.get_one(SupportCase, case.id)


async def sent(office: Office, case: SupportCase) -> list[str]:
    """Return what staff sent to the person."""
    async with office.site.app.database.snapshot() as db:
        rows = await db.scalars(
            select(Outbox).where(Outbox.case_id == case.id, Outbox.staff_id.is_not(None)).order_by(Outbox.id)
        )
        return [row.payload["text"] for row in rows]


def path(case: SupportCase, act: str = "") -> str:
    return f"/console/cases/{case.id}" + (f"/{act}" if act else "")


async def open_case(clerk: Clerk, case: SupportCase) -> str:
    status, html = await clerk.get(path(case))
    assert status == 200, html
    return html


async def answer(clerk: Clerk, html: str, case: SupportCase, text: str, *files: tuple[str, bytes]) -> tuple[int, str]:
    form = aiohttp.FormData(default_to_multipart=True)
    for name, value in (("csrf", clerk.csrf), ("nonce", hidden(html, "nonce")), ("text", text)):
        form.add_field(name, value)
    for name, data in files:
        form.add_field("files", BytesIO(data), filename=name, content_type="image/jpeg")
    async with clerk.session.post(path(case, "answer"), data=form) as response:
        return response.status, clerk._seen(await response.text())


@pytest_asyncio.fixture(loop_scope="session")
async def browser(office: Office) -> Any:
    async with Browser(office.site.url) as found:
        yield found


async def test_from_the_queue_to_the_answer_that_was_read(office: Office, browser: Browser) -> None:
    case = await plea(office, browser, "我的补助上个月没有发")
    async with Clerk(office.site, "agent", name="王五") as clerk:
        _, html = await clerk.get("/console/?tab=unclaimed")
        assert f">{case.code}</a>" in html
        assert "对方：我的补助上个月没有发" in html
        assert "有新话" in html
        html = await open_case(clerk, case)
        assert "我的补助上个月没有发" in html
        status, html = await clerk.post(path(case, "claim"))
        assert (status, "王五 在办" in html) == (200, True)
        status, html = await answer(clerk, html, case, "请把存折拍给我", ("样子.jpg", JPEG))
        assert status == 200
        assert re.findall(r'class="mark">(\S+?)<', html)[-2:] == ["待发", "待发"]
        messages = [m for m in await browser.waiting() if "【" in m["text"]]
        label = f"【工作人员{clerk.staff.id}号】"
        assert [m["text"] for m in messages] == [f"{label}\n请把存折拍给我", f"{label}\n发来一张照片"]
        assert messages[1]["file"]["kind"] == "photo"
        ids = [m["id"] for m in messages]
        assert (await browser.post("/chat/ack", {"ids": ids, "read": True}))[0] == 204
        html = await open_case(clerk, case)
        assert re.findall(r'class="mark">(\S+?)<', html)[-2:] == ["已读", "已读"]
        assert await clerk.audited() == [
            "sign_in", "case_viewed", "case_claimed", "case_viewed", "case_answered", "case_viewed", "case_viewed",
        ]  # fmt: skip
        _, html = await clerk.get("/console/?tab=mine")
        assert f">{case.code}</a>" in html
        assert "已答复，等对方回话" in html
        status, html = await clerk.post(path(case, "close"))
        assert "重新打开" in html
        await browser.say("5")
        assert (await current(office, case)).rating == 5
        status, html = await clerk.post(path(case, "reopen"))
        assert (status, "王五 在办" in html) == (200, True)


async def test_a_colleague_was_faster_and_the_words_stay(office: Office, browser: Browser) -> None:
    case = await plea(office, browser)
    async with Clerk(office.site, "agent", name="赵六") as first, Clerk(office.site, "agent", name="钱七") as second:
        html = await open_case(second, case)
        await first.get(path(case))
        await first.post(path(case, "claim"))
        status, html = await answer(second, html, case, "我写了很久的答复")
        assert status == 422
        assert "正由赵六办理，您的内容没有发出" in html
        assert ">我写了很久的答复</textarea>" in html
        assert await sent(office, case) == []
        status, html = await second.post(path(case, "close"))
        assert (status, "正由赵六办理" in html) == (422, True)
        status, _ = await second.post(path(case, "note"), {"nonce": "12345678", "note": "我先问过了"})
        assert status == 200
        office.clock.advance(31 * 60)
        await second.sign_in()
        status, html = await second.get(path(case))
        assert "接过来办" in html
        assert (await answer(second, html, case, "我写了很久的答复"))[0] == 200
        assert len(await sent(office, case)) == 1


async def test_a_double_click_is_one_message(office: Office, browser: Browser) -> None:
    case = await plea(office, browser)
    async with Clerk(office.site, "agent") as clerk:
        html = await open_case(clerk, case)
        for _ in range(2):
            assert (await answer(clerk, html, case, "好的"))[0] == 200
            await clerk.post(path(case, "note"), {"nonce": "abcdefgh", "note": "记一笔"})
        assert len(await sent(office, case)) == 1
        async with office.site.app.database.snapshot() as db:
            assert await db.scalar(select(func.count(CaseNote.id)).where(CaseNote.case_id == case.id)) == 1
        html = await open_case(clerk, case)
        await answer(clerk, html, case, "好的")
        assert len(await sent(office, case)) == 2


async def test_a_reply_half_written_when_the_session_ended(office: Office, browser: Browser) -> None:
    case = await plea(office, browser)
    async with Clerk(office.site, "agent") as clerk:
        html = await open_case(clerk, case)
        office.clock.advance(31 * 60)
        status, html = await answer(clerk, html, case, "请带上身份证和退伍证，\n到服务站一楼办。")
        assert (status, "请重新登录" in html) == (401, True)
        fields = {"login": clerk.staff.login, "password": PASSWORD, "kept": hidden(html, "kept")}
        status, html = await clerk.post("/console/sign-in", fields)
        assert (status, "到服务站一楼办。</textarea>" in html) == (200, True)
        assert html.count("<textarea") == 1
        assert await sent(office, case) == []
        words = re.search(r'<textarea name="text"[^>]*>([^<]*)<', html)
        assert words is not None
        status, html = await clerk.post(path(case, "answer"), {"nonce": hidden(html, "nonce"), "text": words[1]})
        assert status == 200
        assert [text.partition("\n")[2] for text in await sent(office, case)] == [
            "请带上身份证和退伍证，\n到服务站一楼办。"
        ]


@pytest.mark.parametrize(
    ("name", "data", "sentence"),
    [
        ("照片.jpg", b"\xff\xd8\xff" + bytes(30 * _MEGABYTE), "太大了，没有收下。一个文件最多 20 MB"),
        ("照片.jpg", EXE, "不是能收的文件，没有收下"),
        ("说明.html", b"<html><script>alert(1)</script>", "不是能收的文件"),
        ("空.txt", b"", "是空的，没有收下"),
    ],
    ids=["30 MB", "an executable renamed", "html", "empty"],
)
async def test_a_file_that_is_refused_loses_no_words(
    office: Office, browser: Browser, name: str, data: bytes, sentence: str
) -> None:
    case = await plea(office, browser)
    async with Clerk(office.site, "agent") as clerk:
        html = await open_case(clerk, case)
        status, html = await answer(clerk, html, case, "照片在下面", ("好.jpg", JPEG), (name, data))
        assert status == 422
        assert sentence in html
        assert ">照片在下面</textarea>" in html
        assert await sent(office, case) == []


async def test_five_thousand_characters_arrive_whole(office: Office, browser: Browser) -> None:
    case = await plea(office, browser)
    text = "".join(f"第{number}句话，请您慢慢看。" for number in range(400))[:5000]
    async with Clerk(office.site, "agent") as clerk:
        html = await open_case(clerk, case)
        status, html = await answer(clerk, html, case, text)
        assert status == 200
        parts = await sent(office, case)
        assert len(parts) == 2
        assert "".join(parts).partition("\n")[2] == text
        status, html = await answer(clerk, html, case, "长" * 20_001)
        assert (status, "写得太长了" in html) == (422, True)
        assert "长" * 20_001 in html


async def test_a_note_reaches_no_person(office: Office, browser: Browser) -> None:
    case = await plea(office, browser)
    async with Clerk(office.site, "agent") as clerk:
        await open_case(clerk, case)
        status, html = await clerk.post(path(case, "note"), {"nonce": "abcdefgh", "note": "此人脾气急"})
        assert (status, "此人脾气急" in html) == (200, True)
        status, html = await clerk.post(path(case, "note"), {"nonce": "abcdefgi", "note": " "})
        assert (status, "请先写下要说的话" in html) == (422, True)
    async with office.site.app.database.snapshot() as db:
        payloads = await db.scalars(select(Outbox.payload).where(Outbox.address_id == case.address_id))
        assert "脾气" not in "".join(payload["text"] for payload in payloads)
    _, history = await browser.get("/chat/history")
    assert "脾气" not in str(history)


async def test_another_stations_case_can_neither_be_read_nor_touched(office: Office) -> None:
    async with office.site.app.database.transaction() as db:
        mine, theirs = await add_station(db, "甲镇服务站"), await add_station(db, "乙镇服务站")
        case = await add_case(db, office.clock(), station_id=theirs.id, question="乙镇的事")
    async with Clerk(office.site, "agent", station_id=mine.id) as clerk:
        status, html = await clerk.get(path(case))
        assert (status, "没有找到这张求助单" in html, "乙镇的事" in html) == (404, True, False)
        for act in ("claim", "close", "answer", "note", "kind", "transfer", "draft", "petition", "reopen"):
            fields = {"text": "越权", "note": "越权", "kind": "errand", "to": "station:0", "step": "notice"}
            status, html = await clerk.post(path(case, act), fields)
            assert (status, "没有找到这张求助单" in html) == (422, True), act
        assert "乙镇的事" not in (await clerk.get("/console/?q=乙镇"))[1]
    async with office.site.app.database.snapshot() as db:
        found = await db.get_one(SupportCase, case.id)
        assert (found.status, found.kind, found.station_id) == ("open", "consult", theirs.id)


async def test_an_editor_sees_no_case(office: Office, browser: Browser) -> None:
    case = await plea(office, browser)
    async with Clerk(office.site, "editor") as clerk:
        for page in (path(case), "/console/?tab=waiting", "/console/queue", "/console/alarm"):
            _, html = await clerk.get(page)
            assert case.code not in html, page


async def test_words_of_a_person_are_shown_and_never_run(office: Office, browser: Browser) -> None:
    case = await plea(office, browser, "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>")
    async with Clerk(office.site, "agent") as clerk:
        for page in (path(case), "/console/?tab=waiting"):
            _, html = await clerk.get(page)
            assert "&lt;script&gt;" in html
            assert "<script>alert" not in html
            assert "<img src=x" not in html


async def test_transfer_to_a_station_out_of_sight_and_to_a_colleague(office: Office, browser: Browser) -> None:
    case = await plea(office, browser)
    async with office.site.app.database.transaction() as db:
        here, there = await add_station(db, "丙镇服务站"), await add_station(db, "丁镇服务站")
    async with (
        Clerk(office.site, "agent", station_id=here.id) as clerk,
        Clerk(office.site, "agent", station_id=there.id, name="孙八") as other,
        Clerk(office.site, "admin") as admin,
    ):
        await open_case(clerk, case)
        await clerk.post(path(case, "transfer"), {"to": f"station:{here.id}"})
        status, html = await clerk.post(path(case, "transfer"), {"to": f"staff:{other.staff.id}"})
        assert (status, "请先选择转给谁" in html) == (422, True)
        status, html = await clerk.post(path(case, "transfer"), {"to": f"station:{there.id}"})
        assert (status, f"求助单 {case.code} 已经转走了" in html) == (200, True)
        assert (await clerk.get(path(case)))[0] == 404
        await open_case(admin, case)
        status, html = await admin.post(path(case, "transfer"), {"to": f"staff:{other.staff.id}"})
        assert (status, "转给 孙八" in html, "孙八 在办" in html) == (200, True, True)
        assert (await current(office, case)).claimed_by == other.staff.id


async def test_kind_petition_and_its_steps(office: Office, browser: Browser) -> None:
    case = await plea(office, browser)
    async with Clerk(office.site, "lead") as clerk:
        await open_case(clerk, case)
        status, html = await clerk.post(path(case, "kind"), {"kind": "petition"})
        assert (status, "受理告知书" in html) == (200, True)
        status, html = await clerk.post(path(case, "petition"), {"step": "extend", "reason": " "})
        assert (status, "延期要写明理由" in html) == (422, True)
        for step in ("notice", "extend", "decide", "ask_review", "review"):
            status, html = await clerk.post(path(case, "petition"), {"step": step, "reason": "要外出调查"})
            assert status == 200, (step, html)
        assert "延期 30 天，理由：要外出调查" in html
        assert "复查意见书已送达" in html
        status, html = await clerk.post(path(case, "petition"), {"step": "notice"})
        assert (status, "已经登记过了" in html) == (422, True)
        status, html = await clerk.post(path(case, "kind"), {"kind": "nonsense"})
        assert (status, "没有这一类" in html) == (422, True)


async def test_a_danger_is_called_out_until_taken_and_a_false_alarm_is_one_act(office: Office) -> None:
    async with Clerk(office.site, "agent") as clerk, Browser(office.site.url) as browser:
        await browser.say("我不想活了")
        async with office.site.app.database.snapshot() as db:
            case = (await db.scalars(select(SupportCase).order_by(SupportCase.id.desc()).limit(1))).one()
        assert case.crisis
        alarm = (await clerk.get("/console/alarm"))[1]
        assert f">{case.code}</a>" in alarm
        assert "不想活" not in alarm
        _, html = await clerk.get("/console/?tab=waiting")
        assert html.index(f">{case.code}</a>") == min(
            html.index(f">{c}</a>") for c in re.findall(r'class="code"[^>]*>(\w+)<', html)
        )
        html = await open_case(clerk, case)
        status, html = await clerk.post(path(case, "false-alarm"))
        assert (status, "误报，关闭了" in html) == (200, True)
        assert case.code not in (await clerk.get("/console/alarm"))[1]
        assert (await current(office, case)).outcome == "false_alarm"


async def test_a_case_that_is_no_danger_is_no_false_alarm(office: Office, browser: Browser) -> None:
    case = await plea(office, browser)
    async with Clerk(office.site, "agent") as clerk:
        await open_case(clerk, case)
        status, html = await clerk.post(path(case, "false-alarm"))
        assert (status, "不能按误报关闭" in html) == (422, True)
        assert (await current(office, case)).status == "open"


async def test_an_answered_case_becomes_a_draft(office: Office, browser: Browser) -> None:
    case = await plea(office, browser, "立功受奖有没有奖励")
    async with Clerk(office.site, "agent") as clerk:
        html = await open_case(clerk, case)
        status, html = await clerk.post(path(case, "draft"))
        assert (status, "还没有工作人员的文字答复" in html) == (422, True)
        html = await open_case(clerk, case)
        await answer(clerk, html, case, "有，标准见当地文件。")
        status, html = await clerk.post(path(case, "draft"))
        assert (status, "已转为问答草稿" in html) == (200, True)
    async with office.site.app.database.snapshot() as db:
        draft = (await db.scalars(select(FaqDraft).where(FaqDraft.case_id == case.id))).one()
        assert draft.answer == "有，标准见当地文件。"


async def test_suggestions_come_with_their_source_and_only_after_the_page_was_opened(
    office: Office, browser: Browser
) -> None:
    case = await plea(office, browser, "优待证怎么办")
    async with Clerk(office.site, "agent") as clerk, Clerk(office.site, "agent") as other:
        html = await open_case(clerk, case)
        opened = re.findall(r'data-(?:load|parts)="([^"]+)"', html)
        assert len(opened) == 2
        for address in opened:
            status, found = await clerk.get(address.replace("&amp;", "&"))
            assert status == 200
            assert (await other.get(address))[0] == 403
            assert (await clerk.get(address.partition("?")[0]))[0] == 403
            if "suggestions" in address:
                assert "优待证" in found
                assert "依据：" in found
        views = [action for action in await clerk.audited() if action == "case_viewed"]
        assert len(views) == 1


async def test_a_search_is_recorded_without_long_numbers(office: Office, browser: Browser) -> None:
    case = await plea(office, browser, "我的电话是13800138000")
    async with Clerk(office.site, "agent") as clerk:
        _, html = await clerk.get("/console/?q=13800138000")
        assert f">{case.code}</a>" in html
        assert "cases_searched" in await clerk.audited()
    async with Clerk(office.site, "admin") as admin:
        _, html = await admin.get("/console/audit")
        assert "13800138000" not in html


async def test_bad_addresses_are_answered_calmly(office: Office) -> None:
    async with Clerk(office.site, "agent") as clerk:
        for query in (
            "tab=nonsense",
            "page=-3",
            "page=99999999999999999999",
            "station=x",
            "kind=<b>",
            "q=%00%25_",
            "q=" + "长" * 500,
        ):
            assert (await clerk.get(f"/console/?{query}"))[0] == 200, query
        assert (await clerk.get("/console/cases/999999999"))[0] == 404
        assert (await clerk.get("/console/cases/999999999999999999"))[0] == 404


async def test_the_stream_tells_of_new_words_and_marks(office: Office, browser: Browser) -> None:
    case = await plea(office, browser)
    async with (
        Clerk(office.site, "agent") as clerk,
        clerk.session.get(f"/console/stream?case={case.id}", timeout=aiohttp.ClientTimeout(total=20)) as stream,
    ):

        async def heard() -> str:
            while not (line := (await stream.content.readline()).decode()).startswith("data: "):
                assert line, "the stream ended"
            return line

        seen = [await heard()]
        await browser.say("还有一件事")
        seen.append(await heard())
        html = await open_case(clerk, case)
        await answer(clerk, html, case, "您说")
        seen.append(await heard())
        unread = [m["id"] for m in await browser.waiting()]
        await browser.post("/chat/ack", {"ids": unread, "read": True})
        seen.append(await heard())
        assert len(set(seen)) == 4


async def test_history_in_words(office: Office) -> None:
    async with office.site.app.database.transaction() as db:
        case = await add_case(db, office.clock(), status="closed", closed_at=office.clock(), outcome="idle")
        address = await db.get_one(Address, case.address_id)
        address.reachable = False
        happened: list[tuple[str, dict[str, Any]]] = [
            ("opened", {"reason": "no_answer"}), ("kind", {"before": "consult", "after": "benefit"}),
            ("escalated", {"level": 2}), ("alerted", {"staff": [1, 2]}), ("rated", {"mark": 4}),
            ("closed", {"outcome": "idle"}), ("reopened", {}), ("unreachable", {"outbox_id": 1}), ("new_one", {}),
        ]  # fmt: skip
        db.add_all(CaseEvent(case_id=case.id, kind=k, detail=d, at=office.clock()) for k, d in happened)
        await hear(db, case, "sticker", office.clock(), kind="event")
        await hear(db, case, "human", office.clock(), kind="action")
        await hear(db, case, "location", office.clock(), kind="event", place={"latitude": 30.1, "longitude": 120.2})
        await say(db, case, "没到的话", office.clock(), status="dead")
    async with Clerk(office.site, "admin") as clerk:
        html = await open_case(clerk, case)
        for words in (
            "建立求助单：提醒几次没有回音", "把类型从咨询改为待遇", "超过答复时限，已提醒服务站负责人", "已通知 2 位在岗人员",
            "对方评价：4 分，满意", "对方很久没有回话，自动办结", "对方 重新打开", "没有送到：对方已屏蔽", "有变动", "（表情）",
            "（点了一个选项）", "北纬 30.1", "失败", "对方已屏蔽我们",
        ):  # fmt: skip
            assert words in html, words


async def test_what_was_written_stays_with_its_case(office: Office, browser: Browser) -> None:
    case = await plea(office, browser, "第一句", "第二句")
    async with Clerk(office.site, "agent") as clerk:
        html = await open_case(clerk, case)
        assert html.count(">第一句</p>") == html.count(">第二句</p>") == 1
    async with office.site.app.database.snapshot() as db:
        rows = await db.scalars(select(Inbox.text).where(Inbox.case_id == case.id, Inbox.kind == "text"))
        assert set(rows) == {"人工", "第一句", "第二句"}


async def test_the_grid_worker_reads_whom_to_visit_and_where(office: Office, browser: Browser) -> None:
    for text in ("上门", "2", "李秀英 13987654321", "3", "1", "北门村三组 12 号", "1", "1"):
        await browser.say(text)
    async with office.site.app.database.transaction() as db:
        station_id = (await add_station(db, "北门服务站")).id
        case = (await db.scalars(select(SupportCase).order_by(SupportCase.id.desc()).limit(1))).one()
        case.station_id = station_id
    async with Clerk(office.site, "grid", station_id=station_id) as clerk:
        html = await open_case(clerk, case)
        for hidden_yet in ("李秀英", "13987654321", "三组 12 号"):
            assert hidden_yet not in html
        for words in ("李**", "139****4321", "北门村三组***", "见“上门”", "显示姓名、电话和地址"):
            assert words in html
        assert "case_visit_revealed" not in await clerk.audited()
        status, html = await clerk.post(path(case, "visit"))
        assert status == 200
        for words in ("李秀英", "13987654321", "北门村三组 12 号", "这次查看已记录"):
            assert words in html
        assert (await clerk.audited())[-1] == "case_visit_revealed"
        assert (await clerk.post(path(case, "visit").replace(str(case.id), "999999999")))[0] == 404
