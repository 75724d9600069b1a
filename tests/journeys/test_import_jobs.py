"""A list of posts through the command line: row by row, twice as once, and told in Chinese."""

from pathlib import Path

import pytest

from tests.fakes.command_line import Run

SAMPLES = Path(__file__).parents[2] / "knowledge" / "data" / "samples"
SOURCE = ("--source", "县人社局")


def test_a_list_in_out_and_in_again(run: Run, tmp_path: Path) -> None:
    done = run("import", "jobs", SAMPLES / "jobs.csv", *SOURCE, "--dry-run")
    assert (done.status, "没有写入" in done.out, "新增 4 行" in done.out) == (0, True, True)
    assert "新增 4 行" in run("import", "jobs", SAMPLES / "jobs.xlsx", *SOURCE).out
    assert "没有变化 4 行" in run("import", "jobs", SAMPLES / "jobs.json", *SOURCE).out
    assert "已导出 4 个岗位" in run("export", "jobs", tmp_path / "out.xlsx").out
    assert "修改 0 行" in run("import", "jobs", tmp_path / "out.xlsx", "--source", "另一处").out


def test_good_rows_are_kept_bad_ones_named_and_what_is_missing_told(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "jobs.csv"
    head, *rows = (SAMPLES / "jobs.csv").read_text(encoding="utf-8-sig").splitlines()
    path.write_text(
        "\n".join([head, rows[0].replace("4000-4800", "-1"), rows[1].replace("跑省内线", "限男性")]), encoding="gb18030"
    )
    run("import", "jobs", SAMPLES / "jobs.csv", *SOURCE)
    done = run("import", "jobs", path, *SOURCE)
    assert done.status == 1
    assert "第 2 行 示例-1 示例安泰保安服务有限公司 小区保安\uff1a月薪“-1”不能是负数" in done.out
    assert "第 3 行 要审核\uff1a写了只要男性" in done.out
    assert "名单里没有的岗位 2 个\uff08还在招" in done.out
    assert "已停招" in run("import", "jobs", path, *SOURCE, "--close-missing").out
    assert "名单里没有" not in run("import", "jobs", path, *SOURCE).out


@pytest.mark.parametrize("content", [None, b"PK\x03\x04 torn", b"[1, 2]", b"{", "乡镇\n".encode()])
def test_a_file_that_cannot_be_used(run: Run, tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "jobs.xlsx"
    if content is not None:
        path.write_bytes(content)
    done = run("import", "jobs", path, *SOURCE)
    assert (done.status, done.out, "jobs.xlsx" in done.err, "Traceback" in done.err) == (1, "", True, False)


def test_a_source_that_is_our_own(run: Run) -> None:
    done = run("import", "jobs", SAMPLES / "jobs.csv", "--source", "console")
    assert (done.status, "请写上名单的来源" in done.err) == (1, True)
