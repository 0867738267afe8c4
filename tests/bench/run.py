#!/usr/bin/env python3
"""Runs the benchmark: run.py LINES REPS [SEED] [ROUNDS]

Makes the data, pays it with paycurve and with DuckDB in turn, compares every payout to the cent, and prints medians of
wall time, processor time and peak memory with their ratios. Needs the packages of requirements.txt and a release build.
"""
import csv
import os
import platform
import resource
import statistics
import subprocess
import sys
import time
from decimal import Decimal
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
PROJECT = ROOT / "plans/bench/sales-year"
OUT = HERE / "out"


def measured(name, command):
    """Wall seconds, processor seconds and peak memory in MB of one command; what it prints is kept."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.monotonic()
    with open(OUT / f"{name}.out", "wb") as printed:
        process = subprocess.Popen(command, stdout=printed)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    wall = time.monotonic() - start
    if process.returncode != 0:
        sys.exit(f"{command} failed with {process.returncode}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return wall, processor, usage.ru_maxrss / 1024


def payouts_of_paycurve():
    with open(OUT / "paycurve.out", newline="") as file:
        return {(row["payee"], int(row["period"][5:])): Decimal(row["payout"]) for row in csv.DictReader(file)}


def payouts_of_duckdb():
    with open(OUT / "duckdb.csv", newline="") as file:
        return {(row["payee"], int(row["month"])): Decimal(row["payout"]) for row in csv.DictReader(file)}


def main():
    lines, reps = int(sys.argv[1]), int(sys.argv[2])
    seed = sys.argv[3] if len(sys.argv) > 3 else "7"
    rounds = int(sys.argv[4]) if len(sys.argv) > 4 else 3
    subprocess.run([sys.executable, HERE / "gen.py", str(lines), str(reps), seed], check=True)
    paycurve = [Path(os.environ.get("PAYCURVE", ROOT / "target/release/paycurve")), "run", PROJECT, "--format", "csv"]
    commands = {
        "paycurve": paycurve,
        "DuckDB": [sys.executable, HERE / "peer_duckdb.py", PROJECT / "data", OUT],
    }
    OUT.mkdir(exist_ok=True)
    figures = {name: [] for name in commands}
    for _ in range(rounds):
        for name, command in commands.items():
            figures[name].append(measured(name, command))
    ours, theirs = payouts_of_paycurve(), payouts_of_duckdb()
    different = [key for key in theirs if ours.get(key) != theirs[key]]
    if different or len(ours) != len(theirs):
        sys.exit(f"{len(different)} of {len(theirs)} payouts differ, the first: {different[:3]}")
    print(f"{lines:,} lines, {reps:,} reps, seed {seed}; {platform.machine()}, {os.cpu_count()} cores; medians of {rounds}")
    print(f"all {len(theirs):,} payouts agree to the cent; their sum is {sum(theirs.values()):,}")
    print("| | wall s | processor s | peak MB |\n|---|---|---|---|")
    medians = {name: [statistics.median(column) for column in zip(*rows)] for name, rows in figures.items()}
    for name, (wall, processor, memory) in medians.items():
        print(f"| {name} | {wall:.2f} | {processor:.2f} | {memory:,.0f} |")
    ratio = [ours / theirs for ours, theirs in zip(medians["paycurve"], medians["DuckDB"])]
    print("| paycurve / DuckDB | " + " | ".join(f"{r:.2f}" for r in ratio) + " |")


main()
