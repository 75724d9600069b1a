"""What an import of stations goes by in tests: a few shipped services, two entries, the limits of a bureau that set none."""

from knowledge.visit_services import VisitService
from services.booking_rules import DEFAULT_BOOKING_RULES
from services.import_basis import Basis
from tests.fakes.clock import START

_NAMES = ("优待证补领", "生存认证", "政策咨询", "法律援助咨询", "评残申请", "退役报到")
SHIPPED = {
    "优待证申领": VisitService("优待证申领", ("办优待证",), ("身份证原件", "户口簿原件"), "ydz-bring", 20, 1),
    **{name: VisitService(name, (), (), None, 15, 1) for name in _NAMES},
}
BASIS = Basis(SHIPPED, ("ydz-bring", "ydz-lost"), DEFAULT_BOOKING_RULES, START)
