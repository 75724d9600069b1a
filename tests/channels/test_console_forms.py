"""What is posted: only with the token, never lost when the session has ended, and read whatever its form."""

import re
from html import unescape

import aiohttp
import pytest

from bot.console import texts
from bot.console.headers import _PAGE
from tests.channels.console import PASSWORD, Clerk, Office, hidden

pytestmark = pytest.mark.asyncio(loop_scope="session")

NEW = {"name": "李四", "login": "", "role": "agent", "on_duty": "yes"}
WORDS = "第一行写了半天的话，很长很长\n第二行"


async def _names(clerk: Clerk) -> str:
    return (await clerk.get("/console/staff"))[1]


@pytest.mark.parametrize("token", ["", "0" * 64, "签名"])
async def test_a_post_without_the_token_does_nothing(office: Office, token: str) -> None:
    async with Clerk(office.site) as clerk:
        status, html = await clerk.post(
            "/console/staff/new", NEW | {"csrf": token, "login": "forged1", "name": "王五甲"}
        )
        assert (status, texts.NOT_GENUINE in html) == (403, True)
        assert "王五甲" not in await _names(clerk)


async def test_a_post_from_another_site_does_nothing_and_is_not_kept(office: Office) -> None:
    headers = {"Origin": "https://evil.example"}
    async with Clerk(office.site) as clerk:
        status, html = await clerk.post("/console/staff/new", NEW | {"csrf": "x", "name": "王五乙"}, headers=headers)
        assert (status, "王五乙" in html) == (403, False)
    async with Clerk(office.site, sign_in=False) as stranger:
        status, html = await stranger.post("/console/staff/new", NEW | {"name": "王五丙"}, headers=headers)
        assert (status, "王五丙" in html, "kept" in html) == (403, False, False)


async def test_the_token_may_come_in_a_header_instead(office: Office) -> None:
    async with Clerk(office.site) as clerk:
        headers = {"X-CSRF-Token": clerk.csrf}
        status, _ = await clerk.post("/console/account/duty", {"csrf": "", "on_duty": "no"}, headers=headers)
        assert (status, (await clerk.refreshed()).on_duty) == (200, False)


async def test_words_typed_before_the_session_ended_come_back_after_sign_in(office: Office) -> None:
    async with Clerk(office.site) as clerk:
        office.clock.advance(31 * 60)
        status, html = await clerk.post("/console/staff/new", NEW | {"login": f"k{clerk.staff.id}", "name": WORDS})
        assert (status, texts.SIGN_IN_AGAIN in html) == (401, True)
        assert "第一行" not in html  # nobody else reads it before signing in
        kept = hidden(html, "kept")
        _, html = await clerk.post("/console/sign-in", {"login": clerk.staff.login, "password": "wrong", "kept": kept})
        fields = {"login": clerk.staff.login, "password": PASSWORD, "kept": hidden(html, "kept")}
        status, html = await clerk.post("/console/sign-in", fields)
        assert (status, texts.WELCOME_BACK in html, 'action="/console/staff/new"' in html) == (200, True, True)
        found = re.search(r'<textarea name="name"[^>]*>([^<]*)</textarea>', html)
        assert found is not None
        assert unescape(found[1]) == WORDS
        again = NEW | {"login": hidden(html, "login"), "name": "赵六丁", "role": hidden(html, "role")}
        await clerk.post("/console/staff/new", again)
        assert "赵六丁" in await _names(clerk)


async def test_files_posted_after_the_session_ended_are_named_to_be_chosen_again(office: Office) -> None:
    async with Clerk(office.site) as clerk:
        office.clock.advance(31 * 60)
        form = aiohttp.FormData({"csrf": clerk.csrf, "text": WORDS}, quote_fields=False)
        form.add_field("photo", b"x" * 300_000, filename="合影.jpg", content_type="image/jpeg")
        async with clerk.session.post("/console/account/duty", data=form) as response:
            kept = hidden(await response.text(), "kept")
            assert response.status == 401
        fields = {"login": clerk.staff.login, "password": PASSWORD, "kept": kept}
        _, html = await clerk.post("/console/sign-in", fields)
        assert "合影.jpg" in html
        assert '<input type="file" name="photo"' in html
        assert "第一行写了半天的话" in html


async def test_words_typed_under_an_earlier_session_are_shown_to_be_sent_again(office: Office) -> None:
    """Another tab has signed in meanwhile: the browser has a new secret, and the old page an old token."""
    async with Clerk(office.site) as clerk:
        old = clerk.csrf
        await clerk.post("/console/sign-out")
        await clerk.sign_in()
        headers = {"Origin": office.site.url}
        status, html = await clerk.post("/console/staff/new", NEW | {"csrf": old, "name": WORDS}, headers=headers)
        assert (status, texts.CHECK_AGAIN in html, "第一行写了半天的话" in html) == (403, True, True)
        assert hidden(html, "csrf") != old


async def test_passwords_are_never_kept(office: Office) -> None:
    async with Clerk(office.site) as clerk:
        office.clock.advance(31 * 60)
        fields = {"current": PASSWORD, "password": "another horse 7", "again": "another horse 7"}
        _, html = await clerk.post("/console/account/password", fields)
        sealed = office.site.app.vault.decrypt(hidden(html, "kept"))
        assert "horse" not in sealed


async def test_a_forged_kept_field_is_nothing(office: Office) -> None:
    async with Clerk(office.site, sign_in=False) as clerk:
        await clerk.get("/console/sign-in")
        fields = {"login": clerk.staff.login, "password": PASSWORD, "kept": "gAAAAA"}
        assert (await clerk.post("/console/sign-in", fields))[0] == 200


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"csrf=%FF%FE", "application/x-www-form-urlencoded"),
        (b"name=a", "application/x-www-form-urlencoded; charset=nonsense"),
        (b"--x\r\nbroken", "multipart/form-data; boundary=x"),
        (b"{}", "application/json"),
        (b"", "multipart/form-data"),
    ],
)
async def test_bodies_that_cannot_be_read(office: Office, body: bytes, kind: str) -> None:
    async with Clerk(office.site) as clerk:
        headers = {"Content-Type": kind}
        async with clerk.session.post("/console/staff/new", data=body, headers=headers) as response:
            assert response.status in (400, 403)
            assert "提示" in await response.text()


async def test_a_body_that_is_too_large(office: Office) -> None:
    async with Clerk(office.site) as clerk:
        status, html = await clerk.post("/console/staff/new", NEW | {"name": "长" * 100_000})
        assert (status, texts.TOO_LARGE in html) == (413, True)


async def test_a_refused_form_keeps_what_was_typed(office: Office) -> None:
    async with Clerk(office.site) as clerk:
        fields = NEW | {"login": "好登录名", "name": "钱七", "telegram_id": "77"}
        status, html = await clerk.post("/console/staff/new", fields)
        assert status == 422
        assert "登录名请用" in html
        assert ('value="钱七"' in html, 'value="好登录名"' in html, 'value="77"' in html) == (True, True, True)


async def test_what_is_typed_is_shown_and_never_run(office: Office) -> None:
    async with Clerk(office.site, name="<script>alert(1)</script>") as clerk:
        _, html = await clerk.get("/console/account")
        assert "<script>alert" not in html
        assert "&lt;script&gt;" in html


@pytest.mark.parametrize("path", ["/console/sign-in", "/console/no-such-page", "/console/static/console.css"])
async def test_every_answer_has_the_headers(office: Office, path: str) -> None:
    async with aiohttp.ClientSession(office.site.url) as session, session.get(path) as response:
        policy = response.headers["Content-Security-Policy"]
        assert policy == _PAGE["Content-Security-Policy"]
        assert "unsafe" not in policy
        assert "form-action 'self'" in policy
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.headers["Cache-Control"] == ("no-cache" if "static" in path else "no-store")


async def test_no_page_has_a_script_or_a_style_inside(office: Office) -> None:
    async with Clerk(office.site) as clerk:
        one = f"/console/staff/{clerk.staff.id}"
        for path in ("/console/account", "/console/staff", "/console/staff/new", one, "/console/audit",
                     "/console/audit/chain", "/console/account/second-factor"):  # fmt: skip
            status, html = await clerk.get(path)
            assert status == 200, path
            assert not re.search(r"<script(?![^>]*\ssrc=)|<style|\sstyle=|\son\w+=|javascript:", html), path


async def test_pages_that_do_not_exist(office: Office) -> None:
    async with Clerk(office.site) as clerk:
        for path in ("/console/nope", "/console/staff/999999", "/console/invite/nope"):
            status, html = await clerk.get(path)
            assert status in (404, 422), path
            assert "提示" in html


async def test_the_address_of_the_browser_is_the_proxys_word_only_for_our_own_proxy(office: Office) -> None:
    async with Clerk(office.site) as clerk:
        headers = {"X-Forwarded-For": "6.6.6.6, 203.0.113.9"}
        await clerk.post("/console/account/duty", {"on_duty": "yes"}, headers=headers)
        assert "203.0.113.9" in (await clerk.get("/console/audit"))[1]
