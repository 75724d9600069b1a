"""Signing in: right and wrong passwords, the lock, the second factor, idle sessions, and signing out everywhere."""

import asyncio

import pyotp
import pytest
from sqlalchemy import func, select

from db.cases import SupportCase
from db.staff import Staff, StaffSession
from services import sign_in as rules
from tests.channels.console import PASSWORD, Clerk, Office, add_staff, hidden
from tests.fakes.casebook import add_case

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def _with_factor(office: Office, **columns: object) -> tuple[Staff, pyotp.TOTP]:
    secret = pyotp.random_base32()
    staff = await add_staff(office.site, totp_secret=office.site.app.vault.encrypt(secret), **columns)
    return staff, pyotp.TOTP(secret)


async def test_whoever_is_not_signed_in_is_asked_to_and_then_goes_where_they_wanted(office: Office) -> None:
    async with Clerk(office.site, sign_in=False) as clerk:
        status, html = await clerk.get("/console/account")
        assert (status, "登录工作台" in html) == (200, True)
        fields = {"login": clerk.staff.login, "password": PASSWORD, "then": hidden(html, "then")}
        status, html = await clerk.post("/console/sign-in", fields)
        assert (status, "我的账号</h1>" in html) == (200, True)
        assert await clerk.audited() == ["sign_in"]


@pytest.mark.parametrize(
    "then",
    ["https://evil.example/", "//evil.example/", "/console/\\evil", "/chat/history", "/console/a\nSet-Cookie: evil=1"],
)
async def test_signing_in_leads_nowhere_else(office: Office, then: str) -> None:
    async with Clerk(office.site, sign_in=False) as clerk:
        await clerk.get("/console/sign-in")
        fields = {"csrf": clerk.csrf, "login": clerk.staff.login, "password": PASSWORD, "then": then}
        async with clerk.session.post("/console/sign-in", data=fields, allow_redirects=False) as response:
            assert response.status == 303
            assert response.headers["Location"].startswith("/console/")
            assert "evil" not in response.headers["Location"]


async def test_the_cookie_is_new_after_sign_in_and_out_of_reach_for_scripts_and_other_paths(office: Office) -> None:
    async with Clerk(office.site, sign_in=False) as clerk:
        async with clerk.session.get("/console/sign-in") as response:
            planted = response.cookies["yizhan_console"]
            clerk._seen(await response.text())
        assert (planted["httponly"], planted["samesite"], planted["path"]) == (True, "Lax", "/console")
        fields = {"csrf": clerk.csrf, "login": clerk.staff.login, "password": PASSWORD}
        async with clerk.session.post("/console/sign-in", data=fields, allow_redirects=False) as response:
            assert response.cookies["yizhan_console"].value != planted.value
        async with office.site.app.database.snapshot() as db:
            hashes = list(await db.scalars(select(StaffSession.token_hash)))
        assert response.cookies["yizhan_console"].value not in hashes


@pytest.mark.parametrize("login", [None, "nobody-of-this-name"])
async def test_a_wrong_password_and_an_unknown_login_sound_the_same(office: Office, login: str | None) -> None:
    async with Clerk(office.site, sign_in=False) as clerk:
        status, html = await clerk.sign_in("wrong wrong wrong", login)
        assert (status, rules.WRONG_PASSWORD in html) == (422, True)


async def test_five_failures_lock_for_fifteen_minutes_even_for_the_right_password(office: Office) -> None:
    async with Clerk(office.site, sign_in=False) as clerk:
        for _ in range(4):
            _, html = await clerk.sign_in("wrong wrong wrong")
            assert "锁定" not in html
        _, html = await clerk.sign_in("wrong wrong wrong")
        assert "已经连续错了 5 次" in html
        _, html = await clerk.sign_in()
        assert "账号暂时锁定" in html
        office.clock.advance(15 * 60 + 1)
        status, _ = await clerk.sign_in()
        assert status == 200
        assert (await clerk.refreshed()).failures == 0


async def test_guessing_many_at_once_gains_nothing(office: Office) -> None:
    async with Clerk(office.site, sign_in=False) as clerk:
        await clerk.get("/console/sign-in")
        fields = {"login": clerk.staff.login, "password": "wrong wrong wrong"}
        answers = await asyncio.gather(*(clerk.post("/console/sign-in", fields) for _ in range(12)))
        assert sum("账号暂时锁定" in html and "已经" not in html for _, html in answers) >= 7
        assert (await clerk.refreshed()).failures == 5


async def test_four_failures_and_then_the_right_password(office: Office) -> None:
    async with Clerk(office.site, sign_in=False) as clerk:
        for _ in range(4):
            await clerk.sign_in("wrong wrong wrong")
        assert (await clerk.sign_in())[0] == 200


async def test_a_code_is_asked_for_and_counts_once(office: Office) -> None:
    staff, totp = await _with_factor(office)
    async with Clerk(office.site, sign_in=False, staff=staff) as clerk:
        code = totp.at(office.clock())
        _, html = await clerk.sign_in()
        assert "输入动态码" in html
        status, _ = await clerk.post("/console/sign-in/code", {"ticket": hidden(html, "ticket"), "code": code})
        assert (status, await clerk.audited()) == (200, ["sign_in"])
    async with Clerk(office.site, sign_in=False, staff=staff) as again:
        _, html = await again.sign_in()
        status, html = await again.post("/console/sign-in/code", {"ticket": hidden(html, "ticket"), "code": code})
        assert (status, rules.WRONG_CODE in html) == (422, True)
        office.clock.advance(60)
        fields = {"ticket": hidden(html, "ticket"), "code": totp.at(office.clock())}
        assert (await again.post("/console/sign-in/code", fields))[0] == 200


async def test_wrong_codes_lock_and_the_right_password_does_not_unlock(office: Office) -> None:
    staff, _ = await _with_factor(office)
    async with Clerk(office.site, sign_in=False, staff=staff) as clerk:
        for _ in range(5):
            _, html = await clerk.sign_in()
            _, html = await clerk.post("/console/sign-in/code", {"ticket": hidden(html, "ticket"), "code": "000000"})
        assert "已经连续错了 5 次" in html
        _, html = await clerk.sign_in()
        assert "账号暂时锁定" in html


async def test_a_password_alone_is_not_a_session(office: Office) -> None:
    staff, _ = await _with_factor(office)
    async with Clerk(office.site, sign_in=False, staff=staff) as clerk:
        await clerk.sign_in()
        _, html = await clerk.get("/console/account")
        assert "登录工作台" in html


async def test_a_ticket_is_of_one_browser_and_of_five_minutes(office: Office) -> None:
    staff, totp = await _with_factor(office)
    async with Clerk(office.site, sign_in=False, staff=staff) as clerk:
        _, html = await clerk.sign_in()
        ticket = hidden(html, "ticket")
        async with Clerk(office.site, sign_in=False, staff=staff) as thief:
            await thief.get("/console/sign-in")
            fields = {"ticket": ticket, "code": totp.at(office.clock())}
            assert "请重新输入登录名和密码" in (await thief.post("/console/sign-in/code", fields))[1]
        office.clock.advance(5 * 60 + 1)
        fields = {"ticket": ticket, "code": totp.at(office.clock())}
        assert "请重新输入登录名和密码" in (await clerk.post("/console/sign-in/code", fields))[1]


async def test_an_idle_browser_is_signed_out_and_a_used_one_is_not(office: Office) -> None:
    async with Clerk(office.site) as clerk:
        for _ in range(3):
            office.clock.advance(20 * 60)
            assert "我的账号</h1>" in (await clerk.get("/console/account"))[1]
        office.clock.advance(30 * 60 + 1)
        assert "登录工作台" in (await clerk.get("/console/account"))[1]


async def test_signing_out(office: Office) -> None:
    async with Clerk(office.site) as clerk:
        _, html = await clerk.post("/console/sign-out")
        assert "已经退出" in html
        assert "登录工作台" in (await clerk.get("/console/account"))[1]
        assert await clerk.audited() == ["sign_in", "sign_out"]


async def test_signing_out_everywhere(office: Office) -> None:
    async with Clerk(office.site) as one, Clerk(office.site, staff=one.staff) as other:
        assert "2 个浏览器" in (await one.get("/console/account"))[1]
        await one.post("/console/account/sign-out-everywhere")
        for clerk in (one, other):
            assert "登录工作台" in (await clerk.get("/console/account"))[1]


async def test_who_leaves_holds_no_case(office: Office) -> None:
    app = office.site.app
    async with Clerk(office.site) as admin, Clerk(office.site, "agent") as clerk:
        async with app.database.transaction() as db:
            case = await add_case(db, app.now())
            await app.casework.claim(db, case.id, clerk.staff, app.now())
        await admin.post(f"/console/staff/{clerk.staff.id}/deactivate")
        async with app.database.snapshot() as db:
            left = await db.get_one(SupportCase, case.id)
            assert (left.status, left.claimed_by) == ("open", None)


async def test_the_deactivated_are_out_at_once(office: Office) -> None:
    async with Clerk(office.site) as admin, Clerk(office.site, "agent") as clerk:
        await admin.post(f"/console/staff/{clerk.staff.id}/deactivate")
        assert "登录工作台" in (await clerk.get("/console/account"))[1]
        assert rules.WRONG_PASSWORD in (await clerk.sign_in())[1]
        async with office.site.app.database.snapshot() as db:
            rows = select(func.count()).select_from(StaffSession).where(StaffSession.staff_id == clerk.staff.id)
            assert await db.scalar(rows) == 0
