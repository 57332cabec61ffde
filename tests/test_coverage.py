"""An inventory against a guideline: encoded, left out with a reason, missing; nothing guessed."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from conftest import GUIDELINE, SHARED
from guidegraph.cli.group import cli
from guidegraph.coverage import inventory
from guidegraph.scaffold import new

INVENTORY = """\
# What the example report has

| group | rows |
|---|---|
| EX-REC | 3 |
| CIT | 1 |
| **total** | **4** |

| id | lines | quote |
|---|---|---|
| EX-REC-1 | 4-5 | "measure \\| repeat" |
| EX-REC-2 | 7-9 |  |
| `EX-REC-3` | 11 |  |

Not a row: | EX-REC-9 |

| id | where |
|---|---|
| EX-CIT-01 | 18 |

```
| id |
|---|
| EX-REC-8 |
```

| id | from | to |
|---|---|---|
| X-REL-01 | EX-CLM-1..3 | EX-REC-2 |
"""

NOTED = """\
@prefix gg: <https://w3id.org/guidegraph/ns#> .
@prefix d: <https://example.org/guideline/example-marker/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .

d:REC-1 skos:notation "EX-REC-1" .
d:CIT-1 skos:notation "EX-CIT-01" .
d:EX-P-3 skos:notation "EX-REC-3" .
d:CLM-1 skos:notation "EX-CLM-1" , "EX-RCE-2" .
d:OMIT a gg:Omission ; skos:notation "X-REL-01" ; gg:rationale "It says nothing new."@en .
"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    new(tmp_path / "example-marker")
    (tmp_path / "example-marker" / "noted.ttl").write_text(NOTED, encoding="utf-8")
    (tmp_path / "inventory.md").write_text(INVENTORY, encoding="utf-8")
    return tmp_path / "example-marker"


def run(*arguments: str):
    return CliRunner().invoke(cli, ["coverage", *arguments])


def test_rows_are_those_of_tables_whose_first_column_is_an_id():
    found = inventory(INVENTORY)
    assert [(each.id, each.line) for each in found.rows] == [
        ("EX-REC-1", 11),
        ("EX-REC-2", 12),
        ("EX-REC-3", 13),
        ("EX-CIT-01", 19),
        ("X-REL-01", 29),
    ]
    assert found.counts == {"EX-REC": 3, "CIT": 1}
    assert found.total == 4
    assert found.group("EX-CIT-01") == "CIT"
    assert found.group("X-REL-01") == "X-REL"


def test_what_is_missing_is_told_with_its_line(folder):
    result = run("inventory.md", "example-marker")
    lines = result.stdout.splitlines()
    assert result.exit_code == 1
    # a passage says where a row stands, which is not to encode it
    assert "inventory.md:12: EX-REC-2 is missing." in lines
    assert "inventory.md:13: EX-REC-3 is missing." in lines
    assert "inventory.md:29: X-REL-01 is left out (OMIT): It says nothing new." in lines
    assert "The inventory counts 4 rows in all and has 5." in lines
    assert not any("EX-REC-1" in line or "CIT-01" in line for line in lines)
    assert any("EX-RCE-2 (on CLM-1) is no row" in line for line in lines)
    assert any(line.endswith("Did you mean EX-REC-2?") for line in lines)
    assert not any("EX-CLM-2" in line for line in lines)


def test_the_same_as_json(folder):
    told = json.loads(run("inventory.md", "example-marker", "--format", "json").stdout)
    assert told["missing"] == [{"id": "EX-REC-2", "line": 12}, {"id": "EX-REC-3", "line": 13}]
    groups = {each["group"]: each for each in told["groups"]}
    assert groups["EX-REC"] == {
        "group": "EX-REC",
        "rows": 3,
        "counted": 3,
        "encoded": 1,
        "leftOut": 0,
        "missing": 2,
    }
    assert groups["X-REL"]["leftOut"] == 1
    assert {each["notation"] for each in told["unknown"]} == {"EX-CLM-1", "EX-RCE-2"}


def test_a_complete_inventory_exits_with_zero(folder):
    sound = "| id |\n|---|\n| EX-REC-1 |\n| EX-CIT-01 |\n| X-REL-01 |\n"
    (folder.parent / "inventory.md").write_text(sound, encoding="utf-8")
    assert run("inventory.md", "example-marker").exit_code == 0
    (folder.parent / "inventory.md").write_text(
        sound + "\n| group | rows |\n|---|---|\n| EX-REC | 2 |\n", encoding="utf-8"
    )
    result = run("inventory.md", "example-marker")
    assert result.exit_code == 1
    assert "EX-REC: the inventory counts 2 rows and has 1." in result.stdout


def test_a_row_that_stands_twice_or_is_left_out_and_encoded_is_told(folder):
    (folder / "more.ttl").write_text(
        NOTED.replace('"X-REL-01"', '"EX-REC-1"').replace("d:OMIT", "d:OMIT-2"), encoding="utf-8"
    )
    (folder.parent / "inventory.md").write_text(
        "| id |\n|---|\n| EX-REC-1 |\n| EX-REC-1 |\n", encoding="utf-8"
    )
    result = run("inventory.md", "example-marker")
    assert "inventory.md:3: EX-REC-1 stands there more than once." in result.stdout
    assert "inventory.md:3: EX-REC-1 is left out although it is encoded." in result.stdout


def test_a_file_without_ids_is_no_inventory(folder):
    (folder.parent / "inventory.md").write_text("# Nothing\n", encoding="utf-8")
    result = run("inventory.md", "example-marker")
    assert result.exit_code == 2
    assert "no table whose first column is an id" in result.stderr


@pytest.mark.skipif(
    not (SHARED / "design" / "inventory.md").is_file(),
    reason="the inventory of the sources quotes them, so it is not here: no ../shared/design",
)
@pytest.mark.usefixtures("loaded_once")
def test_all_of_the_three_sources_is_encoded():
    result = run(str(SHARED / "design" / "inventory.md"), str(GUIDELINE), "--format", "json")
    told = json.loads(result.stdout)
    assert told["missing"] == []
    assert told["repeated"] == []
    assert told["rows"] == told["counted"] == 670
    assert result.exit_code == 0
