"""What the pages of examinations say from Python."""

KINDS = {"exam": "体检", "recuperation": "疗养"}
STATUSES = {"draft": "没有开放", "open": "报名中", "closed": "不再报名"}
CAME = {True: "到了", False: "没到", None: ""}

MADE = "建好了。接着安排时间和名额，再开放报名。"
OPENED, CLOSED = "报名开放了。要通知大家，请用“群发”。", "不再接受报名。报了的人不受影响，仍会提醒。"
SESSIONS_MADE = "新安排了 {count} 个时间，已经有的没有动。"
GROUP_MADE = "加了一期。"
CANCELLED_SESSION = "这个时间取消了，{count} 人的报名也取消了。"
TO_CALL = "有 {count} 人收不到即时通知，名单在下面，请打电话。"
SIGNED_UP, MOVED, CANCELLED = "报好了，报名号 {code}。", "改好了。", "取消了。"
TOLD, NOT_TOLD = "已经通知对方。", "对方收不到即时通知，请打电话告诉。"
ATTENDANCE_KEPT = "记下了，到了 {count} 人。"
IMPORTED = "已导入：修改 {changed} 行，有问题没有写入 {bad} 行。"
LIST_NAME = "{title}名单.{suffix}"
BAD_DATE = "日期没有写对，请重新选。"
BAD_NUMBER = "名额请写数字。"
