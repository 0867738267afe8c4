#!/usr/bin/env python3
"""Makes the data of the sample company: make.py [SEED]  ->  data/people.csv, data/deals.csv, data/quotas.csv

Everything is invented. The same seed gives the same bytes (Python's random.Random is specified). What it puts in on
purpose, so that a reader can look for it:
  40 people: 26 account executives (paid in USD), 10 channel reps (paid in EUR), 4 others who are on no plan
  1,600 deals of 2026: 8 % open or lost, 5 % returns (negative), 12 % shared with a colleague of the same role
  P-014 becomes an account executive on 2026-04-01 after a quarter as a sales engineer
  P-021 leaves on 2026-08-15
  P-009 has no quota for the third quarter: the plan holds that payout until there is one
"""
import csv, random, sys
from datetime import date, timedelta
from pathlib import Path

FIRST = ("Ana Ben Carla Dario Elif Femi Greta Hugo Ines Jonas Kaya Luca Mira Nils Olga Pablo Rosa Samir Tessa Umut "
         "Vera Wim Xenia Yara Zeno Alba Boris Celia Davi Edda Faris Gina Heiko Ida Jana Kofi Lena Marek Noor Otto").split()
LAST = ("Almeida Brandt Castell Dorn Engel Farkas Gallo Hansen Ilves Jansen Kovac Lindt Moreau Novak Okoye Perez Quint "
        "Rossi Sato Thoma Ulrich Varga Weiss Xu Yilmaz Zeller Adler Berg Conti Diaz Ek Frey Grau Holm Iyer Jost Keller "
        "Lund Maier Nowak").split()


def cents(amount):
    return f"{amount // 100}.{amount % 100:02d}" if amount >= 0 else "-" + cents(-amount)


def main():
    rng = random.Random(int(sys.argv[1]) if len(sys.argv) > 1 else 2026)
    data = Path(__file__).resolve().parent / "data"
    data.mkdir(exist_ok=True)
    ids = [f"P-{n:03d}" for n in range(1, 41)]
    role = {p: "Account Executive" if n < 26 else "Channel Rep" if n < 36 else "Sales Manager" if n < 39
            else "Sales Engineer" for n, p in enumerate(ids)}
    team = {p: ("West", "East", "North")[n % 3] if role[p] != "Channel Rep" else "Partners" for n, p in enumerate(ids)}
    lead = {"West": "P-037", "East": "P-038", "North": "P-039", "Partners": "P-039"}

    people = []
    for n, p in enumerate(ids):
        boss = "" if role[p] == "Sales Manager" else lead[team[p]]
        row = [p, f"{FIRST[n]} {LAST[n]}", role[p], team[p], boss]
        if p == "P-014":
            people.append(row[:2] + ["Sales Engineer"] + row[3:] + ["2025-01-01", "2026-03-31"])
            people.append(row + ["2026-04-01", ""])
        elif p == "P-021":
            people.append(row + ["2024-03-01", "2026-08-15"])
        else:
            people.append(row + ["", ""])
    write(data / "people.csv", ["id", "name", "role", "team", "manager", "from", "through"], people)

    sellers = [p for p in ids if role[p] in ("Account Executive", "Channel Rep")]
    skill = {p: rng.uniform(0.55, 1.55) for p in sellers}
    quotas = []
    for p in sellers:
        usd = role[p] == "Account Executive"
        base = (rng.randrange(18, 31) if usd else rng.randrange(8, 15)) * 10_000
        for quarter in range(1, 5):
            if (p, quarter) == ("P-009", 3):
                continue
            quotas.append([p, f"2026-Q{quarter}", cents(base * 100), "USD" if usd else "EUR"])
    write(data / "quotas.csv", ["payee", "period", "quota", "currency"], quotas)

    deals = []
    for n in range(1, 1601):
        owner = rng.choice(sellers)
        usd = role[owner] == "Account Executive"
        day = date(2026, 1, 1) + timedelta(days=rng.randrange(365))
        mean = 2_350_000 if usd else 1_100_000
        amount = int(rng.gammavariate(2.0, mean / 2) * skill[owner])
        stage = rng.choices(["Closed Won", "Closed Lost", "Open"], [92, 5, 3])[0]
        if stage == "Closed Won" and rng.random() < 0.05:
            amount = -(amount // 3)
        mate = ""
        if rng.random() < 0.12:
            mate = rng.choice([p for p in sellers if role[p] == role[owner] and p != owner])
        product = rng.choices(["Core", "Add-on", "Services"], [60, 25, 15])[0]
        term = rng.choices([12, 24, 36], [70, 20, 10])[0]
        deals.append([f"D-{n}", cents(amount), "USD" if usd else "EUR", stage, day.isoformat(), owner, mate, product,
                      str(term)])
    write(data / "deals.csv", ["id", "amount", "currency", "stage", "close_date", "owner", "split_with", "product",
                               "term_months"], deals)


def write(path, header, rows):
    with open(path, "w", newline="", encoding="utf-8") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


main()
