#!/usr/bin/env python3
"""Makes the data of the sample dealership: make.py [SEED]  ->  the files in data/

Everything is invented: people, figures, signatures. The same seed gives the same bytes on every machine, because only whole
numbers are drawn. What it puts in on purpose, so that a reader can look for it:
  10 sales consultants, 2 finance managers and a service advisor; some 300 cars of the first quarter of 2026
  one in eight deals is shared by two consultants, one in six brings less than 600 of front gross, and pays the minimum
  C-04 delivers 14 and a half cars in March, half a car below the step at 15; C-07 delivers exactly 15
  C-02 has 88 % of satisfied customers in March: half of the volume bonus
  Customer Service has not signed the satisfaction of C-09 in March: that bonus waits, the commission does not
  C-10 leaves on 2026-02-28: a car of hers is delivered in March, and nobody is paid for it
  the deal of one car is unwound, and some are still pending
"""
import csv, random, sys
from datetime import date
from pathlib import Path

FIRST = "Abe Bea Cal Dot Eli Fay Gus Hope Ira June Kurt Lola Moe".split()
LAST = "Ames Boyd Cash Dunn Eads Ford Gage Hull Ines Judd Kerr Lane Moss".split()
SELLERS = [f"C-{n:02d}" for n in range(1, 11)]
FINANCE = ["F-01", "F-02"]
LEFT = "C-10"
LAST_MONTH = 3


def cents(amount):
    return f"{amount // 100}.{amount % 100:02d}" if amount >= 0 else "-" + cents(-amount)


def main():
    rng = random.Random(int(sys.argv[1]) if len(sys.argv) > 1 else 2026)
    data = Path(__file__).resolve().parent / "data"
    data.mkdir(exist_ok=True)
    ids = SELLERS + FINANCE + ["A-01"]
    role = ["Sales Consultant"] * 10 + ["Finance Manager"] * 2 + ["Service Advisor"]
    write(data, "people", "id name role from through",
          [[p, f"{FIRST[n]} {LAST[n]}", role[n], f"20{rng.randint(17, 25)}-0{rng.randint(1, 9)}-01",
            "2026-02-28" if p == LEFT else ""] for n, p in enumerate(ids)])

    made = []
    for month, last in ((1, 31), (2, 28), (3, 31)):
        for p in SELLERS:
            if p == LEFT and month == LAST_MONTH:
                made.append(deal(rng, date(2026, LAST_MONTH, 6), p, ""))
                continue
            fixed = {("C-04", 3): (14, 1), ("C-07", 3): (15, 0)}
            own, shared = fixed.get((p, month)) or (rng.randint(6, 16), rng.randint(0, 3))
            mates = [q for q in SELLERS if q not in (p, LEFT, "C-04", "C-07")]
            for n in range(own + shared):
                mate = rng.choice(mates) if n >= own else ""
                made.append(deal(rng, date(2026, month, rng.randint(1, last)), p, mate))
    made[5][1] = "Unwound"
    made.append(["2026-03-31", "Pending", *deal(rng, date(2026, 3, 31), "C-01", "")[2:]])
    made.append(["2026-03-31", "Pending", *deal(rng, date(2026, 3, 31), "C-05", "")[2:]])
    made.sort(key=lambda of: of[0])
    write(data, "deals", "id delivered status kind consultant second finance_manager cars front_gross pack back_gross",
          [[f"D-{n}", *of] for n, of in enumerate(made, 1)])

    rows = []
    for p in SELLERS:
        for month in (1, 2, 3):
            if p == LEFT and month == LAST_MONTH:
                continue
            score = 88 if (p, month) == ("C-02", 3) else rng.randint(92, 99)
            unsigned = (p, month) == ("C-09", 3)
            signed = ["", ""] if unsigned else ["Rita Solano", ("2026-02-05", "2026-03-05", "2026-04-07")[month - 1]]
            rows.append([p, f"2026-0{month}", f"{score}%"] + signed)
    write(data, "csi", "payee period csi signed_by signed_on", rows)


def deal(rng, day, consultant, second):
    """A new car brings less than a used one, a few bring a loss, and one in four is paid in cash."""
    kind = rng.choices(["New", "Used"], [55, 45])[0]
    front = rng.randint(20_000, 260_000) if kind == "New" else rng.randint(60_000, 420_000)
    if rng.randint(1, 100) <= 12:
        front = -rng.randint(10_000, 90_000)
    finance = "" if rng.randint(1, 100) <= 25 else rng.choice(FINANCE)
    back = rng.randint(30_000, 260_000) * (9 if finance == "F-01" else 11) // 10 if finance else 0
    pack = "300.00" if kind == "New" else "500.00"
    return [day.isoformat(), "Finalized", kind, consultant, second, finance, 1, cents(front), pack, cents(back)]


def write(data, name, header, rows):
    with open(data / f"{name}.csv", "w", newline="", encoding="utf-8") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(header.split())
        writer.writerows(rows)


main()
