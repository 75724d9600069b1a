"""The sentences of examinations fit an old person's screen, shout at nobody, and hold with the longest batch staff can write."""

from datetime import date
from types import ModuleType

import pytest

from db.exams import ExamBatch, ExamPlace, ExamSession
from handlers import exam_desk, exam_place, exam_plan, exam_screens, exam_sign_up, exams
from services.exam_places import Appointment
from tests.fakes.sentences import WIDEST, check_sentences

MODULES = (exam_desk, exam_place, exam_plan, exam_screens, exam_sign_up, exams)
TITLE = "2026年重点优抚对象体检"
FILLING = {
    "who": "王同志", "title": TITLE, "when": "12月1日（周二）上午", "facts": "", "reason": "仪器检修", "phone": "0573-88001234",
    "code": "TJ-A7K2", "place": "县人民医院体检中心", "closes": "11月30日（周一）", "ask": "", "day": "12月1日（周二）",
    "count": 20, "reminded": "", "titles": f"{TITLE}、2026年短期疗养", "soon": "明天", "days": 3, "first": "12月1日（周二）",
    "last": "12月5日（周六）",
}  # fmt: skip


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__)
def test_every_sentence_fits(module: ModuleType) -> None:
    check_sentences(module, FILLING)
    assert not any("停发" in sentence for sentence in vars(module).values() if isinstance(sentence, str))


def test_the_longest_batch_still_fits() -> None:
    batch = ExamBatch(
        kind="exam", title="长" * 30, place="地" * 60, before="空腹。" * 40, bring="证" * 120, phone="1" * 30
    )
    session = ExamSession(day=date(2026, 12, 31), half="am", until=None)
    text = exam_screens.place_facts(Appointment(ExamPlace(code="TJ-A7K2"), session, batch))
    assert [line for line in text.split("\n") if len(line) > WIDEST] == []
    assert text.count("空腹") == 40
    assert text.count("证") == 120
