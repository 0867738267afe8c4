#!/usr/bin/env python3
"""The plans of plans/bench/sales-year in DuckDB, with exact decimals: peer_duckdb.py DATA OUT

Writes OUT/duckdb.csv (payee, month, payout). Threads are those DuckDB chooses for the machine.
"""
import sys
from pathlib import Path

import duckdb

data, out = Path(sys.argv[1]), Path(sys.argv[2])
out.mkdir(parents=True, exist_ok=True)
con = duckdb.connect()

# The commission on the first x of a year's bookings, against the quota q: four slices.
EARNED = """(
    least({x}, q * 0.5) * 0.05
  + greatest(least({x}, q) - q * 0.5, 0) * 0.08
  + greatest(least({x}, q * 1.5) - q, 0) * 0.12
  + greatest({x} - q * 1.5, 0) * 0.15)"""

con.execute(f"""
create table won as
  select id, date, owner, coalesce(split_with, '') as mate, amount, product, term_months
  from read_csv('{data}/sales.csv', columns = {{
    'id': 'BIGINT', 'date': 'DATE', 'owner': 'VARCHAR', 'split_with': 'VARCHAR', 'amount': 'DECIMAL(12,2)',
    'product': 'VARCHAR', 'type': 'VARCHAR', 'stage': 'VARCHAR', 'term_months': 'INT', 'account': 'VARCHAR'}})
  where stage = 'Closed Won';
create table quotas as select payee, annual_quota::decimal(14,2) as q from read_csv('{data}/quotas.csv');
create table credits as
  select owner as payee, month(date) as m,
         (case when mate = '' then amount else amount * 0.7 end)::decimal(18,4) as credit,
         product = 'hardware' and term_months >= 24 as kicks
  from won
  union all
  select mate, month(date), (amount * 0.3)::decimal(18,4), product = 'hardware' and term_months >= 24
  from won where mate <> '';
create table months as
  select payee, m, sum(credit) as credit, coalesce(sum(credit) filter (kicks), 0) * 0.02 as kicker
  from credits group by payee, m;
create table calendar as select payee, q, unnest(range(1, 13)) as m from quotas;
create table running as
  select payee, m, q, coalesce(kicker, 0) as kicker, coalesce(credit, 0) as credit,
         sum(coalesce(credit, 0)) over (partition by payee order by m)::decimal(18,4) as cum
  from calendar left join months using (payee, m);
create table roster as select payee, role, coalesce(manager, '') as manager from read_csv('{data}/roster.csv', all_varchar = true);
create table chain as
  with recursive up as (
    select payee as rep, manager as boss, 1 as level from roster where role = 'AE'
    union all
    select rep, roster.manager, level + 1 from up join roster on roster.payee = up.boss where roster.manager <> '' and level < 3)
  select * from up;
create table override as
  select boss as payee, m, sum(credit * case level when 1 then 0.01 when 2 then 0.005 else 0.001 end) as override
  from months join chain on chain.rep = months.payee group by boss, m;
copy (
  select payee, m as month,
         least(round(({EARNED.format(x='cum')} - {EARNED.format(x='(cum - credit)')}) + kicker, 2), 25000.00) as payout
  from running
  union all
  select payee, m, round(coalesce(override, 0), 2)
  from (select payee, unnest(range(1, 13)) as m from roster where role <> 'AE') left join override using (payee, m)
  order by payee, month
) to '{out}/duckdb.csv' (header);
""")
