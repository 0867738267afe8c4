#!/usr/bin/env python3
"""Makes the data of the sample insurance agency: make.py [SEED]  ->  the files in data/

Everything is invented: people, policies, figures. The same seed gives the same bytes on every machine, because only whole numbers
are drawn. What it puts in on purpose, so that a reader can look for it:
  8 agents and a secretary; some 200 policies issued from January 2025 to June 2026, one in eight of which lapses in its first year
  a policy that is in force after a year pays a premium of the second, less than three weeks later
  A-07 begins on 2025-09-15 and A-08 on 2026-01-12, both with a draw for six full months
  A-04 leaves on 2026-02-28: parts that fall due later are paid, and a policy that lapses in April is charged back
  one policy of A-05, issued in May 2026, lapsed on a day that nobody has written down: that commission waits from May on
"""
import csv, random, sys
from datetime import date, timedelta
from pathlib import Path

AGENTS = [f"A-{n:02d}" for n in range(1, 9)]
NAMES = ["Abel Acre", "Beth Bloom", "Carl Crane", "Dora Dale", "Emil East", "Faye Field", "Gene Gale", "Hope Hill", "Iris Inman"]
BEGINS = {"A-07": date(2025, 9, 15), "A-08": date(2026, 1, 12)}
LEAVES = {"A-04": date(2026, 2, 28)}
PREMIUMS = {"Term Life": (5, 16), "Whole Life": (12, 40), "Disability": (8, 24)}
FIRST_DAY, LAST_DAY = date(2025, 1, 1), date(2026, 6, 30)


def main():
    rng = random.Random(int(sys.argv[1]) if len(sys.argv) > 1 else 2026)
    data = Path(__file__).resolve().parent / "data"
    data.mkdir(exist_ok=True)
    people = []
    for n, person in enumerate(AGENTS + ["S-01"]):
        hired = BEGINS.get(person) or date(rng.randint(2012, 2023), rng.randint(1, 12), 1)
        people.append([person, NAMES[n], "Secretary" if person == "S-01" else "Agent", hired, hired, LEAVES.get(person, "")])
    write(data, "people", "id name role hired from through", people)

    policies = []
    for agent in AGENTS:
        day = BEGINS.get(agent, FIRST_DAY)
        while (day := day + timedelta(days=rng.randint(4, 32))) <= LEAVES.get(agent, LAST_DAY):
            product = rng.choice(list(PREMIUMS))
            ended = day + timedelta(days=rng.randint(20, 360)) if rng.randint(1, 8) == 1 else None
            policies.append([day, product, ended if ended and ended <= LAST_DAY else "", agent, 120 * rng.randint(*PREMIUMS[product])])
    policies.sort(key=lambda policy: (policy[0], policy[3]))
    last_of("A-04", policies)[2] = date(2026, 4, 21)
    next(p for p in policies if p[3] == "A-05" and p[0] >= date(2026, 5, 1))[2] = "see letter"
    write(data, "policies", "id product issued_on lapsed_on agent premium",
          [[f"P-{n}", product, day, ended, agent, premium] for n, (day, product, ended, agent, premium) in enumerate(policies, 1)])

    rows = []
    for n, (day, _, ended, agent, premium) in enumerate(policies, 1):
        paid = day + timedelta(days=365 + rng.randint(0, 19))
        if not ended and paid <= LAST_DAY:
            rows.append([f"P-{n}", paid, agent, premium])
    rows.sort(key=lambda row: row[1])
    write(data, "renewal_premiums", "id policy paid_on agent premium", [[f"N-{n}", *row] for n, row in enumerate(rows, 1)])


def last_of(agent, policies):
    return [policy for policy in policies if policy[3] == agent][-1]


def write(data, name, header, rows):
    with open(data / f"{name}.csv", "w", newline="", encoding="utf-8") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(header.split())
        writer.writerows(rows)


main()
