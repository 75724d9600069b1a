"""Canned replies: one title each, known blanks only, filled so that the sentence reads well without a name."""

import pytest

from core.errors import Refusal
from db.engine import Database
from services import canned


async def test_added_changed_and_deleted(database: Database) -> None:
    async with database.transaction() as db:
        reply = await canned.add(db, " 问好 ", "{name}您好，单号 {code}。")
        other = await canned.add(db, "再见", "再见。")
    async with database.transaction() as db:
        with pytest.raises(Refusal, match="已经有一条叫“问好”"):
            await canned.add(db, "问好", "您好。")
        with pytest.raises(Refusal, match="已经有一条叫“问好”"):
            await canned.change(db, other.id, "问好", "您好。")
        await canned.change(db, reply.id, "问好", "您好。")
        await canned.remove(db, other.id)
    async with database.transaction() as db:
        assert [(one.title, one.text) for one in await canned.everything(db)] == [("问好", "您好。")]
        for gone in (canned.remove(db, other.id), canned.change(db, other.id, "再见", "再见。")):
            with pytest.raises(Refusal, match="已经不在了"):
                await gone


@pytest.mark.parametrize(
    ("title", "text", "said"),
    [
        ("", "您好。", "标题"),
        ("长" * 31, "您好。", "标题"),
        ("空", "  ", "内容"),
        ("长", "长" * 1001, "内容"),
        ("错", "{phone}您好。", "没有 {phone} 这个空"),
        ("错", "{}您好。", "没有 {} 这个空"),
        ("错", "{name!r}您好。", "只能写 {name}、{code}、{station}"),
        ("错", "{name:>9}您好。", "这个空"),
        ("错", "{name您好。", "花括号要成对"),
        ("错", "name}您好。", "花括号要成对"),
    ],
)
async def test_what_cannot_be_used_is_refused(database: Database, title: str, text: str, said: str) -> None:
    async with database.transaction() as db:
        with pytest.raises(Refusal, match=said):
            await canned.add(db, title, text)


async def test_shipped_ones_come_by_request_and_replace_nothing(database: Database) -> None:
    async with database.transaction() as db:
        assert await canned.everything(db) == []
        await canned.add(db, "办好了", "我们自己的话。")
        assert await canned.put_in_defaults(db) == 5
        assert await canned.put_in_defaults(db) == 0
        texts = {one.title: one.text for one in await canned.everything(db)}
    assert (len(texts), texts["办好了"]) == (6, "我们自己的话。")


def test_shipped_ones_read_well_without_name_and_station() -> None:
    for title, text in canned.DEFAULTS.items():
        assert canned._checked(title, text) == (title, text)
        filled = canned.fill(text, "", "A7K2", None)
        assert "{" not in filled
        assert filled.startswith("您好，")
        assert "!" not in filled
        assert "\uff01" not in filled


def test_a_value_is_never_taken_for_a_blank() -> None:
    assert canned.fill("{name}您好，{code}，{station}。", "{code}", "A7K2", "北站") == "{code}您好，A7K2，北站。"
