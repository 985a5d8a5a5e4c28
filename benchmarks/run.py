"""Times `srmcheck plan.json` as a whole process on plans of growing size, and prints the ratios.

    python -m benchmarks.run [INSTANCES ...]

Prints wall time (median and minimum of several runs), peak memory, and time per resource against the smallest plan.
Linear growth shows as a falling or level last column.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.make_plan import plan

RUNS = 7


def measure(command: list[str]) -> tuple[float, float, float]:
    """Seconds (median, minimum) and peak memory in MiB of a command as a whole process."""
    times: list[float] = []
    peak = 0.0
    for _ in range(RUNS):
        start = time.perf_counter()
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        times.append(time.perf_counter() - start)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode not in (0, 1):
            raise SystemExit(f"{command} ended with {process.returncode}")
        peak = max(peak, usage.ru_maxrss / 1024)
    return statistics.median(times), min(times), peak


def main(sizes: list[int]) -> None:
    """Runs the benchmark for plans with these numbers of instances, alike and varied."""
    bare = measure([sys.executable, "-c", "pass"])
    print(f"bare Python: {bare[0]:.3f} s")
    for varied in (False, True):
        print(f"\ninstances {'with values of their own' if varied else 'alike'}")
        _table(sizes, varied, bare[0])


def _table(sizes: list[int], varied: bool, bare: float) -> None:
    base: float | None = None
    print(
        f"{'resources':>10} {'plan MB':>8} {'median s':>9} {'min s':>7} {'peak MiB':>9} {'us/resource':>12} {'ratio':>6}"
    )
    with tempfile.TemporaryDirectory() as folder:
        for size in sizes:
            document = plan(size, varied=varied)
            path = Path(folder) / f"plan-{size}.json"
            path.write_text(json.dumps(document))
            count = len(document["resource_changes"])
            median, least, peak = measure([sys.executable, "-m", "srmcheck", str(path)])
            each = (median - bare) / count * 1e6
            base = base or each
            megabytes = path.stat().st_size / 1e6
            print(
                f"{count:>10} {megabytes:>8.1f} {median:>9.3f} {least:>7.3f} {peak:>9.0f} {each:>12.0f} {each / base:>6.2f}"
            )


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]] or [1, 10, 50, 182])
