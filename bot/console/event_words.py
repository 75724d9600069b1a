"""What the pages of fairs, classes and activities say from Python."""

from datetime import datetime

from core.clock import CHINA
from db.events import Event
from services.event_list import STATUSES, takes_sign_ups

MADE = "建好了，还是草稿，聊天里看不到。核对以后点“发布”。"
PUBLISHED = "发布了，可以报名了。订阅了这一类的人会收到通知。"
CHANGED = "已保存。"
TELL = "时间或地点变了，报了名的人会收到通知。"
MOVED_UP = "候补的 {count} 人有名额了，会收到通知。"
TO_CALL = "有 {count} 人收不到即时通知，请看名单，打电话告诉。"
CANCELLED = "这场活动取消了，报了名的人会收到通知和原因。"
FIGURES_KEPT = "结果记下了，统计里就能看到。"
STAND_KEPT, STAND_GONE = "{name}记到这场招聘会了。", "已从这场招聘会移走，岗位还在。"
NO_EMPLOYER = "请写上单位名称。"
BAD_NUMBER = "{label}请写数字，没有统计就空着。"
SIGNED_UP, WAITING = "报好了，报名号 {code}。", "名额满了，排在候补第 {position} 位，报名号 {code}。"
PLACE_CANCELLED = "{code} 的报名取消了，对方会收到原因。"
CAME, NOT_CAME, WALKED_IN = "{code} 到了，现在到了 {count} 人。", "{code} 改回没到了。", "记下了，现在到了 {count} 人。"
NOTHING_FOUND = "没有找到“{words}”。换姓名或手机尾号再找；没报过名的，记在“没报名的人来了”里。"
RUNNING, CLOSED = "正在办", "报名截止了"
LIST_NAME = "{title}名单.{suffix}"


def span(starts: datetime, ends: datetime) -> str:
    """Return from when to when something lasts, the day once where it is one."""
    first, last = starts.astimezone(CHINA), ends.astimezone(CHINA)
    until = f"{last:%H:%M}" if first.date() == last.date() else f"{last.month}月{last.day}日 {last:%H:%M}"
    return f"{first.year}年{first.month}月{first.day}日 {first:%H:%M}–{until}"


def state(event: Event, now: datetime) -> str:
    """Return how an event stands: an open one may be going on, or take nobody on any more."""
    if event.status != "open" or takes_sign_ups(event, now):
        return STATUSES[event.status]
    return RUNNING if event.starts_at <= now < event.ends_at else CLOSED
