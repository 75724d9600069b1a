"""The sentences that Python says on the pages of bookings and of the desk."""

from datetime import date, datetime

from core.clock import CHINA
from services.tickets import LATE

BOOKING_STATES = {"booked": "已约", "came": "来过了", "no_show": "没来", "over": "没有记", "cancelled": "取消了"}
STATES = {
    "booked": "还没到", "waiting": "等着", "called": "正在办", "done": "办完了", "gone": "没人应", "came": "来过了",
    "no_show": "没来", "over": "没有记",
}  # fmt: skip
HOW_LATE = int(LATE.total_seconds() // 60)

NOTHING_FOUND = "没有找到“{words}”。请看看预约码对不对，或者取一个现场号。"
GIVEN = "{number} 到了。"
TAKEN_BACK = "{number} 改回还没到。"
CALLED = "{number} 请到{window}。"
NOBODY = "现在没有人等。"
AGAIN = "{number} 又叫了一次。"
DONE = "{number} 办完了。"
GONE = "{number} 不在，先不叫了。人回来了，在最下面点“放回去等”。"
TAKEN_OVER = "{number} 由您接着办。"
BACK = "{number} 放回去等了，位置不变。"
NO_SHOW = "{code} 记为没来。"
NO_SHOWS = "{count} 个预约记为没来。"

MADE = "预约好了，预约码 {code}。"
MOVED = "改好了。"
CANCELLED = "取消了。空出来的名额先问候补的人，没有人候补，大家就能约。"
STAYS = "还是原来的时间和地方，没有改动，也没有发通知。"
TOLD = "对方会收到通知。"
NOT_TOLD = "对方收不到即时通知，请当面或打电话告诉他。"
LISTED = "没有告诉以前，他一直在“要打电话”里。"
KNOWS = "他自己要求的，就不用再打电话了。"
RUNG = "记下了，{code} 告诉过他了。"
A_COLLEAGUE = "同事"
CHANGED_SINCE = "这个预约刚才变了：现在是{when}，{station}，{by}改的。这次没有动它，请看现在的情况再决定。"
CANCELLED_SINCE = "这个预约已经取消了，{by}取消的。这次没有动它。"
LONG_REASON = "原因太长，最多 {most} 个字。"
CAME = "记为来过了。"
NOT_COME = "记为没来。"
NO_TIME = "请选一个时间。"
NO_REASON = "请写上原因，对方会看到。"
NOT_CALLED = "没有找到“{words}”的预约。过去的预约，请选日期看。"
ONLY_NEXT = "没有档案的人，只查了最近要来的 {most} 个预约；再往后的，请用预约码查。"
BACKWARDS = "“到哪天”比“从哪天”早，下面只有“从哪天”那一天的。"
HALVES = {"am": "上午", "pm": "下午", "any": "上午下午都可以"}
WAITS = "排上候补了，第 {number} 位。"
TO_CALL = "他收不到通知，有了号，“候补”里会写请打电话。"
KEPT_AT_ONCE = "现在就有号，{when}，给他留到{until}。请问他要不要。"
DECLINED = "记下了，这个号让给后面的人了。"
WAITS_NO_MORE = "候补取消了。"
WAIT_CHANGED = "这个候补刚才已经有变化了，请看现在的情况。"
WHY_LOST = {"passed": "过了时间没有答复，让给下一位了", "closed": "那天办不了这件事了", "ended": "那天过去了，没有空号"}
TELEPHONED = "记下了。"
NO_DAY_TO_WAIT = "请选候补哪一天。"
NO_CHOICE = "请先选服务站和事项。"
WEEKDAYS = "一二三四五六日"


def day_name(day: date) -> str:
    """Return a day as staff read it, with its weekday."""
    return f"{day.month}月{day.day}日（周{WEEKDAYS[day.weekday()]}）"


def time_name(moment: datetime) -> str:
    """Return a moment as staff read it, with its weekday."""
    local = moment.astimezone(CHINA)
    return f"{day_name(local.date())}{local:%H:%M}"
