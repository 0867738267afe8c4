#!/usr/bin/env python3
"""Makes the data of the sample staffing agency: make.py [SEED]  ->  the files in data/

Everything is invented: people, clients, figures, signatures. The same seed gives the same bytes on every machine, because only
whole numbers are drawn. What it puts in on purpose, so that a reader can look for it:
  6 recruiters, 4 account managers and a payroll clerk; 16 contractors, some 300 weeks of hours from November 2025 to June 2026
  an invoice bills what a client had of four weeks; it is paid three to nine weeks later, and those still open at the end of June
  have no day of payment
  Quarry Foods has paid nothing since April: its account manager, B-03, has more than 15 % of late receivables, and 80 % of the pay
  R-04 leaves on 2026-04-30: nobody is paid that half of what clients pay after that day
  R-02 has a week corrected by minus 8 hours
  Finance has not signed the receivables of B-04 for June: that commission waits
"""
import csv, random, sys
from datetime import date, timedelta
from pathlib import Path

RECRUITERS = [f"R-{n:02d}" for n in range(1, 7)]
MANAGERS = [f"B-{n:02d}" for n in range(1, 5)]
FIRST = "Amos Bess Cory Dina Evan Flor Glen Hana Isak Jill Kent".split()
LAST = "Archer Baker Cooper Draper Fisher Glover Hooper Mason Porter Sawyer Turner".split()
CLIENTS = ["Alder Bank", "Basin Power", "Cobalt Labs", "Quarry Foods", "Dune Transit", "Estuary Health", "Fjord Software", "Grove Paper"]
FIRST_SUNDAY, LAST_DAY = date(2025, 11, 2), date(2026, 6, 30)


def cents(amount):
    return f"{amount // 100}.{amount % 100:02d}"


def main():
    rng = random.Random(int(sys.argv[1]) if len(sys.argv) > 1 else 2026)
    data = Path(__file__).resolve().parent / "data"
    data.mkdir(exist_ok=True)
    people = []
    for n, p in enumerate(RECRUITERS + MANAGERS + ["K-01"]):
        role = {"R": "Recruiter", "B": "Account Manager", "K": "Payroll Clerk"}[p[0]]
        people.append([p, f"{FIRST[n]} {LAST[n]}", role, ["Downtown", "Riverside"][n % 2],
                       f"20{rng.randint(15, 25)}-0{rng.randint(1, 9)}-01", "2026-04-30" if p == "R-04" else ""])
    write(data, "people", "id name role branch from through", people)

    keeper = {"Quarry Foods": "B-03"} | {c: MANAGERS[n % 4] for n, c in enumerate(CLIENTS) if c != "Quarry Foods"}
    paid_on = {}
    for client in CLIENTS:
        for block in range(9):
            day = FIRST_SUNDAY + timedelta(days=28 * block + 21 + rng.randint(21, 63))
            late = client == "Quarry Foods" and day >= date(2026, 4, 1)
            paid_on[client, block] = "" if late or day > LAST_DAY else day.isoformat()

    sheets = []
    for n in range(16):
        client, recruiter = CLIENTS[n % 8], RECRUITERS[n * 5 % 6] if n < 12 else rng.choice(RECRUITERS)
        bill = rng.randint(100, 260) * 50
        pay = bill * rng.randint(66, 78) // 100
        start, weeks = rng.randint(0, 12), rng.randint(16, 30)
        for week in range(start, min(start + weeks, 34)):
            end = FIRST_SUNDAY + timedelta(days=7 * week)
            hours = rng.choices([40, rng.randint(24, 39), rng.randint(41, 46)], [60, 30, 10])[0]
            raised = bill + 150 if week > 18 else bill
            sheets.append([end.isoformat(), f"K. {chr(65 + n)}", client, hours, cents(raised), cents(pay), recruiter,
                           keeper[client], f"INV-{CLIENTS.index(client) + 1}{week // 4 + 1:02d}", paid_on[client, week // 4]])
    paid = next(s for s in sheets if s[6] == "R-02" and s[9])
    sheets.append([*paid[:3], -8, *paid[4:]])
    sheets.sort(key=lambda sheet: sheet[0])
    write(data, "timesheets", "id week_ending contractor client hours bill_rate pay_rate recruiter account_manager invoice paid_on",
          [[f"T-{n}", *sheet] for n, sheet in enumerate(sheets, 1)])

    rows = []
    for p in MANAGERS:
        for month in range(1, 7):
            late = rng.randint(18, 30) if p == "B-03" and month > 4 else rng.randint(3, 14)
            signed = ["", ""] if (p, month) == ("B-04", 6) else ["Lena Frost", f"2026-0{month + 1}-04"]
            rows.append([p, f"2026-0{month}", f"{late}%"] + signed)
    write(data, "past_due", "payee period past_due signed_by signed_on", rows)


def write(data, name, header, rows):
    with open(data / f"{name}.csv", "w", newline="", encoding="utf-8") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(header.split())
        writer.writerows(rows)


main()
