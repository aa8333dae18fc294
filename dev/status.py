"""``./run status``: what runs from this folder, and the memory it really costs.

Memory is PSS: pages shared by several processes are counted once, divided among them.
"""

from __future__ import annotations

import re
from pathlib import Path

from dev.places import data_folder
from dev.processes import recorded_pid, start_time
from dev.say import line


def status() -> int:
    run = data_folder() / "run"
    total = 0.0
    holder = (
        re.search(r"process (\d+)", (run / "portal.lock").read_text())
        if (run / "portal.lock").exists()
        else None
    )
    roots = {path.stem: recorded_pid(path) for path in sorted(run.glob("*.json"))}
    if holder and start_time(int(holder[1])):
        roots["launcher"] = int(holder[1])
    for name, pid in roots.items():
        if pid:
            # The launcher's children are listed under their own names.
            tree = [pid] if name == "launcher" else [pid, *_descendants(pid)]
            size = sum(pss_mb(each) for each in tree)
            total += size
            line(f"{name:12} process {pid:<8} {size:7.1f} MB in {len(tree)} process(es)")
    line(f"{'all':12} {'':16} {total:7.1f} MB" if total else "nothing runs from this folder")
    return 0


def pss_mb(pid: int) -> float:
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0.0
    found = re.search(r"^Pss:\s+(\d+) kB", text, re.MULTILINE)
    return int(found[1]) / 1024 if found else 0.0


def _descendants(pid: int) -> list[int]:
    children: list[int] = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            direct = [int(word) for word in task.read_text().split()]
        except OSError:
            continue
        for child in direct:
            children += [child, *_descendants(child)]
    return children
