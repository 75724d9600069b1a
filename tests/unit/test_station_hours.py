"""Hours of a station's week: every usual way of writing them is read, what is printed is read again, and doubt is told."""

from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import Refusal
from services.calendar import Periods
from services.station_hours import EXAMPLE, pack_hours, read_hours, show_hours, unpack_hours

MORNING, AFTERNOON = (time(8, 30), time(12)), (time(14), time(17, 30))
SATURDAY = (time(9), time(11))
USUAL = dict.fromkeys(range(5), (MORNING, AFTERNOON)) | {5: (SATURDAY,)}


@pytest.mark.parametrize(
    "text",
    [
        EXAMPLE,
        "周一至周五 08:30-12:00，14:00-17:30；周六 9:00-11:00",
        "周一到周五：8:30—12:00、14:00—17:30\n周六：9:00～11:00",
        "星期一至星期五 8点半-12点 14点-17点30分;星期六 9点到11点",
        "工作日上午8:30-12:00 下午2:00-5:30;周六上午9:00-11:00",
        "周一、周二、周三、周四、周五 8.30-12.00 14.00-17.30；周六 9.00-11.00；周日休息",
        "周一、二、三、四、五 8：30－12：00 14：00－17：30 周六 9：00－11：00 礼拜天不上班（法定节假日除外）",
        "周六 9:00-11:00；周一至周五 14:00-17:30 8:30-12:00",
    ],
)
def test_one_week_written_in_many_ways(text: str) -> None:
    assert read_hours(text) == USUAL
    assert show_hours(read_hours(text)) == EXAMPLE


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("每天 9:00-17:00", "周一至周日 9:00-17:00"),
        ("周一三五 9:00-11:00", "周一、周三、周五 9:00-11:00"),
        ("周二、周三 9:00-11:00", "周二、周三 9:00-11:00"),
        ("周末 9:00-11:00", "周六、周日 9:00-11:00"),
        ("周一至周三、周五 9:00-11:00", "周一至周三、周五 9:00-11:00"),
    ],
)
def test_days_that_are_alike_stand_together(text: str, printed: str) -> None:
    assert show_hours(read_hours(text)) == printed
    assert show_hours(read_hours(printed)) == printed


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("8:30-12:00", "没有写星期几"),
        ("周一至周五", "没有写几点到几点"),
        ("周一；周三 9:00-11:00", "周一没有写几点到几点"),
        ("周一至周五 8:30-12:00；周三 9:00-11:00", "周三写了两次"),
        ("周五至周一 8:30-12:00", "写反了"),
        ("周一 12:00-8:30", "写反了"),
        ("周一 8:30-12:00 11:00-17:00", "重叠"),
        ("周一 8:30-12:00 2:00-5:30", "14:00"),
        ("周一 8:30-24:00", "23:59"),
        ("周一 8:70-12:00", "不是时间"),
        ("周一 全天", "全天"),
        ("周一 8:30-12:00（夏天14:30-18:00）", "夏天"),
        ("周日休息", "至少要有一天"),
        ("看门口通知", "看门口通知"),
        ("周一 8:30", "8:30"),
    ],
)
def test_what_cannot_be_understood_is_told(text: str, said: str) -> None:
    with pytest.raises(Refusal, match=said):
        read_hours(text)


@st.composite
def _periods(draw: st.DrawFn) -> Periods:
    minutes = draw(st.lists(st.integers(5 * 60, 24 * 60 - 1), min_size=2, max_size=6, unique=True))
    moments = [time(*divmod(minute, 60)) for minute in sorted(minutes)]
    return tuple(zip(moments[::2], moments[1::2], strict=False))


@given(st.dictionaries(st.integers(0, 6), _periods(), min_size=1))
def test_any_week_comes_back_as_it_was_printed_and_kept(week: dict[int, Periods]) -> None:
    assert read_hours(show_hours(week)) == week
    assert unpack_hours(pack_hours(week)) == week
