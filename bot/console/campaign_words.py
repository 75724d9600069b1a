"""What the console calls the things of a certification campaign."""

from collections.abc import Mapping

STATUSES = {"draft": "草稿", "running": "进行中", "closed": "已结束"}
STATES = {
    "open": "还没认证",
    "claimed": "说办过了，等核对",
    "done": "已认证",
    "deceased": "已去世",
    "removed": "不在名单",
}
OUTCOMES = {
    "answered": "有回音",
    "read": "看过了",
    "sent": "送到了",
    "family": "只通知到家人",
    "waiting": "还在等着发",
    "stranger": "说不是本人",
    "failed": "没有送到",
    "none": "还没到发的时候",
    "never": "没有渠道账号",
    "blocked": "屏蔽了我们",
    "stopped": "退订了",
    "deceased": "已去世",
    "erased": "已注销",
}
"""What became of the reminders to one person."""
FATES = {
    "now": "能直接通知",
    "first": "等对方先来（网页）",
    "never": "没有渠道账号",
    "blocked": "屏蔽了我们",
    "stopped": "退订了",
    "deceased": "已去世",
    "erased": "已注销",
}
FATE_MEANS = {
    "now": "发到他的 Telegram",
    "first": "存着，他打开网页聊天就看到；同时列入电话单",
    "never": "打电话或上门",
    "blocked": "打电话或上门",
    "stopped": "不再发，打电话或上门",
    "deceased": "不发",
    "erased": "不发",
}


def when_of(step: Mapping[str, object]) -> str:
    """Return when a step comes, in words."""
    days = step["days"]
    if days is None:
        return "开始那天"
    number = int(str(days))
    if number == 0:
        return "截止那天"
    return f"截止前 {-number} 天" if number < 0 else f"截止后 {number} 天"


def sample(campaign_deadline: str, phone: str) -> dict[str, str]:
    """Return what the blanks of a text are filled with in a preview."""
    return {
        "name": "王同志",
        "deadline": campaign_deadline,
        "station": "城关镇服务站",
        "phone": phone or "0573-88000000",
    }
