"""What supervisors read, and what happens when a file or a port is bad."""

from pathlib import Path

import aiohttp
import pytest

from bot.app import running
from bot.settings import Settings
from core.errors import OperatorError
from tests.channels.web_visitor import Browser
from tests.site import Site

pytestmark = pytest.mark.asyncio(loop_scope="session")

WORDS = "我叫王小明想问优待证怎么办"


async def test_alive_and_ready(site: Site) -> None:
    async with aiohttp.ClientSession(site.url) as session:
        async with session.get("/healthz") as response:
            assert (response.status, await response.text()) == (200, "ok\n")
        async with session.get("/readyz") as response:
            assert response.status == 200
            assert (await response.json())["ready"] is True


async def test_figures_without_words_or_people(site: Site, browser: Browser) -> None:
    await browser.say(WORDS)
    visitor = next(c.value for c in browser.session.cookie_jar).partition(".")[0]
    async with aiohttp.ClientSession(site.url) as session, session.get("/metrics") as response:
        assert response.content_type == "text/plain"
        text = await response.text()
    assert 'yizhan_turns_total{channel="web"' in text
    assert "yizhan_knowledge_entries" in text
    assert "王小明" not in text
    assert visitor not in text


async def test_logs_hold_no_words(browser: Browser, capsys: pytest.CaptureFixture[str]) -> None:
    await browser.say(WORDS)
    await browser.post("/chat/messages", data=WORDS.encode(), headers={"Content-Type": "application/json"})
    captured = capsys.readouterr()
    assert "王小明" not in captured.out + captured.err


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("entries: [", ("mine.yaml", "（整个文件）")),
        ("entries:\n- {slug: my-own, question: 五}\n", ("mine.yaml", "my-own", "answer")),
    ],
)
async def test_a_bad_file_leaves_the_old_knowledge(
    site: Site, browser: Browser, text: str, named: tuple[str, ...]
) -> None:
    library = site.app.library
    path = site.app.settings.data_dir / "knowledge" / "faq" / "mine.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    before = library.snapshot
    path.write_text(text, encoding="utf-8")
    try:
        assert not await library.refresh()
        assert library.snapshot is before
        _, body = await browser.get("/readyz")
        assert body["ready"] is True
        assert any(all(part in problem for part in named) for problem in body["knowledge_problems"])
        await browser.say("优待证怎么办")
    finally:
        path.unlink()


async def test_the_problem_is_gone_once_the_file_is_good(site: Site, browser: Browser) -> None:
    await site.app.library.refresh()
    _, body = await browser.get("/readyz")
    assert body["knowledge_problems"] == []


async def test_a_port_in_use(site: Site, tmp_path: Path) -> None:
    port = int(site.url.rpartition(":")[2])
    settings = Settings(port=port, data_dir=tmp_path, _env_file=None)  # type: ignore[call-arg]
    with pytest.raises(OperatorError, match=f"端口 {port} 用不了"):
        async with running(settings):
            pytest.fail("must not start")


async def test_unknown_pages_and_methods(site: Site) -> None:
    async with aiohttp.ClientSession(site.url) as session:
        for method, path, status in (
            ("GET", "/nope", 404),
            ("DELETE", "/chat/messages", 405),
            ("GET", "/static/../bot/app.py", 404),
        ):
            async with session.request(method, path) as response:
                assert response.status == status
