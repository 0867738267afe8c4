#!/usr/bin/env python3
"""Makes the data of the sample brokerage: make.py [SEED]  ->  the files in data/

Everything is invented: people, addresses, figures. The same seed gives the same bytes on every machine, because only whole
numbers are drawn. What it puts in on purpose, so that a reader can look for it:
  14 agents and an office manager; some 170 sides closed in 2026, 5 % of them sales of which both sides are ours
  A-02 sells most, reaches the cap in May and pays transaction fees from then on
  A-07 comes to exactly 70,000 of income with one side in June
  A-12 joins on 2026-06-15, A-05 leaves on 2026-09-30
  one of A-03's sides is reversed in August: it goes against what else closed, and its fee comes back
"""
import csv, random, sys
from datetime import date
from pathlib import Path

AGENTS = [f"A-{n:02d}" for n in range(1, 15)]
FIRST = "Ann Burt Cora Dale Enid Fred Gail Homer Inez Jack Kate Lyle Maud Norm Olive".split()
LAST = "Acres Banks Court Drew Ellis Fields Gable Hill Ivers Jamb Kerb Lodge Manor Nook Orchard".split()
STREETS = "Acorn Birch Cedar Dogwood Elm Fir Hazel Juniper Larch Maple".split()


def cents(amount):
    return f"{amount // 100}.{amount % 100:02d}" if amount >= 0 else "-" + cents(-amount)


def main():
    rng = random.Random(int(sys.argv[1]) if len(sys.argv) > 1 else 2026)
    data = Path(__file__).resolve().parent / "data"
    data.mkdir(exist_ok=True)
    people = []
    for n, p in enumerate(AGENTS + ["O-01"]):
        first = "2026-06-15" if p == "A-12" else f"20{rng.randint(12, 25)}-0{rng.randint(1, 9)}-01"
        people.append([p, f"{FIRST[n]} {LAST[n]}", "Agent" if p in AGENTS else "Office Manager", first,
                       "2026-09-30" if p == "A-05" else ""])
    write(data, "people", "id name role from through", people)

    weight = {p: 20 if p == "A-02" else rng.randint(4, 14) for p in AGENTS}

    def works(p, day):
        return p != "A-07" and (p != "A-12" or day >= date(2026, 6, 15)) and (p != "A-05" or day <= date(2026, 9, 30))

    def one(day, p, kind, price, where):
        # A side is half of a commission of 5 or 6 %.
        return [day.isoformat(), where, kind, p, cents(price), cents(price * rng.choice([25, 30]) // 1000), 1]

    made = []
    for _ in range(150):
        day = date(2026, rng.choices(range(1, 13), [5, 5, 8, 9, 11, 12, 11, 10, 9, 8, 6, 6])[0], rng.randint(1, 28))
        here = [p for p in AGENTS if works(p, day)]
        price = rng.randint(180, 620) * 100_000
        where = f"{rng.randint(1, 99)} {rng.choice(STREETS)} St"
        agent = rng.choices(here, [weight[p] for p in here])[0]
        made.append(one(day, agent, rng.choice(["Listing", "Selling"]), price, where))
        if rng.randint(1, 100) <= 5:
            mate = rng.choice([p for p in here if p != agent])
            made[-1][2] = "Listing"
            made.append(one(day, mate, "Selling", price, where))
    for month, price in ((2, 60_000_000), (3, 100_000_000), (6, 73_333_400)):
        made.append([f"2026-0{month}-17", f"{month} Maple St", "Listing", "A-07", cents(price), cents(price * 3 // 100), 1])
    made[-1][5] = "22000.00"
    made.append(["2026-08-05", "9 Elm St", "Selling", "A-07", "400000.00", "12000.00", 1])
    back = max((side for side in made if side[3] == "A-03" and side[0] < "2026-08"), key=lambda side: side[0])
    made.append(["2026-08-10", *back[1:4], "-" + back[4], "-" + back[5], -1])
    made.sort(key=lambda side: side[0])
    write(data, "sides", "id closed property kind agent price commission closings",
          [[f"S-{n}", *side] for n, side in enumerate(made, 1)])


def write(data, name, header, rows):
    with open(data / f"{name}.csv", "w", newline="", encoding="utf-8") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(header.split())
        writer.writerows(rows)


main()
