#!/usr/bin/env python3
"""Makes the benchmark's input: gen.py LINES REPS [SEED] [OUT]

Writes sales.csv, sales.parquet, roster.csv and quotas.csv into OUT (default: plans/bench/sales-year/data): the sales
lines of 2026 for REPS reps, a tenth as many managers, a hundredth as many directors and one VP. 3 % of the lines are
returns (negative), 10 % are shared with a second rep, 5 % are lost. Amounts have two decimals. The draws come from
NumPy's default generator in a fixed order, so that a seed means the same data for everyone who repeats the benchmark.
"""
import sys
from pathlib import Path

import numpy as np
import polars as pl

HERE = Path(__file__).resolve().parent


def people(reps):
    managers, directors = max(1, reps // 10), max(1, reps // 100)
    rep = np.array([f"R{i:06d}" for i in range(reps)])
    manager = np.array([f"M{i:05d}" for i in range(managers)])
    director = np.array([f"D{i:04d}" for i in range(directors)])
    roster = pl.DataFrame({
        "payee": np.concatenate([rep, manager, director, ["VP"]]),
        "role": ["AE"] * reps + ["Manager"] * managers + ["Director"] * directors + ["VP"],
        "manager": np.concatenate([
            manager[np.arange(reps) // 10 % managers],
            director[np.arange(managers) // 10 % directors],
            np.array(["VP"] * directors),
            np.array([""]),
        ]),
    })
    return rep, roster


def main():
    lines, reps = int(sys.argv[1]), int(sys.argv[2])
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else 7
    out = Path(sys.argv[4]) if len(sys.argv) > 4 else HERE.parents[1] / "plans/bench/sales-year/data"
    out.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(seed)

    rep, roster = people(reps)
    roster.write_csv(out / "roster.csv")
    monthly_lines = lines / reps / 12
    monthly_quota = np.round(rng.uniform(0.6, 1.4, reps) * monthly_lines * 2000, -2)
    pl.DataFrame({"payee": rep, "annual_quota": monthly_quota * 12}).write_csv(out / "quotas.csv")

    day = rng.integers(0, 365, lines)
    owner = rng.integers(0, reps, lines)
    amount = np.round(rng.gamma(2.0, 1000.0, lines), 2)
    returned = rng.random(lines) < 0.03
    amount[returned] = -np.round(amount[returned] / 2, 2)
    product = rng.choice(5, lines, p=[0.5, 0.2, 0.1, 0.15, 0.05])
    kind = rng.choice(3, lines, p=[0.4, 0.35, 0.25])
    lost = (rng.random(lines) < 0.05).astype(int)
    term = rng.choice([12, 24, 36], lines, p=[0.7, 0.2, 0.1])
    shared = rng.random(lines) < 0.10
    second = (owner + 1 + rng.integers(0, reps - 1, lines)) % reps
    account = rng.integers(0, max(10, lines // 20), lines)

    sales = pl.DataFrame({
        "id": np.arange(1, lines + 1),
        "date": (np.datetime64("2026-01-01") + day).astype("datetime64[D]"),
        "owner": rep[owner],
        "split_with": np.where(shared, rep[second], ""),
        "amount": amount,
        "product": np.array(["core", "addon", "hardware", "services", "training"])[product],
        "type": np.array(["New", "Renewal", "Expansion"])[kind],
        "stage": np.array(["Closed Won", "Closed Lost"])[lost],
        "term_months": term,
        "account": np.char.add("ACC", account.astype(str)),
    }).with_columns(pl.col("amount").cast(pl.Decimal(18, 2)))
    sales.write_csv(out / "sales.csv")
    sales.write_parquet(out / "sales.parquet")


main()
