"""Posts in the console, over real HTTP: added, looked at where the law asks, changed, closed, opened again, found."""

import re

import pytest

from db.jobs import Employer, Job
from services import job_reports
from tests.channels.console import Clerk, Office, hidden
from tests.channels.job_office import account, closing, employer_of, post, read, typed

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_post_is_added_changed_closed_and_opened_again(office: Office) -> None:
    async with Clerk(office.site, "agent") as clerk:
        path, job = await post(office, clerk, pay="4000-6000")
        assert (job.status, job.source, job.kind, job.pay_from, job.pay_to, job.shift) == (
            "open", "console", "保安", 4000, 6000, "day",
        )  # fmt: skip
        _, html = await clerk.get(f"{path}/edit")
        assert ('value="4000-6000"' in html, 'value="18-55"' in html, "<option selected>白班" in html) == (True,) * 3
        (before,) = await read(office, Job, Job.id == job.id)
        fields = typed(office, title=job.title, employer=(await employer_of(office, job)).name, pay="7000")
        status, html = await clerk.post(f"{path}/edit", fields)
        assert (status, "已保存" in html, "7000 元" in html) == (200, True, True)
        (after,) = await read(office, Job, Job.id == job.id)
        assert (after.pay_from, after.group_id, after.source_ref) == (7000, before.group_id, before.source_ref)
        status, html = await clerk.post(f"{path}/close")
        assert (status, "已停招" in html, "重新开始招" in html) == (200, True, True)
        status, html = await clerk.post(f"{path}/reopen")
        assert (status, "又开始招了" in html) == (200, True)
        status, html = await clerk.post(f"{path}/reopen")
        assert (status, "没有停招" in html) == (422, True)
        assert (await clerk.audited())[1:] == ["job_made", "job_changed", "job_closed", "job_reopened"]


async def test_an_edit_that_changes_nothing_writes_what_stands(office: Office) -> None:
    """Every cell of the form says again what the row holds."""
    async with Clerk(office.site) as clerk:
        path, job = await post(office, clerk, pay="5000以上", age="", shift="", veterans="")
        _, html = await clerk.get(f"{path}/edit")
        fields = dict(re.findall(r'<input (?:type="date" )?name="(\w+)" value="([^"]*)"', html))
        chosen = dict(re.findall(r'<select name="(\w+)">(?:(?!</select>).)*<option selected>([^<]*)', html, re.DOTALL))
        assert (await clerk.post(f"{path}/edit", fields | chosen | {"about": job.about}))[0] == 200
        (after,) = await read(office, Job, Job.id == job.id)
        assert after.changed_at == job.changed_at


async def test_sent_twice_it_is_one_post(office: Office) -> None:
    async with Clerk(office.site) as clerk:
        _, html = await clerk.get("/console/jobs/new")
        fields = typed(office, reference=hidden(html, "reference"))
        for _ in range(2):
            assert (await clerk.post("/console/jobs/new", fields))[0] == 200
        assert len(await read(office, Job, Job.title == fields["title"])) == 1


async def test_what_was_typed_stays_when_it_is_refused_and_every_fault_is_told(office: Office) -> None:
    async with Clerk(office.site) as clerk:
        await clerk.get("/console/jobs/new")
        fields = typed(
            office, pay="-1", title="写了一半的<b>", closes_on=str(closing(office, -1)), contact="13800001234"
        )
        status, html = await clerk.post("/console/jobs/new", fields)
        assert (status, 'value="写了一半的&lt;b&gt;"' in html, 'value="-1"' in html) == (422, True, True)
        assert ("月薪" in html, "截止日期" in html, "填错了列" in html) == (True, True, True)
        assert await read(office, Job, Job.title == fields["title"]) == []
        path, job = await post(office, clerk)
        status, html = await clerk.post(f"{path}/edit", typed(office, pay="100万"))
        assert (status, 'value="100万"' in html) == (422, True)
        assert (await read(office, Job, Job.id == job.id))[0].pay_from == job.pay_from


async def test_what_the_law_may_forbid_waits_for_staff(office: Office) -> None:
    async with Clerk(office.site) as clerk:
        path, job = await post(office, clerk, about="只招男，汉族优先。")
        assert (job.status, len(job.flags) >= 2) == ("review", True)
        _, html = await clerk.get(path)
        assert ("依据：" in html, "就业促进法" in html, "核对过了，放出去" in html) == (True, True, True)
        _, html = await clerk.get("/console/jobs?status=review")
        assert (job.title in html, "处要核对" in html) == (True, True)
        status, html = await clerk.post(f"{path}/approve")
        assert (status, "已放出去" in html) == (200, True)
        assert (await read(office, Job, Job.id == job.id))[0].status == "open"
        assert (await clerk.audited())[-1] == "job_approved"


async def test_a_child_is_never_asked_for(office: Office) -> None:
    async with Clerk(office.site) as clerk:
        await clerk.get("/console/jobs/new")
        status, html = await clerk.post("/console/jobs/new", typed(office, age="15-30"))
        assert (status, "16" in html) == (422, True)


async def test_posts_are_found_by_what_is_typed_and_chosen(office: Office) -> None:
    async with Clerk(office.site) as clerk:
        path, job = await post(office, clerk, title="独一无二的焊工岗", kind="焊工")
        _, other = await post(office, clerk, title="另外一个厨师岗", kind="厨师")
        employer = await employer_of(office, job)
        for query in (
            "text=独一无二&city=如东县",
            f"employer={employer.id}",
            "kind=焊工&text=独一",
            f"text={job.source_ref}",
        ):
            _, html = await clerk.get(f"/console/jobs?{query}")
            assert (job.title in html, other.title in html) == (True, False), query
        _, html = await clerk.get("/console/jobs?text=没有这样的岗位")
        assert "没有这样的岗位。" in html
        await clerk.get(path)
        await clerk.post(f"{path}/close")
        _, html = await clerk.get("/console/jobs?status=closed&text=独一无二")
        assert job.title in html
        for nonsense in ("page=99999999999", "employer=abc", "status=nothing", "event=x", "page=0"):
            assert (await clerk.get(f"/console/jobs?{nonsense}"))[0] == 200, nonsense


async def test_ten_thousand_posts_are_paged_by_the_database(office: Office) -> None:
    async with Clerk(office.site) as clerk:
        _, job = await post(office, clerk)
        names = [column.name for column in Job.__table__.columns if column.name not in ("id", "source_ref", "group_id")]
        values = {name: getattr(job, name) for name in names} | {"source": "一万个"}
        async with office.site.app.database.transaction() as db:
            await db.execute(Job.__table__.insert(), [values | {"source_ref": str(n)} for n in range(10_000)])
        _, html = await clerk.get("/console/jobs?source=一万个")
        assert ("共 10000 个" in html, html.count("<tr>") <= 52, len(html) < 60_000) == (True, True, True)
        _, html = await clerk.get("/console/jobs?source=一万个&page=200")
        assert ("第 200 页" in html, "上一页" in html, "下一页" in html) == (True, True, False)
        async with office.site.app.database.transaction() as db:
            await db.execute(Job.__table__.delete().where(Job.source == "一万个"))


async def test_employers_are_checked_and_put_right(office: Office) -> None:
    async with Clerk(office.site, name="核验员") as clerk:
        _, job = await post(office, clerk)
        employer = await employer_of(office, job)
        path = f"/console/employers/{employer.id}"
        _, html = await clerk.get(f"/console/employers?text={employer.name}&verified=no")
        assert employer.name in html
        await clerk.get(path)
        status, html = await clerk.post(f"{path}/verify")
        assert (status, "核验员在" in html) == (200, True)
        _, html = await clerk.get(f"/console/employers?text={employer.name}&verified=no")
        assert f"/console/employers/{employer.id}" not in html
        status, html = await clerk.post(path, {"name": employer.name, "credit_code": "123", "phone": ""})
        assert (status, 'value="123"' in html) == (422, True)
        status, html = await clerk.post(path, {"name": employer.name, "credit_code": "", "phone": "0513-84110000"})
        assert status == 200
        await clerk.post(f"{path}/unverify")
        (after,) = await read(office, Employer, Employer.id == employer.id)
        assert (after.phone, after.verified_at) == ("0513-84110000", None)
        assert (await clerk.audited())[-3:] == ["employer_verified", "employer_changed", "employer_unverified"]


async def test_two_that_look_alike_are_one_or_two_as_staff_say(office: Office) -> None:
    async with Clerk(office.site) as clerk:
        for act, said, grouped in (("same", "是同一个岗位", True), ("different", "不是同一个岗位", False)):
            _, job = await post(office, clerk)
            employer = (await employer_of(office, job)).name
            path, twin = await post(office, clerk, title=job.title, employer=employer)
            assert (twin.likely_of, twin.group_id) == (job.id, job.id)
            _, html = await clerk.get("/console/jobs/twins")
            assert (twin.title in html, f"/console/jobs/{twin.id}/same" in html) == (True, True)
            _, html = await clerk.get(path)
            assert "看起来和这个岗位是同一个" in html
            status, html = await clerk.post(f"/console/jobs/{twin.id}/{act}", {"back": "twins"})
            assert (status, said in html) == (200, True)
            (after,) = await read(office, Job, Job.id == twin.id)
            assert (after.likely_of, after.group_id == job.id) == (None, grouped)
            status, html = await clerk.post(f"/console/jobs/{twin.id}/{act}")
            assert (status, "没有疑似重复" in html) == (422, True)


@pytest.mark.parametrize(("outcome", "status"), [("false", "closed"), ("fine", "open")])
async def test_what_people_report_is_decided_once(office: Office, outcome: str, status: str) -> None:
    async with Clerk(office.site) as clerk:
        _, job = await post(office, clerk)
        for words in ("要交押金", "电话打不通<i>"):
            address = await account(office)
            async with office.site.app.database.transaction() as db:
                await job_reports.report(db, job.id, address.id, words, office.clock())
        assert (await read(office, Job, Job.id == job.id))[0].status == "review"
        _, html = await clerk.get("/console/jobs/reports")
        assert (job.title in html, "要交押金" in html, "<i>" in html) == (True, True, False)
        await clerk.post(f"/console/jobs/{job.id}/reports", {"outcome": outcome})
        assert (await read(office, Job, Job.id == job.id))[0].status == status
        code, _ = await clerk.post(f"/console/jobs/{job.id}/reports", {"outcome": outcome})
        assert code == 422
        assert "job_report_decided" in await clerk.audited()


async def test_who_may_not_does_not(office: Office) -> None:
    async with Clerk(office.site) as clerk:
        path, job = await post(office, clerk)
    async with Clerk(office.site, "grid") as clerk:
        for page in ("/console/jobs", path, "/console/employers", "/console/referrals", "/console/places/neighbours"):
            assert (await clerk.get(page))[0] == 403, page
        assert (await clerk.post(f"{path}/close"))[0] == 403
    async with Clerk(office.site, "editor") as clerk:
        assert ((await clerk.get(path))[0], (await clerk.get("/console/referrals"))[0]) == (200, 403)
    assert (await read(office, Job, Job.id == job.id))[0].status == "open"
