"""Stations and grids through the command line: row by row, twice as once, and told in Chinese."""

from pathlib import Path

import pytest

from tests.fakes.command_line import Run

SAMPLES = Path(__file__).parents[2] / "knowledge" / "data" / "samples"


def test_samples_in_out_and_in_again(run: Run, tmp_path: Path) -> None:
    done = run("import", "stations", SAMPLES / "stations.csv", "--dry-run")
    assert (done.status, "没有写入" in done.out, "新增 5 行" in done.out) == (0, True, True)
    assert "新增 5 行" in run("import", "stations", SAMPLES / "stations.xlsx").out
    done = run("import", "grids", SAMPLES / "grids.xlsx")
    assert (done.status, "新增 5 行" in done.out, "一并新增\uff1a示例城关镇示例东门社区" in done.out) == (0, True, True)
    for kind in ("stations", "grids"):
        for suffix in ("csv", "xlsx"):
            path = tmp_path / f"out.{suffix}"
            assert "已导出 5 条" in run("export", kind, path).out
            assert "没有变化 5 行" in run("import", kind, path).out


def test_good_rows_are_kept_and_bad_ones_named_by_their_row(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "stations.csv"
    path.write_bytes("序号,名称,级别,电话\n1,甲站,县,110\n2,乙站,省,\n".encode("gb18030"))
    done = run("import", "stations", path)
    assert done.status == 1
    assert "第 3 行 乙站 省\uff1a级别“省”不认识" in done.out
    assert "没有用到的列\uff1a序号" in done.out
    assert "没有变化 1 行\uff0c有问题 1 行" in run("import", "stations", path).out


@pytest.mark.parametrize("content", [None, b"PK\x03\x04 torn", "乡镇\n".encode()], ids=["missing", "torn", "other"])
def test_a_file_that_cannot_be_used(run: Run, tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "stations.xlsx"
    if content is not None:
        path.write_bytes(content)
    done = run("import", "stations", path)
    assert (done.status, done.out, "stations.xlsx" in done.err, "Traceback" in done.err) == (1, "", True, False)


def test_an_export_needs_a_name_that_says_what_it_is(run: Run, tmp_path: Path) -> None:
    for name in ("out.doc", "no-such-folder/out.csv"):
        done = run("export", "grids", tmp_path / name)
        assert (done.status, "Traceback" in done.err) == (1, False)
    assert list(tmp_path.glob("out*")) == []
