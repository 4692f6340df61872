from __future__ import annotations

import pytest

from models.development import Competency
from models.errors import NotCompetencies
from models.parsing.competencies import HEADINGS, read_competencies
from service.errors import USAGE, exit_code, rebuild

HEAD = "id,name,name_zh,aliases,esco\n"
BUDGET = "21c5790c-0930-4d74-b3b0-84caf5af12ea"


@pytest.fixture
def written(tmp_path):
    def write(text, encoding="utf-8"):
        path = tmp_path / "own.csv"
        path.write_bytes(text if isinstance(text, bytes) else text.encode(encoding))
        return path

    return write


def refusal(path, language="en"):
    with pytest.raises(NotCompetencies) as caught:
        read_competencies(path)
    assert exit_code(caught.value) == USAGE
    values = {key: str(value) for key, value in caught.value.values.items()}
    assert rebuild("NotCompetencies", caught.value.key, values).line(language) == caught.value.line(language)
    return caught.value.line(language)


def test_a_list_with_everything(written):
    rows = (
        "story,Story mapping,故事地图,user story maps; 用户故事梳理;Story mapping,,\n"
        f"budget,Budget care,预算把控,,HTTPS://data.europa.eu/esco/skill/{BUDGET.upper()}\n"
        f"b2,,稳预算,,{BUDGET}\n"
    )
    assert read_competencies(written(HEAD + rows)) == [
        Competency(
            "story", "Story mapping", "故事地图", ("user story maps", "用户故事梳理", "Story mapping")
        ),
        Competency("budget", "Budget care", "预算把控", (), f"http://data.europa.eu/esco/skill/{BUDGET}"),
        Competency("b2", "", "稳预算", (), f"http://data.europa.eu/esco/skill/{BUDGET}"),
    ]


@pytest.mark.parametrize("heading", HEADINGS["name_zh"])
def test_headings_may_be_chinese_in_any_order_and_others_are_ignored(written, heading):
    text = f"说明,别名,{heading},编号\n很长的说明,讲故事,故事地图,story\n"
    for encoding in ("utf-8", "utf-8-sig", "gb18030", "utf-16"):
        found = read_competencies(written(text, encoding))
        assert found == [Competency("story", "", "故事地图", ("讲故事",))]


def test_semicolons_between_columns_and_blank_lines_are_no_trouble(written):
    text = 'id;name;aliases\r\n\r\nstory;"Story  mapping";"maps; 用户故事"\r\n;;\r\n'
    assert read_competencies(written(text)) == [
        Competency("story", "Story mapping", "", ("maps", "用户故事"))
    ]


def test_formulas_are_just_text(written):
    found = read_competencies(written(HEAD + 'a,=1+1,,"@SUM(A1); -2",\nb,\'=2+2,,,\n'))
    assert [one.name for one in found] == ["=1+1", "=2+2"]
    assert found[0].aliases == ("@SUM(A1)", "-2")


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        (",Story,,,", "line 2, column id: a value is missing"),
        ("a b,Story,,,", 'line 2, column id: "a b" is not an id'),
        ("a,,,alias,", "line 2, column name: a value is missing"),
        ("a,Story,,,http://example.org/1", '"http://example.org/1" is not the id or address of a skill'),
        ("a,Story,,,x,more", "line 2: more cells than the first line has headings"),
        ('a,"Story,,,', "line 2: a quote is left open"),
        ("a," + "x" * 201 + ",,,", "column name: the text is longer than 200 characters"),
        ("a,A,,,\na,B,,,", 'line 3, column id: the id "a" belongs to an earlier competency'),
        (
            "a,Story,,,\nb,STORY,,,",
            'line 3, column name: the name "STORY" belongs to the competency in line 2',
        ),
        (
            "a,A,故事,,\nb,B,,x;故事,",
            'line 3, column aliases: the name "故事" belongs to the competency in line 2',
        ),
    ],
)
def test_rows_that_cannot_be_used_are_told_with_line_and_column(written, rows, told):
    line = refusal(written(HEAD + rows))
    assert told in line
    assert line.startswith("own.csv: ")
    assert "\n" not in line


def test_everything_wrong_is_told_at_once_in_the_words_of_the_file(written):
    text = "编号,名称,别名\n坏 编号,故事地图,\nok,,\nlast,故事地图,\n"
    line = refusal(written(text), "zh")
    assert line.startswith("own.csv:第 2 行,编号 列: “坏 编号”不是有效的编号")
    assert "第 3 行,name 列: 缺少取值" in line
    assert "第 4 行,名称 列: 名称“故事地图”已被第 2 行的胜任力使用" in line
    assert "and 30 more" in refusal(written(HEAD + "".join(f"n{n},,,,\n" for n in range(50))))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "holds no competencies"),
        (HEAD, "holds no competencies"),
        (b"\xff\xff\x00id,name\n", "is not a text file"),
        ("name,aliases\nStory,\n", "line 1: there is no column id"),
        ("id,aliases\na,b\n", "line 1: there is no column name"),
        ("id,name,Name\na,b,c\n", "line 1: the column name stands there twice"),
        (HEAD + "".join(f"c{n},Name {n},,,\n" for n in range(5_001)), "more than 5000 competencies"),
    ],
)
def test_files_that_are_no_list(written, text, told):
    assert told in refusal(written(text))


def test_five_thousand_are_read(written):
    rows = "".join(f"c{n},Name {n},名称{n},alias {n},\n" for n in range(5_000))
    assert len(read_competencies(written(HEAD + rows))) == 5_000


def test_a_missing_file_and_a_folder_are_errors_for_people(tmp_path):
    assert "no such file" in refusal(tmp_path / "gone.csv")
    assert "is not a text file" in refusal(tmp_path)
