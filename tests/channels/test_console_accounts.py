"""Links that set passwords, one's own account, the second factor, and what an admin does to accounts."""

import re

import pyotp
import pytest
from sqlalchemy import select

from bot.console import texts
from bot.first_admin import first_link
from db.places import Station
from db.staff import Staff
from services import invites, sign_in, staff
from tests.channels.console import PASSWORD, Clerk, Office, hidden
from tests.site import open_site

pytestmark = pytest.mark.asyncio(loop_scope="session")

NEW_PASSWORD = "another horse 7"


async def _invited(office: Office, staff_id: int | None) -> str:
    async with office.site.app.database.transaction() as db:
        return "/console/invite/" + await invites.invite(db, office.clock(), staff_id)


async def test_the_first_admin_comes_by_the_link_of_the_start(tmp_path) -> None:
    async with open_site(tmp_path) as site:
        app = site.app
        old = await first_link(app.settings, app.database, app.now(), 1)
        link = await first_link(app.settings, app.database, app.now(), 1)
        assert link is not None
        assert old is not None
        async with Clerk(site, "agent", sign_in=False) as browser:
            path = link.removeprefix("http://localhost:1")
            assert (await browser.get(old.removeprefix("http://localhost:1")))[0] == 422  # each start makes a new one
            _, html = await browser.get(path)
            assert "建立第一个管理员" in html
            weak = {"login": "zhang", "name": "张主任", "password": "short", "again": "short"}
            assert "密码太短了" in (await browser.post(path, weak))[1]
            _, html = await browser.post(path, weak | {"password": PASSWORD, "again": PASSWORD})
            assert texts.PASSWORD_SET in html
            assert (await browser.get(path))[0] == 422
            _, html = await browser.sign_in(login="zhang")
            assert "张主任" in html
            _, html = await browser.get("/console/staff")
            own = re.search(r'(/console/staff/\d+)">张主任', html)
            assert own is not None
            for act, fields in (("", {"name": "张主任", "role": "agent"}), ("/deactivate", {})):
                assert staff.LAST_ADMIN in (await browser.post(own[1] + act, fields))[1]
        assert await first_link(app.settings, app.database, app.now(), 1) is None


async def test_a_first_admins_link_is_worth_nothing_once_there_is_an_admin(office: Office) -> None:
    path = await _invited(office, None)
    async with Clerk(office.site) as clerk:
        await clerk.get(path)
        fields = {"login": "second", "name": "乙", "password": PASSWORD, "again": PASSWORD}
        assert "已经有管理员了" in (await clerk.post(path, fields))[1]


@pytest.mark.parametrize(
    ("password", "again", "sentence"),
    [
        ("short", "short", "密码太短了"),
        ("aaaaaaaaaaaa", "aaaaaaaaaaaa", "密码不能全是同一个字符"),
        ("loginlogin", "loginlogin", "密码不能和登录名一样"),
        (NEW_PASSWORD, NEW_PASSWORD + "x", texts.NOT_THE_SAME),
        ("x" * 30 + "y" * 300, "x" * 30 + "y" * 300, "密码太长了"),
    ],
)
async def test_a_weak_password_is_refused_and_the_link_still_works(
    office: Office, password: str, again: str, sentence: str
) -> None:
    login = "loginlogin" if password == "loginlogin" else None
    columns = {"login": login} if login else {}
    async with Clerk(office.site, "agent", sign_in=False, **columns) as clerk:
        path = await _invited(office, clerk.staff.id)
        await clerk.get(path)
        status, html = await clerk.post(path, {"password": password, "again": again})
        assert (status, sentence in html) == (422, True)
        _, html = await clerk.post(path, {"password": NEW_PASSWORD, "again": NEW_PASSWORD})
        assert texts.PASSWORD_SET in html
        assert (await clerk.sign_in(NEW_PASSWORD))[0] == 200


async def test_a_link_ends_after_a_day_and_after_a_newer_one(office: Office) -> None:
    async with Clerk(office.site, "agent", sign_in=False) as clerk:
        first = await _invited(office, clerk.staff.id)
        second = await _invited(office, clerk.staff.id)
        assert invites.USED_UP in (await clerk.get(first))[1]
        assert (await clerk.get(second))[0] == 200
        office.clock.advance(24 * 3600)
        assert invites.USED_UP in (await clerk.get(second))[1]


async def test_a_new_password_ends_the_sessions_and_the_lock(office: Office) -> None:
    async with Clerk(office.site) as admin, Clerk(office.site, "agent") as clerk, Clerk(
        office.site, staff=clerk.staff, sign_in=False
    ) as elsewhere:  # fmt: skip
        for _ in range(5):
            await elsewhere.sign_in("wrong wrong wrong")
        _, html = await admin.get("/console/staff")
        assert "已锁定" in html
        _, html = await admin.post(f"/console/staff/{clerk.staff.id}/invite")
        link = re.search(r"http://[^<]+/console/invite/[\w-]+", html)
        assert link is not None
        await elsewhere.get(link[0])
        await elsewhere.post(link[0], {"password": NEW_PASSWORD, "again": NEW_PASSWORD})
        assert "登录工作台" in (await clerk.get("/console/account"))[1]
        assert (await elsewhere.sign_in(NEW_PASSWORD))[0] == 200


async def test_an_admin_unlocks(office: Office) -> None:
    async with Clerk(office.site) as admin, Clerk(office.site, "agent", sign_in=False) as clerk:
        for _ in range(5):
            await clerk.sign_in("wrong wrong wrong")
        await admin.post(f"/console/staff/{clerk.staff.id}/unlock")
        assert (await clerk.sign_in())[0] == 200


async def test_changing_ones_own_password(office: Office) -> None:
    async with Clerk(office.site) as one, Clerk(office.site, staff=one.staff) as other:
        fields = {"current": "wrong wrong wrong", "password": NEW_PASSWORD, "again": NEW_PASSWORD}
        assert texts.WRONG_CURRENT in (await one.post("/console/account/password", fields))[1]
        assert (
            texts.PASSWORD_CHANGED in (await one.post("/console/account/password", fields | {"current": PASSWORD}))[1]
        )
        assert "我的账号</h1>" in (await one.get("/console/account"))[1]
        assert "登录工作台" in (await other.get("/console/account"))[1]
        assert (await other.sign_in(NEW_PASSWORD))[0] == 200


async def test_a_second_factor_is_set_up_by_one_code_and_ended_by_another(office: Office) -> None:
    page = "/console/account/second-factor"
    async with Clerk(office.site) as clerk:
        _, html = await clerk.get(page)
        secret = re.search(r'<code class="link">(\w+)</code>', html)
        assert secret is not None
        sealed, totp = hidden(html, "sealed"), pyotp.TOTP(secret[1])
        async with clerk.session.get(f"{page}/qr.svg", params={"sealed": sealed}) as response:
            assert (response.status, response.content_type) == (200, "image/svg+xml")
        _, html = await clerk.post(page, {"sealed": sealed, "code": "000000"})
        assert sign_in.WRONG_CODE in html
        assert secret[1] in html  # the same secret: the phone has it already
        _, html = await clerk.post(page, {"sealed": hidden(html, "sealed"), "code": totp.at(office.clock())})
        assert texts.FACTOR_SET in html
        assert (await clerk.refreshed()).totp_secret not in (None, secret[1])
        assert sign_in.WRONG_CODE in (await clerk.post(f"{page}/end", {"code": totp.at(office.clock())}))[1]
        office.clock.advance(60)
        assert texts.FACTOR_ENDED in (await clerk.post(f"{page}/end", {"code": totp.at(office.clock())}))[1]


async def test_anothers_sealed_secret_is_not_drawn(office: Office) -> None:
    page = "/console/account/second-factor"
    async with Clerk(office.site) as one, Clerk(office.site) as other:
        sealed = hidden((await one.get(page))[1], "sealed")
        async with other.session.get(f"{page}/qr.svg", params={"sealed": sealed}) as response:
            assert response.status == 404


async def test_a_required_second_factor_comes_before_everything_else(office: Office) -> None:
    async with Clerk(office.site) as admin, Clerk(office.site, "agent") as clerk:
        fields = {"name": "孙八", "role": "agent", "totp_required": "yes", "on_duty": "yes"}
        await admin.post(f"/console/staff/{clerk.staff.id}", fields)
        assert "登录工作台" in (await clerk.get("/console/account"))[1]
        for html in ((await clerk.sign_in())[1], (await clerk.get("/console/account"))[1]):
            assert "管理员要求您开通动态码" in html
        await clerk.post("/console/account/duty", {"on_duty": "no"})
        assert (await clerk.refreshed()).on_duty is True
        secret = re.search(r'<code class="link">(\w+)</code>', html)
        assert secret is not None
        fields = {"sealed": hidden(html, "sealed"), "code": pyotp.TOTP(secret[1]).at(office.clock())}
        assert texts.FACTOR_SET in (await clerk.post("/console/account/second-factor", fields))[1]
        office.clock.advance(60)
        fields = {"code": pyotp.TOTP(secret[1]).at(office.clock())}
        assert texts.FACTOR_REQUIRED in (await clerk.post("/console/account/second-factor/end", fields))[1]
        await admin.post(f"/console/staff/{clerk.staff.id}/forget-factor")
        assert "管理员要求您开通动态码" in (await clerk.sign_in())[1]


async def test_an_admin_takes_somebody_on_and_the_link_lets_them_in(office: Office) -> None:
    async with office.site.app.database.transaction() as db:
        station = Station(name="示例镇服务站甲", level="township")
        db.add(station)
    async with Clerk(office.site) as admin:
        fields = {"name": "周九", "login": "ZhouJiu", "role": "agent", "station_id": station.id, "telegram_id": "991"}
        _, html = await admin.post("/console/staff/new", fields)
        link = re.search(r"/console/invite/[\w-]+", html)
        assert link is not None
        async with office.site.app.database.snapshot() as db:
            added = (await db.scalars(select(Staff).where(Staff.login == "zhoujiu"))).one()
        assert (added.station_id, added.telegram_id, added.password_hash) == (station.id, 991, None)
        assert "还没设密码" in (await admin.get("/console/staff"))[1]
        async with Clerk(office.site, staff=added, sign_in=False) as clerk:
            await clerk.get(link[0])
            await clerk.post(link[0], {"password": NEW_PASSWORD, "again": NEW_PASSWORD})
            _, html = await clerk.sign_in(NEW_PASSWORD)
            assert "周九" in html
        for clash, sentence in (
            ({"login": "zhoujiu"}, "已经有人用了"),
            ({"telegram_id": "991", "login": "x2"}, "登记给 周九"),
        ):
            assert sentence in (await admin.post("/console/staff/new", fields | clash))[1]


async def test_only_admins_see_the_staff_and_only_leads_of_the_bureau_the_audit(office: Office) -> None:
    async with office.site.app.database.transaction() as db:
        station = Station(name="示例镇服务站乙", level="township")
        db.add(station)
    for role, station_id, audit in (
        ("lead", None, 200),
        ("lead", station.id, 403),
        ("agent", None, 403),
        ("grid", None, 403),
    ):
        async with Clerk(office.site, role, station_id=station_id) as clerk:
            for path in ("/console/staff", "/console/staff/new", f"/console/staff/{clerk.staff.id}"):
                assert (await clerk.get(path))[0] == 403
            fields = {"name": "自己", "role": "admin"}
            assert (await clerk.post(f"/console/staff/{clerk.staff.id}", fields))[0] == 403
            assert (await clerk.refreshed()).role == role
            assert (await clerk.get("/console/audit"))[0] == audit


async def test_the_audit_page_finds_and_pages(office: Office) -> None:
    async with Clerk(office.site, name="审计员") as clerk:
        for _ in range(60):
            await clerk.post("/console/account/duty", {"on_duty": "yes"}, allow_redirects=False)
        query = f"staff={clerk.staff.id}&action=duty"
        _, html = await clerk.get(f"/console/audit?{query}")
        assert html.count('data-label="编号"') == 50
        older = re.search(r"before=(\d+)", html)
        assert older is not None
        _, html = await clerk.get(f"/console/audit?{query}&before={older[1]}")
        assert html.count('data-label="编号"') == 10
        for nothing in (f"{query}&to=2020-01-01", f"{query}&from=2100-01-01"):
            assert "没有这样的记录" in (await clerk.get(f"/console/audit?{nothing}"))[1]
        for odd in ("staff=x&before=-1&from=abc", "before=99999999999999999999", "action=%00"):
            assert (await clerk.get(f"/console/audit?{odd}"))[0] == 200
        assert "审计记录完好" in (await clerk.get("/console/audit/chain"))[1]
