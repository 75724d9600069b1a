"""Stations and what is done there in the console: one form sets a station up, and its faults are those of the table."""

import re
from uuid import uuid4

import pytest
from sqlalchemy import delete, insert, select

from db.bookings import Service, StationService
from db.places import Station
from services import places
from services.places import EXCHANGES
from services.table import read_table
from tests.channels.console import Clerk, Office
from tests.channels.test_console_places import SAMPLES, _confirm, _upload

pytestmark = pytest.mark.asyncio(loop_scope="session")

NEW, SERVICES = "/console/places/stations/new", "/console/places/services"
EVERY_DAY = "每天 9:00-11:00"


def _name() -> str:
    return f"站{uuid4().hex[:8]}".translate(str.maketrans("0123456789abcdef", "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳"))


def _ticks(html: str, *names: str, **numbers: str) -> dict[str, str]:
    """Return the fields of services as a page offers them, some ticked, with numbers beside them such as minutes_政策咨询."""
    places_of = {name: number for number, name in re.findall(r'name="service_(\d+)" value="([^"]+)"', html)}
    fields = {f"service_{places_of[name]}": name for name in names}
    typed = {f"{what}_{places_of[name]}": text for key, text in numbers.items() for what, name in [key.split("_")]}
    return fields | typed


def _fields(**changes: str) -> dict[str, str]:
    columns = EXCHANGES["stations"].columns
    return dict.fromkeys(columns, "") | {"名称": _name(), "级别": "县", "上班时间": EVERY_DAY} | changes


async def _cells(office: Office, name: str) -> dict[str, str]:
    columns = EXCHANGES["stations"].columns
    async with office.site.app.database.snapshot() as db:
        rows = [dict(zip(columns, row, strict=True)) for row in await places.take_out(db, "stations")]
    return next(row for row in rows if row["名称"] == name)


async def test_a_station_is_set_up_with_one_form_and_shows_what_can_be_booked(office: Office) -> None:
    async with Clerk(office.site) as clerk:
        _, html = await clerk.get(NEW)
        ticks = _ticks(html, "优待证申领", "政策咨询", minutes_优待证申领="30", capacity_优待证申领="2")
        fields = _fields(最少提前="0", 可约天数="14", 星级="4", 经度="120.5631, 30.6302", 乡镇="城关镇")
        status, html = await clerk.post(NEW, fields | ticks)
        assert (status, "大家现在能约到的" in html) == (200, True)
        cells = await _cells(office, fields["名称"])
        assert cells["上班时间"] == "周一至周日 9:00-11:00"
        assert cells["事项"] == "优待证申领 30分钟 2人；政策咨询"
        assert (cells["经度"], cells["纬度"], cells["最少提前"], cells["星级"]) == ("120.5631", "30.6302", "0", "4")
        # Two hours in half hours for two at a time, and in twenty minutes for one.
        assert re.search(r'data-label="优待证申领">8</td>\s*<td data-label="政策咨询">6</td>', html)
        assert (await clerk.audited())[-1] == "station_saved"


async def test_a_station_is_changed_and_renamed_where_it_stands(office: Office) -> None:
    async with Clerk(office.site) as clerk:
        await clerk.get(NEW)
        first = _fields()
        _, html = await clerk.post(NEW, first | _ticks((await clerk.get(NEW))[1], "政策咨询"))
        async with office.site.app.database.snapshot() as db:
            id_ = (await db.scalars(select(Station.id).where(Station.name == first["名称"]))).one()
        path = f"/console/places/stations/{id_}"
        _, html = await clerk.get(path)
        assert re.search(r'value="政策咨询" checked', html)
        again = _fields(电话="0573-88001234", 上班时间="")
        status, html = await clerk.post(path, again)
        assert (status, "还没有勾选事项" in html) == (200, True)
        async with office.site.app.database.snapshot() as db:
            station = await db.get_one(Station, id_)
            assert (station.name, station.week, station.phone) == (again["名称"], None, "0573-88001234")
            assert (await db.scalars(select(StationService).where(StationService.station_id == id_))).all() == []
        assert f'<a href="{path}">{again["名称"]}</a>' in (await clerk.get("/console/places"))[1]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"名称": ""}, "请写上名称"),
        ({"级别": ""}, "级别没有填"),
        ({"上班时间": "早九晚五"}, "早九晚五"),
        ({"经度": "30.1", "纬度": "120.1"}, "填反了"),
        ({"最少提前": "60"}, "30分钟、2小时"),
        ({"停用": "明年"}, "从哪天起停用"),
        ({"电话": "没有"}, "不是电话号码"),
        ({"上级": "没有这个站"}, "没有找到上级"),
    ],
)
async def test_what_is_wrong_is_said_and_what_was_typed_stays(
    office: Office, changes: dict[str, str], said: str
) -> None:
    async with Clerk(office.site) as clerk:
        _, html = await clerk.get(NEW)
        fields = _fields(地址="中山路2号") | _ticks(html, "政策咨询", minutes_政策咨询="25") | changes
        status, html = await clerk.post(NEW, fields)
        assert (status, said in html, 'value="中山路2号"' in html) == (422, True, True)
        assert re.search(r'value="政策咨询" checked', html)
        assert 'value="25"' in html
        async with office.site.app.database.snapshot() as db:
            assert await db.scalar(select(Station.id).where(Station.name == fields["名称"])) is None


async def test_a_new_station_never_takes_the_place_of_another(office: Office) -> None:
    async with Clerk(office.site) as clerk:
        await clerk.get(NEW)
        fields = _fields(地址="原来的地址")
        await clerk.post(NEW, fields)
        status, html = await clerk.post(NEW, fields | {"地址": "别的地址"})
        assert (status, "已经有" in html) == (422, True)
        assert (await _cells(office, fields["名称"]))["地址"] == "原来的地址"


async def test_no_such_station(office: Office) -> None:
    async with Clerk(office.site) as clerk:
        status, html = await clerk.get("/console/places/stations/999999")
        assert (status, "没有找到这个服务站" in html) == (422, True)


async def test_usual_services_come_with_one_button_and_name_where_what_to_bring_is_from(office: Office) -> None:
    async with Clerk(office.site) as clerk:
        await clerk.get(SERVICES)
        status, html = await clerk.post(f"{SERVICES}/shipped")
        assert (status, "身份证原件" in html, "出自问答：办优待证要带什么材料" in html) == (200, True, True)
        assert f"{SERVICES}/shipped" not in html
        assert (await clerk.audited())[-1] == "services_shipped"
        async with office.site.app.database.snapshot() as db:
            shipped = office.site.app.library.snapshot.content.visit_services
            rows = {row.name: row for row in await db.scalars(select(Service))}
            assert {name: rows[name].entry for name in shipped} == {name: one.entry for name, one in shipped.items()}


async def test_no_service_is_dropped_from_a_long_form(office: Office) -> None:
    names = [_name() for _ in range(101)]
    values = {"words": [], "bring": "", "minutes": 30, "capacity": 1}
    async with office.site.app.database.transaction() as db:
        await db.execute(insert(Service), [{"name": name, **values} for name in names])
    async with Clerk(office.site) as clerk:
        _, html = await clerk.get(NEW)
        fields = _fields() | _ticks(html, names[0], names[-1])
        status, _ = await clerk.post(NEW, fields)
        cells = await _cells(office, fields["名称"])
        assert (status, set(cells["事项"].split("；"))) == (200, {names[0], names[-1]})
    async with office.site.app.database.transaction() as db:
        ids = select(Service.id).where(Service.name.in_(names))
        await db.execute(delete(StationService).where(StationService.service_id.in_(ids)))
        await db.execute(delete(Service).where(Service.name.in_(names)))


async def test_a_service_is_added_changed_and_refused(office: Office) -> None:
    name = _name()
    fields = {"事项": name, "别名": f"办{name}", "带什么": "身份证\n户口簿", "问答": "", "分钟": "25", "同时几人": "2"}
    async with Clerk(office.site) as clerk:
        await clerk.get(SERVICES)
        status, html = await clerk.post(SERVICES, fields)
        assert (status, f"“{name}”已保存" in html, "身份证；户口簿" in html) == (200, True, True)
        _, html = await clerk.get(f"{SERVICES}?name={name}")
        assert (f"修改“{name}”" in html, "身份证\n户口簿</textarea>" in html) == (True, True)
        assert '<option value="ydz-bring">办优待证要带什么材料</option>' in html
        await clerk.post(SERVICES, fields | {"分钟": "40"})
        async with office.site.app.database.snapshot() as db:
            row = (await db.scalars(select(Service).where(Service.name == name))).one()
            assert (row.minutes, row.bring) == (40, "身份证\n户口簿")
        status, html = await clerk.post(SERVICES, fields | {"事项": f"{name}新", "别名": "", "问答": "no-such"})
        assert (status, "没有找到问答" in html, f"{name}新" in html) == (422, True, True)
        assert (await clerk.audited())[-1] == "service_saved"


@pytest.mark.parametrize("kind", ["stations", "services"])
async def test_the_sample_sets_it_all_up(office: Office, kind: str) -> None:
    async with Clerk(office.site) as clerk:
        for name in dict.fromkeys(["services", kind]):
            _, html = await _upload(clerk, name, (SAMPLES / f"{name}.xlsx").read_bytes(), "table.xlsx")
            assert "有问题 0 行" in html
            if "确认导入" in html:
                status, html = await _confirm(clerk, name, html)
                assert status == 200
        _, html = await clerk.get(f"/console/places/{kind}".replace("/stations", ""))
        assert "示例" in html
        async with clerk.session.get(f"/console/places/{kind}/export.xlsx") as response:
            exchange = EXCHANGES[kind]
            exported = read_table(await response.read(), exchange.columns, exchange.required)
        sample = read_table((SAMPLES / f"{kind}.xlsx").read_bytes(), exchange.columns, exchange.required)
        rows = [list(row.cells.values()) for row in exported.rows]
        assert all(list(row.cells.values()) in rows for row in sample.rows)


@pytest.mark.parametrize("role", ["agent", "editor", "grid"])
async def test_only_for_who_sets_stations_up(office: Office, role: str) -> None:
    async with Clerk(office.site, role=role) as clerk:
        for path in (NEW, SERVICES, f"{SERVICES}/import", "/console/places/stations/1"):
            assert (await clerk.get(path))[0] == 403
