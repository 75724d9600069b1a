"""The sentences that Python says on the pages of bookings and of the desk."""

from datetime import date, datetime

from core.clock import CHINA
from services.tickets import LATE

BOOKING_STATES = {"booked": "已约", "came": "来过了", "no_show": "没来", "cancelled": "取消了"}
STATES = {
    "booked": "还没到", "waiting": "等着", "called": "正在办", "done": "办完了", "gone": "没办就走了", "came": "来过了",
    "no_show": "没来",
}  # fmt: skip
HOW_LATE = int(LATE.total_seconds() // 60)

NOTHING_FOUND = "没有找到“{words}”。请看看预约码对不对，或者取一个现场号。"
GIVEN = "{number} 到了。"
TAKEN_BACK = "{number} 改回还没到。"
CALLED = "{number} 请到{window}。"
NOBODY = "现在没有人等。"
AGAIN = "{number} 又叫了一次。"
DONE = "{number} 办完了。"
GONE = "{number} 记为没办就走了。"
BACK = "{number} 放回去等了，位置不变。"
NO_SHOW = "{code} 记为没来。"
NO_SHOWS = "{count} 个预约记为没来。"

MADE = "预约好了，预约码 {code}。"
MOVED = "改好了。"
CANCELLED = "取消了，名额已经让出来。"
TOLD = "对方会收到通知。"
NOT_TOLD = "对方收不到即时通知，请打电话告诉他。"
CAME = "记为来过了。"
NOT_COME = "记为没来。"
NO_TIME = "请选一个时间。"
NO_REASON = "请写上原因，对方会看到。"
NOT_CALLED = "没有找到“{words}”的预约。过去的预约，请选日期看。"
ONLY_NEXT = "没有档案的人，只查了最近要来的 {most} 个预约；再往后的，请用预约码查。"
NO_CHOICE = "请先选服务站和事项。"
WEEKDAYS = "一二三四五六日"


def day_name(day: date) -> str:
    """Return a day as staff read it, with its weekday."""
    return f"{day.month}月{day.day}日（周{WEEKDAYS[day.weekday()]}）"


def time_name(moment: datetime) -> str:
    """Return a moment as staff read it, with its weekday."""
    local = moment.astimezone(CHINA)
    return f"{day_name(local.date())}{local:%H:%M}"
