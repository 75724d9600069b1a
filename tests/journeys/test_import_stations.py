"""Stations and what is done there through the command line: what comes in can be booked, and goes out as it came."""

from pathlib import Path

import pytest

from tests.fakes.command_line import Run

SAMPLES = Path(__file__).parents[2] / "knowledge" / "data" / "samples"


@pytest.mark.parametrize(("kind", "rows"), [("stations", 5), ("services", 2)])
def test_the_sample_in_out_and_in_again(run: Run, tmp_path: Path, kind: str, rows: int) -> None:
    done = run("import", kind, SAMPLES / f"{kind}.csv", "--dry-run")
    assert (done.status, "没有写入" in done.out, f"新增 {rows} 行" in done.out) == (0, True, True), done.err
    assert f"新增 {rows} 行" in run("import", kind, SAMPLES / f"{kind}.xlsx").out
    assert f"没有变化 {rows} 行" in run("import", kind, SAMPLES / f"{kind}.csv").out
    for name in ("out.xlsx", "out.csv"):
        assert f"已导出 {rows} 条" in run("export", kind, tmp_path / name).out
        assert f"没有变化 {rows} 行" in run("import", kind, tmp_path / name).out


def test_naming_a_usual_service_brings_what_its_entry_says(run: Run, tmp_path: Path) -> None:
    run("import", "stations", SAMPLES / "stations.csv")
    out = tmp_path / "services.csv"
    run("export", "services", out)
    row = next(line for line in out.read_text(encoding="utf-8-sig").splitlines() if line.startswith("优待证申领,"))
    assert ("身份证原件；户口簿原件" in row, ",ydz-bring,20,1" in row) == (True, True)


def test_good_rows_are_kept_and_bad_ones_say_why(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "stations.csv"
    path.write_text(
        "名称,级别,上班时间,事项,经度,纬度\n"
        "甲站,县,周一至周五 8:30-12:00,优待证申令,,\n"
        "乙站,县,周一至周五 12:00-8:30,政策咨询,,\n"
        "丙站,县,周一至周五 8:30-12:00,政策咨询 30分钟 2人,30.1,120.1\n"
        "丁站,县,周一至周五 8:30-12:00,政策咨询 30分钟 2人,120.1,30.1\n",
        encoding="gb18030",
    )
    done = run("import", "stations", path)
    assert done.status == 1
    assert "第 2 行 甲站 县 周一至周五 8:30-12:00：没有找到事项“优待证申令”，是不是优待证申领" in done.out
    assert "第 3 行 乙站" in done.out
    assert "写反了" in done.out
    assert "经度和纬度填反了" in done.out
    assert "新增 1 行" in done.out
    out = tmp_path / "out.csv"
    run("export", "stations", out)
    assert "丁站,县,,,,,120.1,30.1,,周一至周五 8:30-12:00,,,政策咨询 30分钟 2人," in out.read_text(encoding="utf-8-sig")
