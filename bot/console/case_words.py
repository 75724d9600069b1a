"""What the console calls the things of a case: kinds, states, marks of delivery, and what happened when."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from db.cases import SupportCase
from handlers import texts
from services.case_feed import Item
from services.case_handover import Targets
from services.case_queue import Last

TABS = {"mine": "我的", "unclaimed": "待领取", "waiting": "等我们答复", "today": "今日到期", "closed": "已办结"}
KINDS = {"consult": "咨询", "benefit": "待遇", "errand": "代办", "petition": "信访", "crisis": "危机"}
REASONS = {
    "asked": "对方要找人工",
    "no_answer": "提醒几次没有回音",
    "voice": "发来了语音",
    "crisis": "说到了危险的话",
    "petition": "反映问题",
    "staff": "工作人员建立",
}
CHANNELS = {"web": "网页", "telegram": "Telegram", "wechat": "微信", "phone": "电话"}
OUTCOMES = {
    "resolved": "办结了",
    "false_alarm": "误报，关闭了",
    "withdrawn": "对方撤回了",
    "idle": "对方很久没有回话，自动办结",
}
MARKS = {
    "ready": "待发",
    "held": "待发",
    "sent": "已发",
    "read": "已读",
    "dead": "失败",
    "blocked": "对方已屏蔽",
    "cancelled": "已取消",
}
BAD_MARKS = ("dead", "blocked")
SENT = {
    "photo": "照片",
    "voice": "语音",
    "video": "视频",
    "document": "文件",
    "location": "位置",
    "sticker": "表情",
}
FILE_STATES = {"pending": "正在取", "refused": "没有收下", "failed": "没有取到"}
CLOCKS = {"notice": "受理告知书", "finish": "处理意见书", "review": "复查意见书"}
CLOCK_STATES = {"ok": "", "due_today": "今日到期", "overdue": "已超期"}
LEVELS = {1: "已提醒经办人", 2: "已提醒服务站负责人", 3: "已提醒局负责人"}
SAID_ELSE = "没有文字的消息"
NOBODY = "还没有人领取"
_WHOLE_BUREAU = "全局"
_PETITION = {
    "petition_noticed": "{who} 登记：受理告知书已送达",
    "petition_extended": "{who} 延期 30 天，理由：{reason}",
    "petition_decided": "{who} 登记：处理意见书已送达",
    "petition_review_asked": "{who} 登记：对方申请复查",
    "petition_reviewed": "{who} 登记：复查意见书已送达",
}
_HAPPENED = {
    "opened": "建立求助单：{reason}",
    "claimed": "{who} 领取",
    "kind": "{who} 把类型从{before}改为{after}",
    "closed": "{who} {outcome}",
    "reopened": "{who} 重新打开",
    "released": "退回待领取，由系统继续自动答复",
    "escalated": "超过答复时限，{level}",
    "alerted": "已通知 {count} 位在岗人员",
    "topic_lost": "工作群里的话题不见了，已经重建",
    "rated": "对方评价：{mark} 分，{rating}",
    "unreachable": "有一条消息没有送到：对方已屏蔽",
    "undelivered": "有一条消息没有送到",
    "asked": "对方提出：{words}",
    "home_visit": "对方申请上门，姓名、电话和地址见“上门”",
    "silent": "生存认证提醒了几次没有回音，请打电话或上门",
} | _PETITION
_OTHER = "有变动"


def how_long(since: datetime, now: datetime) -> str:
    """Return a time gone by in at most two units."""
    minutes = max(int((now - since).total_seconds()) // 60, 0)
    days, hours, rest = minutes // 1440, minutes % 1440 // 60, minutes % 60
    if days:
        return f"{days} 天" + (f" {hours} 小时" if hours else "")
    if hours:
        return f"{hours} 小时" + (f" {rest} 分钟" if rest else "")
    return f"{rest} 分钟" if rest else "不到 1 分钟"


def happened(item: Item, targets: Targets) -> str:
    """Return what an event of a case was."""
    detail = item.detail
    if item.kind == "transferred":
        return _transferred(item, targets)
    blanks = {
        "who": item.who or ("对方" if item.kind in ("reopened", "closed", "kind") else "系统"),
        "reason": detail.get("reason", ""),
        "before": KINDS.get(detail.get("before", ""), ""),
        "after": KINDS.get(detail.get("after", ""), ""),
        "outcome": OUTCOMES.get(detail.get("outcome", ""), ""),
        "level": LEVELS.get(detail.get("level", 0), ""),
        "count": len(detail.get("staff", ())),
        "mark": detail.get("mark", ""),
        "rating": texts.RATINGS.get(detail.get("mark", 0), ""),
        "words": detail.get("words", ""),
    }
    if item.kind == "opened":
        blanks["reason"] = REASONS.get(detail.get("reason", ""), "")
    elif detail.get("outcome") in ("idle", "withdrawn"):
        blanks["who"] = ""
    return _HAPPENED.get(item.kind, _OTHER).format(**blanks).strip()


def _transferred(item: Item, targets: Targets) -> str:
    if "staff" in item.detail:
        return f"{item.who} 转给 {targets.everybody.get(item.detail['staff'], '')}"
    return f"{item.who} 转到 {targets.stations.get(item.detail.get('station') or 0, _WHOLE_BUREAU)}"


def words_of(item: Item | Last, labels: Mapping[str, str]) -> str:
    """Return what was said, also where it was no words: a button, a photo, a place."""
    if item.kind == "text":
        return item.text
    if item.kind == "action":
        label = labels.get(item.text)
        return f"（点了“{label}”）" if label else "（点了一个选项）"
    files = getattr(item, "files", ())
    return "" if files else f"（{SENT.get(item.text, SAID_ELSE)}）"


def last_words(last: Last | None) -> str:
    """Return the last words of a case with who said them."""
    if last is None:
        return ""
    who = {"person": "对方", "staff": "我们"}[last.by]
    return f"{who}：{words_of(last, {})}"


def state_of(case: SupportCase, holder: str | None) -> str:
    """Return whose turn it is with a case."""
    if case.status == "closed":
        return OUTCOMES.get(case.outcome or "", "")
    return f"{holder} 在办" if holder else NOBODY


def shared() -> dict[str, Any]:
    """Return what every template about cases works with."""
    return {
        "tabs": TABS, "kinds": KINDS, "channels": CHANNELS, "reasons": REASONS, "marks": MARKS, "bad_marks": BAD_MARKS,
        "file_states": FILE_STATES, "clock_names": CLOCKS, "clock_states": CLOCK_STATES, "ratings": texts.RATINGS,
        "how_long": how_long, "happened": happened, "words_of": words_of, "last_words": last_words,
        "state_of": state_of,
    }  # fmt: skip
