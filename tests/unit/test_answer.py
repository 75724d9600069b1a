"""An answer stands in its order: the answer, then what to bring, where, how long, what to mind, and the source."""

from dataclasses import replace
from datetime import UTC, date, datetime

from core.turn import Inbound
from handlers import texts
from handlers.answer import question_choice, render
from handlers.turn import Turn
from knowledge.entry import Entry, Source
from knowledge.heard import Answer
from knowledge.normalise import simplify
from tests.journeys.world import snapshot_of, village

APPLY = village().entries["card-apply"]


def shown(entry: Entry, *, elsewhere: bool = False) -> str:
    """Render an entry as a turn of the county does."""
    turn = Turn(
        db=None,  # type: ignore[arg-type]
        now=datetime(2026, 11, 21, tzinfo=UTC),
        inbound=Inbound("web", "1", "zhang", "text", "x"),
        heard=snapshot_of().nothing_said(),
        address_id=1,
    )
    shown_by: Turn = turn
    return render(shown_by, Answer(entry, 1.0, elsewhere))


def test_the_whole_of_it() -> None:
    *lines, source = shown(APPLY).split("\n")
    assert lines == [
        "到户口所在地的服务站申请\uff0c一般都能办。",
        texts.BRING + "身份证、退役证件",
        texts.WHERE + "户口所在地的乡镇(街道)退役军人服务站",
        texts.HOW_LONG + "一般两个月左右",
        texts.NOTE + "问进度打 0573-88880000。",
        "",
    ]
    assert simplify(source) == "依据:《退役军人优待证管理办法》第五条(退役军人部发〔2021〕1号,2021年12月1日起)"


def test_what_is_not_known_leaves_no_line() -> None:
    lines = shown(replace(APPLY, bring=(), where=None, how_long=None, note=None)).split("\n")
    assert len(lines) == 3
    assert lines[-1].startswith(texts.SOURCE)


def test_every_variable_of_the_profile() -> None:
    entry = replace(
        APPLY, answer="{bureau} {phone} {address} {hours}", bring=("{phone}",), where="{address}", note="{hours}"
    )
    text = shown(entry)
    assert text.startswith("桐乡市退役军人事务局 0573-88880000 桐乡市振兴路1号 工作日 8:30-17:00")
    assert "{" not in text


def test_a_local_entry_at_home_names_its_place() -> None:
    text = shown(village().entries["bus-tongxiang"])
    assert text.startswith("半价")
    assert texts.SCOPE + "浙江省桐乡市" in text


def test_a_local_entry_elsewhere_says_first_that_places_differ() -> None:
    text = shown(village().entries["bus-suzhou"], elsewhere=True)
    assert text.startswith("各地规定不一样")
    assert "江苏省苏州市" in text.split("\n")[0]
    assert "0573-88880000" in text.split("\n")[0]


def test_a_nationwide_entry_names_no_place() -> None:
    assert texts.SCOPE not in shown(APPLY)


def test_without_a_source_it_says_common_practice() -> None:
    practice = texts.NO_SOURCE.format(bureau="桐乡市退役军人事务局")
    assert shown(replace(APPLY, sources=())).endswith(texts.SOURCE + practice)


def test_two_articles_of_one_document_stand_together() -> None:
    sources = tuple(
        Source("某某条例", "国令第1号", article, date(2024, 8, 1)) for article in ("第三条", "第四条", "第三条")
    )
    text = simplify(shown(replace(APPLY, sources=sources)))
    assert text.endswith("依据:《某某条例》第三条、第四条(国令第1号,2024年8月1日起)")


def test_at_most_three_documents_and_an_official_link() -> None:
    sources = tuple(Source(f"办法{n}号规定", url="https://www.gov.cn/x" if n == 0 else None) for n in range(5))
    text = shown(replace(APPLY, sources=sources))
    assert "《办法0号规定》\nhttps://www.gov.cn/x" in text
    assert "《办法2号规定》" in text
    assert "《办法3号规定》" not in text


def test_a_title_with_its_own_marks_gets_no_second_pair() -> None:
    text = shown(replace(APPLY, sources=(Source("关于印发《办法》的通知"),)))
    assert text.endswith(texts.SOURCE + "关于印发《办法》的通知")


def test_a_question_as_a_choice() -> None:
    choice = question_choice(APPLY)
    assert (choice.label, choice.action) == ("优待证怎么办", "faq:card-apply")


def test_every_entry_of_the_county_renders() -> None:
    for entry in village().entries.values():
        assert "{" not in shown(entry)
        assert "None" not in shown(entry)
