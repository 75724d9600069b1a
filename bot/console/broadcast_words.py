"""What the console calls the things of a broadcast."""

from collections.abc import Mapping

from services.audience import Audience

STATUSES = {
    "draft": "草稿",
    "submitted": "等审批",
    "scheduled": "等着发",
    "freezing": "正在定名单",
    "sending": "正在发",
    "paused": "已暂停",
    "cancelled": "已取消",
    "done": "已结束",
}
OUTCOMES = {
    "read": "看过了",
    "sent": "送到了",
    "waiting": "还没发",
    "first": "等对方打开网页",
    "failed": "没有送到",
    "expired": "过期没送到",
    "blocked": "屏蔽了我们",
    "never": "没有渠道账号",
    "stopped": "退订了",
    "cancelled": "取消了没发",
    "deceased": "已去世",
    "erased": "已注销",
}
FATE_MEANS = {
    "now": "发到 Telegram",
    "first": "存着，打开网页聊天就看到；同时列入电话单",
    "never": "打电话或上门",
    "blocked": "打电话或上门",
    "stopped": "不愿意收这类通知，不发",
    "deceased": "不发",
    "erased": "不发",
}
TRIAL = {
    "held": "正在发",
    "ready": "正在发",
    "sent": "已发到您的 Telegram",
    "dead": "没有发出去",
    "cancelled": "没有发出去",
}

SUBMITTED = "已提交，等另一位负责人审批。"
APPROVED = "已批准，到时间就开始发。"
RETURNED = "已退回，写的人会看到原因。"
PAUSED = "已暂停。正在路上的几条还会到，其余都停住了。"
RESUMED = "接着发。"
CANCELLED = "已取消。还没发出去的都不发了。"
TRIED = "测试发出去了，请看您的 Telegram。"
RESENT = "给没送到的人写好了一个新的群发，请看一看再提交。"
BACK_TO_DRAFT = "已保存。改过以后要重新提交审批。"
BAD_MOMENT = "“{label}”的时间没有写对。"
TOO_MANY = "名单太大，Excel 装不下，请导出 CSV。"
RESULT_COLUMNS = ("乡镇", "村社", "姓名", "渠道", "结果", "说明")
RESULT_NAME = "群发结果_{title}.{suffix}"
STRANGER = "没有建档的账号"


def described(audience: Audience, towns: Mapping[int, str], stations: Mapping[int, str]) -> list[str]:
    """Return an audience in words, one line for each thing that was chosen."""
    if audience.failed_of is not None:
        return ["只发给上次没有送到的人"]
    lines = []
    if audience.on_file:
        lines.append("有档案的人" + ("" if _narrowed(audience) else "，全部"))
        lines += _chosen("乡镇", [towns.get(id_, "？") for id_ in audience.townships])
        lines += _chosen("服务站（含下级）", [stations.get(id_, "？") for id_ in audience.stations])
        lines += _chosen("类别", audience.categories)
        if audience.age_from is not None or audience.age_to is not None:
            low = "" if audience.age_from is None else f"{audience.age_from} 岁以上"
            high = "" if audience.age_to is None else f"{audience.age_to} 岁以下"
            lines.append("年龄：" + "，".join(filter(None, (low, high))))
    if audience.strangers:
        lines.append("没有建档的账号")
    if audience.subscribed:
        lines.append("不算退订了的")
    return lines


def _narrowed(audience: Audience) -> bool:
    places = audience.townships or audience.stations or audience.categories
    return bool(places) or audience.age_from is not None or audience.age_to is not None


def _chosen(label: str, names: list[str] | tuple[str, ...]) -> list[str]:
    return [f"{label}：{'、'.join(names)}"] if names else []
