#!/usr/bin/env python3
"""Makes the data of the sample stores: make.py [SEED]  ->  the files in data/

Everything is invented: people, figures, signatures. The same seed gives the same bytes on every machine, because only whole
numbers are drawn. What it puts in on purpose, so that a reader can look for it:
  18 people in three stores: 9 sales associates, 3 cashiers (four days a week), 3 stock associates, 3 managers; 9 weeks
  from 2026-02-01
  R-103 joins on 2026-03-02, R-109 leaves on 2026-03-14, R-106 moves from Midtown to Airport on 2026-03-01
  R-105 works more than 40 hours in one week, and R-102 has a large return in another
  the contest in March: two are level on places 2 and 3, and share the prizes of both
  the Regional Director has not signed the goal of Airport for March: that pool waits
"""
import csv, random, sys
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

FIRST = "Ada Bo Cleo Dev Esme Finn Gia Hal Ivy Jude Kit Lou Mae Ned Opal Pia Rex Sue".split()
LAST = "Arden Birch Cole Dale Elder Frost Glen Heath Isle Joyce Knoll Lake Marsh North Oakes Pond Reed Stone".split()
STORES = ["Harbor", "Midtown", "Airport"]
FROM, THROUGH = date(2026, 2, 1), date(2026, 4, 4)
JOINED, MOVED, LEFT = date(2026, 3, 2), date(2026, 3, 1), date(2026, 3, 14)
PRICES = {"Furniture": (30_000, 240_000), "Bedding": (20_000, 150_000), "Rugs": (8_000, 60_000),
          "Protection Plans": (4_900, 14_900)}  # cents


def cents(amount):
    return f"{amount // 100}.{amount % 100:02d}" if amount >= 0 else "-" + cents(-amount)


def main():
    rng = random.Random(int(sys.argv[1]) if len(sys.argv) > 1 else 2026)
    data = Path(__file__).resolve().parent / "data"
    data.mkdir(exist_ok=True)
    ids = [f"R-{n}" for n in range(101, 119)]
    role = dict(zip(ids, ["Sales Associate"] * 9 + ["Cashier"] * 3 + ["Stock Associate"] * 3 + ["Store Manager"] * 3))
    store = {p: STORES[n % 9 // 3 if n < 9 else n % 3] for n, p in enumerate(ids)}

    people = []
    for n, p in enumerate(ids):
        rate = cents(rng.randint(32, 44) * 40) if role[p] != "Store Manager" else ""

        def row(where, first, last=""):
            people.append([p, f"{FIRST[n]} {LAST[n]}", role[p], where, rate, first, last])

        if p == "R-106":
            row("Midtown", "2024-05-06", (MOVED - timedelta(days=1)).isoformat())
            row("Airport", MOVED.isoformat())
        else:
            first = JOINED.isoformat() if p == "R-103" else f"20{rng.randint(18, 25)}-0{rng.randint(1, 9)}-01"
            row(store[p], first, LEFT.isoformat() if p == "R-109" else "")
    write(data, "people", "id name role store hourly_rate from through", people)

    shifts, sales = [], []
    skill = {p: rng.randint(60, 150) for p in ids}
    for day in (FROM + timedelta(days=n) for n in range((THROUGH - FROM).days + 1)):
        for p in ids:
            away = (p == "R-103" and day < JOINED) or (p == "R-109" and day > LEFT)
            long_week = p == "R-105" and date(2026, 2, 8) <= day <= date(2026, 2, 14)
            off = day.weekday() > 4 if long_week else (day.toordinal() + ids.index(p)) % 7 in ((0, 2, 5) if role[p] == "Cashier" else (2, 5))
            if away or off or role[p] == "Store Manager":
                continue
            hours = rng.choice(["6", "7", "7.5", "8"])
            shifts.append([day.isoformat(), p, "9.5" if long_week else hours])
            if role[p] == "Sales Associate":
                for _ in range(rng.choices([0, 1, 2, 3, 4], [10, 25, 30, 25, 10])[0]):
                    department = rng.choices(list(PRICES), [40, 25, 15, 20])[0]
                    low, high = PRICES[department]
                    amount = rng.randint(low, high) * skill[p] // 100
                    if department != "Protection Plans" and rng.randint(1, 100) <= 4:
                        amount = -amount
                    sales.append([day.isoformat(), p, department, cents(amount)])
    sales.append(["2026-02-26", "R-102", "Furniture", "-4890.00"])
    march = Counter(p for day, p, department, _ in sales if department == "Protection Plans" and day >= "2026-03-01")
    _, (_, second), (third, fewer) = march.most_common(3)
    sales += [["2026-03-30", third, "Protection Plans", "99.00"]] * (second - fewer)
    sales.sort(key=lambda sale: sale[0])
    write(data, "shifts", "id day associate hours", [[f"H-{n}", *shift] for n, shift in enumerate(shifts, 1)])
    write(data, "sales", "id day associate department amount", [[f"S-{n}", *sale] for n, sale in enumerate(sales, 1)])

    goals = {"Harbor": ("80000.00", "125000.00"), "Midtown": ("110000.00", "100000.00"), "Airport": ("110000.00", "120000.00")}
    write(data, "store_goal", "store period store_goal signed_by signed_on",
          [[name, f"FY2026-P0{month}", goals[name][month - 1]]
           + (["", ""] if (name, month) == ("Airport", 2) else ["Nora Vance", ("2026-03-04", "2026-04-08")[month - 1]])
           for month in (1, 2) for name in STORES])


def write(data, name, header, rows):
    with open(data / f"{name}.csv", "w", newline="", encoding="utf-8") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(header.split())
        writer.writerows(rows)


main()
