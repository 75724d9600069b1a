"""Canned replies and drafts in the console: kept by those who write, finished with a source, taken out as a file."""

from typing import Any

import pytest
import yaml

from db.content import FaqDraft
from services import canned
from tests.channels.console import Clerk, Office
from tests.storage.bureau import add_case

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def _draft(office: Office, question: str, **columns: Any) -> int:
    async with office.site.app.database.transaction() as db:
        case = await add_case(db, office.clock())
        values = {"answer": "带身份证来。", "staff_id": columns.pop("staff_id"), "at": office.clock()}
        draft = FaqDraft(case_id=case.id, question=question, **values | columns)
        db.add(draft)
    return draft.id


async def test_canned_replies_from_empty_to_changed_to_gone(office: Office) -> None:
    async with Clerk(office.site, "agent") as clerk:
        _, html = await clerk.get("/console/canned")
        assert ("还没有常用语" in html, "放入常用语" in html) == (True, True)
        _, html = await clerk.post("/console/canned/defaults")
        assert ("放入了 6 条" in html, "放入常用语" in html) == (True, False)
        _, html = await clerk.post("/console/canned", {"title": "回访", "text": "{name}您好。"})
        assert ("已添加" in html, "回访" in html) == (True, True)
        async with office.site.app.database.snapshot() as db:
            reply = next(one for one in await canned.everything(db) if one.title == "回访")
        path = f"/console/canned/{reply.id}"
        status, html = await clerk.post(path, {"title": "回访", "text": "{phone}您好。"})
        assert (status, "没有 {phone} 这个空" in html, ">{phone}您好。</textarea>" in html) == (422, True, True)
        status, html = await clerk.post("/console/canned", {"title": "<i>", "text": "{没写完"})
        assert (status, 'value="&lt;i&gt;"' in html, ">{没写完</textarea>" in html) == (422, True, True)
        _, html = await clerk.post(path, {"title": "回访二", "text": "您好。"})
        assert "回访二" in html
        _, html = await clerk.post(f"{path}/remove")
        assert "“回访二”已删除" in html
        status, html = await clerk.post(f"{path}/remove")
        assert (status, "已经不在了" in html) == (422, True)
        assert (await clerk.audited())[1:] == ["canned_defaults", "canned_added", "canned_changed", "canned_removed"]
    async with Clerk(office.site, "grid") as clerk:
        assert (await clerk.get("/console/canned"))[0] == 403


async def test_a_draft_is_finished_with_a_source_and_taken_out(office: Office) -> None:
    async with Clerk(office.site, "editor") as clerk:
        draft_id = await _draft(office, "<u>优待证怎么补", staff_id=clerk.staff.id)
        _, html = await clerk.get("/console/drafts")
        assert ("&lt;u&gt;优待证怎么补" in html, "/console/cases/" in html) == (True, False)
        path = f"/console/drafts/{draft_id}"
        words = {"question": "优待证怎么补", "answer": "带身份证来服务站。", "source": ""}
        await clerk.get(path)
        status, html = await clerk.post(path, words | {"status": "done"})
        assert (status, "请写上依据" in html, ">带身份证来服务站。</textarea>" in html) == (422, True, True)
        assert (await clerk.get(f"{path}/entry.yaml"))[0] == 422
        assert (await clerk.get("/console/drafts/done.yaml"))[0] == 422
        _, html = await clerk.post(path, words | {"source": "《办法》第三条", "status": "done"})
        assert ("草稿已完成" in html, "phrasings\uff1a至少 6 种问法" in html) == (True, True)
        for address in (f"{path}/entry.yaml", "/console/drafts/done.yaml"):
            async with clerk.session.get(address) as response:
                assert "attachment" in response.headers["Content-Disposition"]
                (row,) = yaml.safe_load(await response.text())["entries"]
            assert (row["question"], row["sources"]) == ("优待证怎么补", [{"title": "《办法》第三条"}])
        assert (await clerk.audited())[-3:] == ["draft_changed", "drafts_exported", "drafts_exported"]
        await clerk.post(path, words | {"status": "dropped"})
        assert "没有已完成的草稿" in (await clerk.get("/console/drafts?status=done"))[1]
        assert (await clerk.post(path, words | {"status": "gone"}))[0] == 400
        assert (await clerk.get("/console/drafts?status=x"))[0] == 200
        assert (await clerk.get("/console/drafts/999999"))[0] == 422


async def test_staff_with_cases_get_to_the_case(office: Office) -> None:
    async with Clerk(office.site, "agent") as clerk:
        draft_id = await _draft(office, "体检怎么约", staff_id=clerk.staff.id)
        assert "/console/cases/" in (await clerk.get(f"/console/drafts/{draft_id}"))[1]
        assert "/console/cases/" in (await clerk.get("/console/drafts"))[1]
