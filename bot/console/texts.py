"""The sentences that Python says in the console; those that stand on a page are in its template."""

NOT_GENUINE = "这个页面放得太久，或者浏览器没有保存 Cookie。请回到上一页，刷新后再试一次。"
CHECK_AGAIN = "页面放得太久了，刚才没有提交成功。您填写的内容在下面，请核对后再提交。"
SIGN_IN_AGAIN = "您离开得有点久，为了安全请重新登录。刚才写的内容还在，登录后会还给您。"
WELCOME_BACK = "您刚才写的内容在下面，请核对后提交。"
NO_RIGHT = "您的角色不能打开这一页。如果需要，请联系管理员。"
NO_SUCH_PAGE = "没有这一页，可能已经被删掉，或者地址写错了。"
BAD_POST = "这次提交的内容没有读懂，请回到上一页再试一次。"
TOO_LARGE = "这次提交的内容太大了，请分成几次提交。"
NOT_NOW = "系统暂时忙不过来，刚才的操作没有成功，请过一会儿再试。"
BROKEN = "程序出错了，已经记下来。刚才的操作可能没有成功，请回到上一页看一看。"
TOO_SLOW = "等得太久了，请重新输入登录名和密码。"
SIGNED_OUT = "已经退出。"
PASSWORD_SET = "密码设好了，请登录。"  # noqa: S105 - a sentence
PASSWORD_CHANGED = "密码改好了，其他浏览器已经退出。"  # noqa: S105 - a sentence
NOT_THE_SAME = "两次输入的密码不一样，请重新输入。"
WRONG_CURRENT = "现在的密码不对，没有修改。"
ON_DUTY = "您已在岗。"
OFF_DUTY = "您已不在岗。"
SIGNED_OUT_EVERYWHERE = "所有浏览器都已经退出。"
FACTOR_AGAIN = "这个页面过期了，请用新的方块重新来一次。"
FACTOR_SET = "动态码开通了，下次登录要用手机上的六位数字。"
FACTOR_ENDED = "动态码停用了。"
FACTOR_REQUIRED = "管理员要求您使用动态码，不能自己停用。"

NEW_LINK = "新的登录链接"
TAKEN_ON = "{name} 已加入"
SAVED = "已保存。"
UNLOCKED = "{name} 的账号解锁了，可以登录。"
DEACTIVATED = "{name} 的账号停用了，所有浏览器已经退出。"
ACTIVATED = "{name} 的账号恢复了。需要的话，给一个新的登录链接。"
FACTOR_FORGOTTEN = "{name} 的动态码已清除，下次登录只用密码。"
ALREADY_OUT = "这个账号已经停用，不能给登录链接。请先恢复。"
BAD_TELEGRAM = "Telegram 号是一串数字，没有就空着。"

NO_DAY = "请选一个日期。"
BAD_STRETCH = "“到哪天”不能早于日期，一次最多改 {days} 天。"
HALF_PERIOD = "{day}的上班和下班时间要成对填写。"
NO_FILE = "请先选一个文件。"
FILE_TOO_LARGE = "这个文件太大了，请分成几个文件导入。"
TABLE_TOO_LARGE = "表格太大了，请分成几个文件导入。"
TABLE_LOST = "要导入的内容没有传上来，请重新选文件。"
IMPORTED = "已导入：新增 {new} 行，修改 {changed} 行，有问题没有写入 {bad} 行。"
SAMPLE_NAME = "{label}样表.{suffix}"
PERSON_MADE = "档案建好了。"
PERSON_LINKED = "已归到这份档案。"
PERSON_UNLINKED = "已从这份档案移走。"
PERSON_JOINED = "已合并成一份档案。"
BINDING_ACCEPTED = "已绑定，也告诉了对方。"
BINDING_REFUSED = "已告诉对方没有核对上。"
PROXY_ENDED = "代办已停止，双方会收到通知。"
CONSENT_NEEDED = "要本人当面同意，才能登记代办。"
DEATH_SURE = "请先核实，并勾选“已经核实”。"
DEATH_REPORTED = "已登记去世，所有提醒都停了。联系家属的是：{name}。"
DEATH_KNOWN = "已经登记过去世了。"
DEATH_UNDONE = "已撤销，提醒和代办照旧。"
NOBODY_NAMED = "还没有在岗的同事"
CANNED_ADDED = "已添加。"
CANNED_REMOVED = "“{title}”已删除。"
DEFAULTS_IN = "放入了 {count} 条常用语。"
DRAFT_DONE = "草稿已完成，可以下载了。"
DRAFT_DROPPED = "已标为不采用。"
DRAFTS_FILE = "问答草稿.yaml"
DRAFTS_HEADER = (
    "# 由工作台的问答草稿导出。请补上 stage topic scope，以及至少 6 种、4 类问法，\n"
    "# 每个词的意思见 docs/knowledge-format.md；补好后用 python -m bot knowledge import 导入。\n"
)
NO_DRAFTS = "还没有完成的草稿可以下载。"
REPORT_NAME = "求助单统计_{first}至{last}.{suffix}"
REPORT_COLUMNS = (
    "项目", "受理", "办结", "未办结", "化解", "一次性化解率", "评价数", "满意率", "平均分", "首次答复（分钟，中位数）",
    "超时率", "危机求助", "误报",
)  # fmt: skip
KINDS = {"crisis": "危机", "consult": "咨询", "benefit": "待遇", "errand": "代办", "petition": "信访"}

TOO_LONG = "写得太长了，最多 20000 个字，请分成几次。"
NOT_SENT = "内容还没有发出去。改好以后，请重新选择文件再发。"
NO_KIND = "没有这一类求助单，请重新选择。"
NO_TARGET = "请先选择转给谁。对方要能看到这张求助单才行。"
DRAFTED = "已转为问答草稿，写上依据并审核以后就能用。"
MOVED_AWAY = "求助单 {code} 已经转走了。"

CAMPAIGN_MADE = "活动建好了，还没有开始。下一步：加名单。"
CAMPAIGN_NOT_SURE = "请先勾选确定，再点一次。"
CAMPAIGN_STARTED = "活动开始了。"
CAMPAIGN_CLOSED = "活动结束了，不再提醒任何人。"
COHORT_ADDED = "名单里新加了 {count} 人。"
CERTIFIED = "记好了，各渠道的提醒都停了。"
CLAIM_REJECTED = "记下了：没有查到办理记录。请打电话问一问。"
CERTIFICATION_REOPENED = "放回来了，还没认证。"
CERTIFICATION_REMOVED = "已移出这次的名单，不再提醒。"
VISIT_RECORDED = "走访结果记下了。"
VISITS_RECORDED = "记好了 {count} 行。"
SAID_MERGED = "和别的提醒合成一条发了"
TABLE_GONE = "这个表格不在了（放得太久，或者服务重启过）。请重新选文件，写过的行不会重复。"
BAD_ROWS = "有问题的行"
IMPORT_NAMES = {"roster": "导入名册", "results": "导入认证结果"}
SAMPLE_ROWS = {
    "roster": (
        "示例王五", "", "1234", "1950", "13800001234", "示例镇", "示例柳林村", "第一网格", "退役军人", "示例镇退役军人服务站",
    ),
    "results": ("示例王五", "", "1234", "示例镇", "示例柳林村", "2026-11-03"),
}  # fmt: skip
NO_STATION = "没有分到站"
NO_VILLAGE = "没有写村社"
PROGRESS_COLUMNS = ("范围", "名称", "名单", "已认证", "说办过了等核对", "还没认证", "已去世", "完成率")
UNREACHED_COLUMNS = ("乡镇", "村社", "网格", "姓名", "电话", "网格员", "网格员电话", "情况")
UNREACHED_LISTS = {"call": "电话单", "visit": "上门单"}
CERTIFICATION_COLUMNS = (
    "乡镇", "村社", "姓名", "电话", "服务站", "情况", "怎么办的", "谁办的", "依据", "哪天", "上次走访",
)  # fmt: skip
NO_CAMPAIGN = "请先选是哪一次活动的走访表。"
SHEET_TOO_LONG = "还有 {most} 多人没认证，请一个村一个村地打印。"
TOO_MANY_LINES = "一次最多录 {most} 行，后面的还在框里，请再点一次。"

ACTIONS = {
    "case_viewed": "查看求助单",
    "cases_searched": "查找求助单",
    "case_answered": "答复",
    "case_noted": "写备注",
    "case_claimed": "领取求助单",
    "case_closed": "办结求助单",
    "case_false_alarm": "误报关闭",
    "case_reopened": "重新打开求助单",
    "case_kind": "改求助单类型",
    "case_transferred": "转办求助单",
    "case_petition": "登记信访办理",
    "draft_made": "转为问答草稿",
    "file_viewed": "查看文件",
    "sign_in": "登录",
    "sign_in_failed": "登录失败",
    "sign_out": "退出",
    "sign_out_everywhere": "全部退出",
    "first_admin": "建立第一个管理员",
    "password_set": "用链接设置密码",
    "password_changed": "修改密码",
    "password_wrong": "修改密码时输错",
    "factor_set": "开通动态码",
    "factor_ended": "停用动态码",
    "factor_wrong": "停用动态码时输错",
    "factor_forgotten": "清除动态码",
    "duty": "切换在岗",
    "staff_taken_on": "添加工作人员",
    "staff_changed": "修改工作人员",
    "staff_invited": "给登录链接",
    "staff_unlocked": "解锁账号",
    "staff_deactivated": "停用账号",
    "staff_activated": "恢复账号",
    "days_marked": "改工作日历",
    "hours_set": "改上班时间",
    "targets_set": "改答复时限",
    "grids_viewed": "查看网格",
    "places_imported": "导入服务站或网格",
    "places_exported": "导出服务站或网格",
    "people_listed": "查看人员名单",
    "people_searched": "查找人员",
    "person_viewed": "查看档案",
    "person_revealed": "显示姓名和电话",
    "person_made": "建立档案",
    "person_changed": "修改档案",
    "person_linked": "账号归到档案",
    "person_unlinked": "账号移出档案",
    "person_joined": "合并档案",
    "bindings_viewed": "查看绑定申请",
    "binding_accepted": "同意绑定账号",
    "binding_refused": "没有核对上绑定",
    "binding_printed": "打印绑定码",
    "proxy_offered": "登记亲属代办",
    "proxy_ended": "停止亲属代办",
    "proxy_acted": "亲属代办",
    "reminder_refused": "拒绝别人的提醒",
    "reminder_stranger": "提醒发错人，移出账号",
    "death_told": "聊天里告知去世",
    "death_reported": "登记去世",
    "death_undone": "撤销去世登记",
    "canned_added": "添加常用语",
    "canned_changed": "修改常用语",
    "canned_removed": "删除常用语",
    "canned_defaults": "放入常用语",
    "draft_changed": "修改问答草稿",
    "drafts_exported": "下载问答草稿",
    "statistics_exported": "导出统计",
    "campaign_made": "新建认证活动",
    "campaign_changed": "修改认证活动",
    "campaign_started": "开始认证活动",
    "campaign_closed": "结束认证活动",
    "campaign_cohort_added": "认证名单加人",
    "campaign_roster_begun": "开始导入认证名册",
    "campaign_results_begun": "开始导入认证结果",
    "campaign_roster_imported": "导入认证名册",
    "campaign_results_imported": "导入认证结果",
    "campaign_people_listed": "查看认证名单",
    "campaign_exported": "导出认证名单或进度",
    "certification_viewed": "查看认证情况",
    "certified": "记为已认证",
    "certification_claim_rejected": "没有查到办理记录",
    "certification_reopened": "撤回认证",
    "certification_removed": "移出认证名单",
    "visits_viewed": "查看走访表",
    "visit_typed": "录入走访结果",
    "exam_made": "新建体检或疗养",
    "exam_changed": "修改体检或疗养",
    "exam_opened": "开放体检疗养报名",
    "exam_closed": "停止体检疗养报名",
    "exam_sessions_made": "安排体检疗养时间",
    "exam_capacity": "改体检疗养名额",
    "exam_session_cancelled": "取消一个体检疗养时间",
    "exam_listed": "查看体检疗养名单",
    "exam_printed": "打印体检疗养名单",
    "exam_exported": "导出体检疗养名单",
    "exam_signed_up": "替人报名体检疗养",
    "exam_place_viewed": "查看一个报名",
    "exam_moved": "改期体检疗养",
    "exam_cancelled": "取消体检疗养报名",
    "exam_attended": "记录体检疗养到没到",
    "exam_attendance_imported": "导入体检疗养到没到",
    "undelivered_viewed": "查看未送达",
    "undelivered_handled": "未送达处理过了",
    "undelivered_exported": "导出未送达",
    "broadcast_drafted": "写群发",
    "broadcast_changed": "修改群发",
    "broadcast_tried": "群发发给自己测试",
    "broadcast_submitted": "提交群发审批",
    "broadcast_approved": "批准群发",
    "broadcast_returned": "退回群发",
    "broadcast_paused": "暂停群发",
    "broadcast_resumed": "接着群发",
    "broadcast_cancelled": "取消群发",
    "broadcast_resent": "重发没送到的",
    "broadcast_viewed": "查看群发结果",
    "broadcast_exported": "导出群发名单或结果",
    "audit_viewed": "查看审计",
}
"""What the audit page calls each action."""
