"""What the tables of work figures say from Python: the columns of the bureaus' yearly reports."""

NAMES = {"fairs": "招聘会统计", "classes": "培训和活动统计", "online": "线上岗位统计"}
FILE_NAME = "{name}_{first}至{last}.{suffix}"
COLUMNS = {
    "fairs": (
        "项目", "日期", "招聘会场次", "参会企业", "岗位条数", "提供岗位", "求职人数", "达成意向", "签约或录用", "没填结果的场次",
    ),
    "classes": ("类别", "期数或场次", "报名人数", "到场人数"),
    "online": ("项目", "线上企业", "岗位条数", "提供岗位", "推荐", "上岗", "30天后还在岗"),
}  # fmt: skip
FAIR_SERIES, ONLINE_SERIES = ("求职人数", "达成意向", "签约或录用"), ("推荐", "上岗", "30 天后还在岗")
