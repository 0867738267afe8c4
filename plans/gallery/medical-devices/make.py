#!/usr/bin/env python3
"""Makes the data of the sample maker of implants: make.py [SEED]  ->  the files in data/

Everything is invented: people, hospitals, figures. The same seed gives the same bytes on every machine, because only whole
numbers are drawn. What it puts in on purpose, so that a reader can look for it:
  10 territory managers, one for each territory, and 4 clinical specialists, two for each region; invoices of the first half of
  2025 and of 2026
  M-03 left at the end of 2025; M-11 has that territory now, and is compared with what M-03 sold
  T-10 is a new territory: nothing was sold there in 2025, and its growth counts as 5 %
  S-03 joins on 2026-02-16, on 44 of 90 days of the first quarter, with a quota by days
  nobody has T-09 in April 2026: what it sells then is the company's
  T-05 grows at a price: much revenue at a margin below 60 %
"""
import csv, random, sys
from datetime import date
from pathlib import Path

MANAGERS = [f"M-{n:02d}" for n in range(1, 12)]
SPECIALISTS = [f"S-{n:02d}" for n in range(1, 5)]
FIRST = "Alma Bruno Clara Doug Edna Felix Gwen Hugh Iris Jorge Kara Leo Mina Noel Ora".split()
LAST = "Abbott Bloom Chan Decker Eaton Flynn Gross Hale Irwin Jarvis Knox Lutz Mercer Nolan Osborn".split()
PRODUCTS = [(520_000, 36), (640_000, 30), (700_000, 27), (480_000, 40)]  # cents at list, cost in percent of it


def cents(amount):
    return f"{amount // 100}.{amount % 100:02d}" if amount >= 0 else "-" + cents(-amount)


def main():
    rng = random.Random(int(sys.argv[1]) if len(sys.argv) > 1 else 2026)
    data = Path(__file__).resolve().parent / "data"
    data.mkdir(exist_ok=True)
    territories = [f"T-{n:02d}" for n in range(1, 11)]
    region = {t: "North" if n < 5 else "South" for n, t in enumerate(territories)}

    people = []
    for n, p in enumerate(MANAGERS):
        t = "T-03" if p == "M-11" else territories[n]
        target = f"{rng.randint(12, 20) * 500}.00"

        def row(first, last="", t=t, p=p, n=n, target=target):
            people.append([p, f"{FIRST[n]} {LAST[n]}", "Territory Manager", t, region[t], "", target, first, last])

        if p == "M-03":
            row("2021-01-01", "2025-12-31")
        elif p == "M-11":
            row("2026-01-01")
        elif p == "M-09":
            row("2022-05-01", "2026-03-31")
            row("2026-05-01")
        else:
            row("2026-01-01" if p == "M-10" else f"202{rng.randint(0, 4)}-0{rng.randint(1, 9)}-01")
    for n, p in enumerate(SPECIALISTS, len(MANAGERS)):
        where = ["North", "South"][n % 2]
        people.append([p, f"{FIRST[n]} {LAST[n]}", "Clinical Specialist", "", where, where, f"{rng.randint(8, 12) * 500}.00",
                       "2026-02-16" if p == "S-03" else "2023-01-01", ""])
    write(data, "people", "id name role territory region overlay target_bonus from through", people)

    sales = []
    for t in territories:
        base, grown = rng.randint(14, 20), rng.randint(-1, 3)
        for year in (2025, 2026):
            if (t, year) == ("T-10", 2025):
                continue
            for quarter in (0, 1):
                count = base + (grown if year == 2026 else 0) + (6 if (t, year) == ("T-05", 2026) else 0)
                for _ in range(count):
                    day = date(year, 3 * quarter + rng.randint(1, 3), rng.randint(1, 28))
                    price, part = rng.choice(PRODUCTS)
                    units = rng.choice([1, 1, 2])
                    rebate = rng.choice([20, 25, 30]) if (t, year) == ("T-05", 2026) else rng.choice([0, 0, 5, 8])
                    revenue, cost = price * units * (100 - rebate) // 100, price * units * part // 100
                    if rng.randint(1, 100) <= 3:
                        revenue, cost = -revenue, -cost
                    sales.append([day.isoformat(), f"Hospital {t[2:]}-{rng.choice('ABCD')}", t, region[t], cents(revenue),
                                  cents(cost)])
    sales.sort(key=lambda sale: sale[0])
    write(data, "sales", "id day hospital territory region revenue cost", [[f"I-{n}", *s] for n, s in enumerate(sales, 1)])

    cases = []
    for p in SPECIALISTS:
        for quarter in (0, 1):
            for _ in range(rng.randint(26, 48)):
                day = date(2026, 3 * quarter + rng.randint(1, 3), rng.randint(1, 28))
                if p != "S-03" or day >= date(2026, 2, 16):
                    cases.append([day.isoformat(), p])
    cases.sort(key=lambda case: case[0])
    write(data, "cases", "id day specialist", [[f"O-{n}", *c] for n, c in enumerate(cases, 1)])
    write(data, "region_quota", "payee period region_quota",
          [[p, f"2026-Q{quarter}", ["680000.00", "590000.00"][n % 2]]
           for n, p in enumerate(SPECIALISTS, len(MANAGERS)) for quarter in (1, 2)])


def write(data, name, header, rows):
    with open(data / f"{name}.csv", "w", newline="", encoding="utf-8") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(header.split())
        writer.writerows(rows)


main()
