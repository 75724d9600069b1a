"""The kinds of what is said unasked, and what each may do."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class NoticeKind:
    """One kind: its name in talk, and whether 都退订 leaves it, because it is about a place the person asked for."""

    label: str
    appointment: bool = False


KINDS = {
    "certification": NoticeKind("生存认证提醒"),
    "exam": NoticeKind("体检和疗养提醒", appointment=True),
    "jobs": NoticeKind("岗位提醒"),
    "events": NoticeKind("招聘会和活动通知"),
    "event_place": NoticeKind("报名的活动提醒", appointment=True),
    "visit": NoticeKind("到站预约提醒", appointment=True),
    "referral": NoticeKind("求职进展", appointment=True),
    "news": NoticeKind("通知公告"),
    "account": NoticeKind("绑定和代办通知", appointment=True),
}
"""By the name that outbox.notice and notice_stop.kind keep."""
STOPPABLE = {name: kind for name, kind in KINDS.items() if name != "account"}
"""What one may be without: nobody is bound to an account, or acts for somebody, unheard."""
