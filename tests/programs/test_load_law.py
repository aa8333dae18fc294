"""Loading the law: repeatable, says what it changes, leaves what people verified."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from programs.management.commands.load_law import DATA, TABLES
from programs.models import ActivityGroup, Programme, SupportNorm
from programs.programmes import programme_of
from vietnam.models import AdminUnit

pytestmark = [pytest.mark.django_db, pytest.mark.owner_role]


def load(folder: Path = DATA) -> list[str]:
    out = StringIO()
    call_command("load_law", data=folder, stdout=out)
    return out.getvalue().splitlines()


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(DATA, tmp_path / "law"))


def edit(folder: Path, file: str, change: Callable[[dict[str, Any]], None]) -> None:
    content = json.loads((folder / file).read_text())
    change(content)
    (folder / file).write_text(json.dumps(content))


def machinery(content: dict[str, Any]) -> dict[str, Any]:
    """The machinery norm of 2018 in the file."""
    row: dict[str, Any]
    (row,) = [r for r in content["rows"] if (r["activity"], r["valid_from"]) == ("N3.3", "2018-05-11")]
    return row


def held() -> SupportNorm:
    return SupportNorm.objects.get(activity_code="N3.3", valid__startswith="2018-05-11")


def test_loading_again_changes_nothing() -> None:
    load()
    counts = [table.model._default_manager.count() for table in TABLES]
    assert load() == ["law: 0 new, 0 changed"]
    assert [table.model._default_manager.count() for table in TABLES] == counts


def test_every_file_of_the_folder_is_loaded() -> None:
    assert {path.name for path in DATA.iterdir()} == {table.file for table in TABLES}


def test_a_changed_row_is_updated_and_printed(copy: Path) -> None:
    load()
    edit(copy, "norms.json", lambda content: machinery(content).update(cap_vnd=310_000_000))
    said = load(copy)
    assert said == [
        "changed: SupportNorm KCQG N3.3 2018-05-11: cap_vnd 300000000 -> 310000000",
        "law: 0 new, 1 changed",
    ]
    assert held().cap_vnd == 310_000_000


def test_a_version_that_ends_makes_room_for_its_successor(copy: Path) -> None:
    load()

    def replace(content: dict[str, Any]) -> None:
        old = machinery(content)
        content["rows"].insert(0, old | {"valid_from": "2027-07-01", "cap_vnd": 400_000_000})
        old["valid_to"] = "2027-06-30"

    edit(copy, "norms.json", replace)
    assert load(copy)[-1] == "law: 1 new, 1 changed"
    versions = SupportNorm.objects.filter(activity_code="N3.3")
    assert versions.get(valid__contains=dt.date(2027, 7, 1)).cap_vnd == 400_000_000
    assert versions.get(valid__contains=dt.date(2027, 6, 30)).cap_vnd == 300_000_000


def test_what_an_administrator_verified_is_kept(copy: Path) -> None:
    load()
    SupportNorm.objects.filter(pk=held().pk).update(confidence="verified", cap_vnd=305_000_000)
    assert load(copy) == [
        "kept (verified by an administrator): SupportNorm KCQG N3.3 2018-05-11",
        "law: 0 new, 0 changed",
    ]
    assert held().cap_vnd == 305_000_000


def test_an_unknown_document_is_named_and_nothing_is_stored(copy: Path) -> None:
    load()
    edit(copy, "norms.json", lambda content: machinery(content).update(document="1/2999/TT-BTC", cap_vnd=1))
    with pytest.raises(CommandError, match="1/2999/TT-BTC is not loaded: run load_documents first"):
        load(copy)
    assert held().cap_vnd == 300_000_000


def test_a_broken_file_is_named(copy: Path) -> None:
    (copy / "sectors.json").write_text("{")
    with pytest.raises(CommandError, match=r"sectors\.json"):
        load(copy)


def test_every_activity_of_the_ended_programme_has_a_group() -> None:
    load()
    groups = dict(
        ActivityGroup.objects.filter(period="2021-2025").values_list("activity_code", "group__number")
    )
    assert groups["N3"] == 1 and groups["N3.6"] == 2 and groups["N7"] == 4 and groups["N7.7"] == 2
    assert {f"N{n}" for n in range(1, 10)} <= set(groups)


def test_both_national_programmes_are_loaded_with_their_decision_and_days() -> None:
    found = {
        each.code: (each.purse, each.valid.lower, each.valid.upper, each.source_document.number)
        for each in Programme.objects.select_related("source_document")
        if each.source_document
    }
    assert found == {
        "kcqg-2021-2025": ("KCQG", dt.date(2021, 1, 1), dt.date(2026, 1, 1), "1881/QĐ-TTg"),
        "kcqg-2026-2030": ("KCQG", dt.date(2026, 1, 1), dt.date(2031, 1, 1), "2646/QĐ-BCT"),
    }


@pytest.mark.parametrize(
    ("purse", "year", "code"),
    [
        ("KCQG", 2025, "kcqg-2021-2025"),
        ("KCQG", 2026, "kcqg-2026-2030"),
        ("KCQG", 2031, None),
        ("KCDP", 2026, None),
    ],
)
def test_a_plan_knows_the_programme_of_its_purse_and_year(purse: str, year: int, code: str | None) -> None:
    programme = programme_of(purse, year, AdminUnit.nation().pk)
    assert (programme.code if programme else None) == code
