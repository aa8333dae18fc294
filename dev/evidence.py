"""``./run evidence NAME``: the proofs of trust at their full sizes, their figures kept in docs/evidence.

A proof is tests of the suite, tried more often; what each counted (``tests/evidence.py``) goes into one JSON
file beside the commit that was measured. ``fast`` and ``nightly`` run them all.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import platform
import random
import subprocess
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from dev.places import ROOT
from dev.say import Refusal, step
from dev.tests import tested

FOLDER = ROOT / "docs" / "evidence"


@dataclass(frozen=True)
class Proof:
    """Which tests it is, and its sizes in a fast and in a nightly run."""

    title: str
    tests: tuple[str, ...]
    fast: dict[str, int] = field(default_factory=dict)
    nightly: dict[str, int] = field(default_factory=dict)


ALL_CELLS = {"cells_percent": 100}
PROOFS: dict[str, Proof] = {
    "T1": Proof(
        "permission matrix",
        ("tests/matrix/test_cells.py", "tests/matrix/test_table.py", "tests/matrix/test_lists.py"),
        ALL_CELLS,
        ALL_CELLS,
    ),
    "T2": Proof(
        "life cycle against its oracle, planted faults",
        ("tests/programs/test_properties.py", "tests/programs/test_planted_faults.py"),
        {"lifecycle_examples": 100},
        {"lifecycle_examples": 5000, "lifecycle_length": 40},
    ),
    "T4": Proof(
        "races, each with its control",
        ("tests/trust/test_races.py", "tests/trust/test_ceiling_race.py"),
        {"race_rounds": 5},
        {"race_rounds": 200},
    ),
    "T8": Proof(
        "damaged and hostile workbooks",
        ("tests/programs/intake/test_hostile_files.py", "tests/programs/intake/test_files.py"),
        {"hostile_files": 400},
        {"hostile_files": 5000},
    ),
    "T9": Proof(
        "exports without formulas", ("tests/records/test_sheets.py", "tests/reports/test_rendering.py")
    ),
    "T10": Proof(
        "tampering with the audit trail",
        ("tests/records/test_audit_chain.py", "tests/records/test_audit_anchor.py"),
        {"tampers": 200},
        {"tampers": 1000},
    ),
    "T16": Proof("headers and cookies", ("tests/frame/test_health_and_headers.py",)),
    "T19": Proof(
        "queries do not grow with the rows",
        ("tests/api/test_lists.py", "tests/clusters/test_cluster_pages.py",
         "tests/beneficiaries/test_establishment_list.py", "tests/programs/test_pages.py"),
    ),
    "T21": Proof("row security alone", ("tests/matrix/test_walls.py",), ALL_CELLS, ALL_CELLS),
}  # fmt: skip


def evidence(name: str) -> int:
    """Run the proofs of this name and write their file; the exit status is 0 only without a violation."""
    chosen = _chosen(name)
    commit = _clean_commit()
    seed = int(os.environ.get("SEED") or random.SystemRandom().randrange(2**31))
    sizes = {key: size for proof in chosen.values() for key, size in _sizes(proof, name).items()}
    with tempfile.TemporaryDirectory() as folder:
        tally = Path(folder) / "tally"
        settings = {f"KC_SIZE_{key.upper()}": str(size) for key, size in sizes.items()}
        more = settings | {"SEED": str(seed), "KC_TALLY": str(tally), "KC_NO_SKIPS": "1"}
        tests = list(dict.fromkeys(path for proof in chosen.values() for path in proof.tests))
        began = time.monotonic()
        status = tested(["-n", "2", "--dist", "worksteal", "-q", *tests], more)
        seconds = round(time.monotonic() - began)
        figures = _figures(tally)
    record = {
        "name": name,
        "proofs": {key: proof.title for key, proof in chosen.items()},
        "commit": commit,
        "seed": seed,
        "date": dt.datetime.now(dt.UTC).date().isoformat(),
        "machine": f"{os.cpu_count()} cores, Python {platform.python_version()}, {platform.machine()}",
        "duration_s": seconds,
        "passed": status == 0,
        "sizes": sizes,
        **figures,
    }
    FOLDER.mkdir(exist_ok=True)
    file = FOLDER / f"{name}.json"
    file.write_text(json.dumps(record, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    step(f"{file.relative_to(ROOT)}: " + ", ".join(f"{key} {value:,}" for key, value in figures.items()))
    return 1 if any(figures[key] for key in figures if key.endswith("_violations")) else status


def _chosen(name: str) -> dict[str, Proof]:
    if name in ("fast", "nightly"):
        return PROOFS
    if name in PROOFS:
        return {name: PROOFS[name]}
    raise Refusal(f"./run evidence fast, nightly or one of {', '.join(PROOFS)}; {name!r} is none of them")


def _sizes(proof: Proof, name: str) -> dict[str, int]:
    return proof.fast if name == "fast" else proof.nightly


def _clean_commit() -> str:
    """The commit these files are. Raises ``Refusal`` where they are more than a commit."""

    def git(*words: str) -> str:
        return subprocess.run(
            ["git", *words], cwd=ROOT, check=True, capture_output=True, text=True
        ).stdout.strip()

    if changed := git("status", "--porcelain", "--", ".", ":!docs/evidence"):
        raise Refusal(f"evidence is of a commit; commit or put aside first:\n{changed}")
    return git("rev-parse", "HEAD")


def _figures(tally: Path) -> dict[str, int]:
    """What was tried and what went wrong, by name; zero where a failure kept a test from counting."""
    tried: Counter[str] = Counter()
    violations: Counter[str] = Counter()
    for line in tally.read_text(encoding="utf-8").splitlines() if tally.exists() else []:
        entry = json.loads(line)
        tried[entry["name"]] += entry["tried"]
        violations[entry["name"]] += entry["violations"]
    return {
        key: value
        for name in sorted(tried)
        for key, value in ((name, tried[name]), (f"{name}_violations", violations[name]))
    }
