"""Asking, choosing by digit and by button, going back, reaching a person, and finding it all again after a reload."""

import re

import pytest
from playwright.async_api import expect

from handlers import texts
from tests.browser.chat_page import QUESTION, ChatPage

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_question_is_answered_with_its_source(chat: ChatPage) -> None:
    answer = await chat.ask(QUESTION)
    await expect(answer.locator(".source").first).to_contain_text("《")
    await expect(answer.locator(".lead strong").first).to_have_text("要带")
    await expect(chat.mine).to_have_count(1)
    await expect(chat.mine).to_contain_text(QUESTION)
    await expect(chat.words).to_have_value("")
    await expect(answer.locator("time")).to_have_text(re.compile(r"^\d\d:\d\d$"))


async def test_the_first_digit_a_new_visitor_types_is_understood(chat: ChatPage) -> None:
    label = await chat.choices().first.locator("span").inner_text()
    assert label == texts.HOT_CHOICE.label
    await expect(await chat.ask("1")).to_contain_text(texts.HOT)


async def test_a_typed_digit_chooses(chat: ChatPage) -> None:
    await chat.press(chat.choices().first)
    await expect(chat.choices().first.locator("b")).to_have_text("1")
    await chat.press(chat.choices().first)
    wanted = await chat.transcript()
    await chat.press(chat.bar("返回"))
    await chat.ask("第一个")
    assert (await chat.transcript())[-1] == wanted[-1]


async def test_a_big_button_chooses(chat: ChatPage) -> None:
    await chat.press(chat.choices().first)
    await expect(chat.last).to_contain_text(texts.HOT)
    question = await chat.choices().first.locator("span").inner_text()
    await chat.press(chat.choices().first)
    await expect(chat.mine.last).to_contain_text(question)
    await expect(chat.last.locator(".source").first).to_be_attached()


async def test_nine_goes_back_and_zero_is_a_person(chat: ChatPage) -> None:
    await chat.press(chat.choices().first)
    await chat.press(chat.choices().first)
    await expect(await chat.press(chat.bar("返回"))).to_contain_text(texts.HOT)
    await expect(await chat.ask("9")).to_contain_text(texts.WELCOME.partition("\n")[0])
    await expect(await chat.press(chat.bar("找人工"))).to_contain_text("12345")
    await expect(await chat.ask("0")).to_contain_text("12345")
    await expect(await chat.press(chat.bar("回首页"))).to_contain_text(texts.WELCOME.partition("\n")[0])


async def test_zero_and_nine_stand_in_the_bar_and_not_again_under_every_answer(chat: ChatPage) -> None:
    await chat.ask(QUESTION)
    await expect(chat.choices().filter(has_text=texts.PERSON_CHOICE.label)).to_have_count(0)
    await expect(chat.bar("找人工")).to_be_in_viewport()
    await expect(chat.bar("返回")).to_be_in_viewport()


async def test_a_reload_shows_everything_once_and_in_its_words(chat: ChatPage) -> None:
    await chat.ask(QUESTION)
    for name in ("返回", "找人工", "回首页"):
        await chat.press(chat.bar(name))
    await chat.press(chat.choices().first)
    before = await chat.transcript()
    assert [words for words in before if len(words) < 8] == [
        QUESTION,
        "返回",
        "找人工",
        "回首页",
        texts.HOT_CHOICE.label,
    ]
    await chat.page.reload()
    await expect(chat.answers).to_have_count(6)
    assert await chat.transcript() == before
    again = await chat.page.context.new_page()
    other = ChatPage(again, chat.url, chat.watch)
    await other.open()
    await expect(other.answers).to_have_count(6)
    assert await other.transcript() == before


async def test_danger_shows_the_numbers_before_anything_else(chat: ChatPage) -> None:
    answer = await chat.ask("我不想活了")
    paragraph = await answer.locator(".words p").first.inner_text()
    assert paragraph.index("12356") < 60
    await expect(answer.locator(".words p").first).to_be_in_viewport()
    await expect(chat.choices().filter(has_text=texts.PROGRESS_CHOICE.label)).to_be_visible()


async def test_an_answer_longer_than_the_screen_is_shown_from_its_beginning(chat: ChatPage) -> None:
    await chat.page.set_viewport_size({"width": 320, "height": 640})
    answer = await chat.ask(QUESTION)
    await expect(answer.locator(".words p").first).to_be_in_viewport(ratio=0.5)


async def test_words_are_never_markup(chat: ChatPage) -> None:
    text = "<img src=x onerror=alert(1)><b>优待证</b>"
    await chat.ask(text)
    await expect(chat.mine.last.locator("p")).to_have_text(text)
    await expect(chat.page.locator("article img")).to_have_count(0)


async def test_a_double_press_counts_once(chat: ChatPage) -> None:
    await chat.choices().first.dblclick()
    await chat.answer(1)
    await chat.press(chat.bar("回首页"))
    await expect(chat.mine).to_have_count(2)
