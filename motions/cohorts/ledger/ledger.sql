-- The reduction: checked tables in, small additive tables out. Portable: runs unchanged on DuckDB, Spark and
-- PostgreSQL, one statement a table, in this order. Months are 12 * year + month - 1, days are counted from
-- 1970-01-01, money is integer minor units. Squares are doubles; they only feed intervals.
--
-- In:  accounts (account_id, signup_month, signup_day, motion, partner_id, activated_month, activated_day, pql_month,
--                segment)
--      revenue (account_id, month, mrr)          one row an account and month
--      partners (partner_id, name, motion, recruited_month, ended_month)
--      spend (month, amount, kind, motion, partner_id)
--      span (last_month)                         one row: the as-of month of the files
--      covered (month, step, follows)            the months that revenue is known for, up to it; step: the month before
--                                                is known too, so that what changed is; follows: the month after is
--      earlier (account_id)                      customers of before: they paid before the files begin
-- In accounts, motion is never null, and no partner and no segment are the empty text. Of an activated_day or a pql_month
-- of -1 nothing is known; null is not activated, and no lead. Without a signup_day only the month of the signup is known.
-- Out: by_cohort, by_partner, by_age, by_spell, by_partner_spell, by_event, by_pql, by_spend, by_payout; the others are steps on the way.
-- A statement with `for` is run once for each of the words, which stand for {by} in it. Lists of measures are written out
-- by measures.py: `{measures: …}` is every measure, zero where it is not named.

-- name: cells
-- A small integer for each signup cohort × motion × segment; integers are what is sorted and joined below.
SELECT ROW_NUMBER() OVER (ORDER BY cohort, motion, segment) AS cell, cohort, motion, segment
FROM (SELECT DISTINCT signup_month AS cohort, motion, segment FROM accounts) cohorts

-- name: ties
-- A small integer for each motion × partner; no partner is the empty text.
SELECT ROW_NUMBER() OVER (ORDER BY motion, partner_id) AS tie, motion, partner_id
FROM (SELECT DISTINCT motion, partner_id FROM accounts) partnerships

-- name: members
-- The number of an account only has to be its own, and the same whenever this is run: an engine may do so twice.
SELECT a.account_id, CAST(ROW_NUMBER() OVER (ORDER BY a.signup_day, a.account_id) AS INTEGER) AS account, c.cell, t.tie,
       a.signup_month, a.signup_day, a.activated_month,
       CASE WHEN a.signup_day IS NULL THEN NULL ELSE NULLIF(a.activated_day, -1) END AS activated_day,
       NULLIF(a.pql_month, -1) AS pql_month,
       CASE WHEN a.activated_day = -1 OR a.signup_day IS NULL THEN 0 ELSE 1 END AS observed,
       CASE WHEN a.pql_month = -1 THEN 0 ELSE 1 END AS qualifiable
FROM accounts a
JOIN cells c ON c.cohort = a.signup_month AND c.motion = a.motion AND c.segment = a.segment
JOIN ties t ON t.motion = a.motion AND t.partner_id = a.partner_id

-- name: calendar
-- The covered months in order, each with the one after it.
SELECT month, step, follows, ROW_NUMBER() OVER (ORDER BY month) AS place, LEAD(month) OVER (ORDER BY month) AS later,
       COUNT(*) OVER () AS places
FROM covered

-- name: payments
-- Every covered month in which a known account pays. There are many: what follows from them is never stored a row each.
SELECT m.account, r.month, r.mrr, c.step, c.follows, c.place, c.later, c.places
FROM revenue r JOIN members m ON m.account_id = r.account_id JOIN calendar c ON c.month = r.month
WHERE r.mrr > 0

-- name: payers
-- `born` is the month of the first payment, -1 for a customer of before, whose first payment nobody knows. `ended_month` is
-- the first of more than {pause} covered months in a row in which nothing is paid; a return after it starts nothing new.
SELECT m.account, m.cell, m.tie, p.first_month, CASE WHEN e.account_id IS NULL THEN p.first_month ELSE -1 END AS born,
       p.ended_month
FROM members m
JOIN (SELECT account, MIN(month) AS first_month,
             MIN(CASE WHEN next_place - place - 1 > {pause} THEN later END) AS ended_month
      FROM (SELECT account, month, place, later,
                   COALESCE(LEAD(place) OVER (PARTITION BY account ORDER BY place), places + 1) AS next_place
            FROM payments) gaps
      GROUP BY account) p ON p.account = m.account
LEFT JOIN earlier e ON e.account_id = m.account_id

-- name: activity
-- What paying accounts did, by cell, month of the first payment and month, and once more by tie and month, where the
-- other columns are null. Without the month before nobody knows what changed: who paid earlier is `carried` into the
-- month. `leaving` is MRR of the month that is gone in the next; `starting` are customers of whom the next month is
-- known; `retained`, `kept` and their squares are of accounts that also paid twelve months before: what NRR and GRR are
-- read from.
SELECT f.cell, f.tie, f.born, p.month,
       SUM(p.mrr) AS closing,
       COUNT(*) AS customers,
       SUM(CASE WHEN p.previous_month IS NULL AND f.born >= 0 THEN p.mrr ELSE 0 END) AS new_mrr,
       SUM(CASE WHEN p.previous_month IS NULL AND f.born >= 0 THEN 1 ELSE 0 END) AS new_customers,
       SUM(CASE WHEN p.step = 1 OR (p.previous_month IS NULL AND f.born >= 0) THEN 0 ELSE p.mrr END) AS carried,
       SUM(CASE WHEN p.step = 1 AND p.previous_month = p.month - 1 AND p.mrr > p.previous_mrr
                THEN p.mrr - p.previous_mrr ELSE 0 END) AS expansion,
       SUM(CASE WHEN p.step = 1 AND p.previous_month = p.month - 1 AND p.mrr < p.previous_mrr
                THEN p.previous_mrr - p.mrr ELSE 0 END) AS contraction,
       SUM(CASE WHEN p.step = 1 AND (p.previous_month < p.month - 1 OR (p.previous_month IS NULL AND f.born < 0))
                THEN p.mrr ELSE 0 END) AS reactivation,
       SUM(CASE WHEN p.follows = 1 AND (p.next_month IS NULL OR p.next_month <> p.month + 1) THEN p.mrr ELSE 0 END)
           AS leaving,
       SUM(CASE WHEN p.follows = 1 AND (p.next_month IS NULL OR p.next_month <> p.month + 1) THEN 1 ELSE 0 END)
           AS leaving_customers,
       SUM(p.follows) AS starting,
       SUM(CASE WHEN p.mrr_12 IS NULL THEN 0 ELSE p.mrr END) AS retained_12,
       SUM(CASE WHEN p.mrr_12 IS NULL THEN 0 WHEN p.mrr < p.mrr_12 THEN p.mrr ELSE p.mrr_12 END) AS kept_12,
       SUM(p.mrr * 1e0 * p.mrr) AS closing_squares,
       SUM(p.mrr * 1e0 * p.first_mrr) AS first_products,
       SUM(CASE WHEN p.mrr_12 IS NULL THEN 0e0 ELSE p.mrr * 1e0 * p.mrr END) AS retained_squares,
       SUM(CASE WHEN p.mrr_12 IS NULL THEN 0e0 ELSE p.mrr * 1e0 * p.mrr_12 END) AS retained_products,
       SUM(CASE WHEN p.mrr_12 IS NULL THEN 0e0 WHEN p.mrr < p.mrr_12 THEN p.mrr * 1e0 * p.mrr
                ELSE p.mrr_12 * 1e0 * p.mrr_12 END) AS kept_squares,
       SUM(CASE WHEN p.mrr_12 IS NULL THEN 0e0 WHEN p.mrr < p.mrr_12 THEN p.mrr * 1e0 * p.mrr_12
                ELSE p.mrr_12 * 1e0 * p.mrr_12 END) AS kept_products
FROM (SELECT account, month, mrr, step, follows,
             LAG(month) OVER (PARTITION BY account ORDER BY month) AS previous_month,
             LAG(mrr) OVER (PARTITION BY account ORDER BY month) AS previous_mrr,
             LEAD(month) OVER (PARTITION BY account ORDER BY month) AS next_month,
             FIRST_VALUE(mrr) OVER (PARTITION BY account ORDER BY month) AS first_mrr,
             SUM(mrr) OVER (PARTITION BY account ORDER BY month RANGE BETWEEN 12 PRECEDING AND 12 PRECEDING) AS mrr_12
      FROM payments) p
JOIN payers f ON f.account = p.account
GROUP BY GROUPING SETS ((f.cell, f.born, p.month), (f.tie, p.month))

-- name: {by}_events
-- for: cell, tie
-- Everything that is added up: payments, what was there a month before, signups and PQLs.
SELECT {by}, month,
       {measures: opening = carried; new_mrr; expansion; contraction; reactivation; closing; customers; new_customers;
        retained_12; kept_12; closing_squares; retained_squares; retained_products; kept_squares; kept_products}
FROM activity
WHERE {by} IS NOT NULL
UNION ALL
SELECT a.{by}, a.month + 1,
       {measures: opening = a.closing; churn = a.leaving; starting = a.starting;
        churned_customers = a.leaving_customers}
FROM activity a JOIN covered c ON c.month = a.month AND c.follows = 1
WHERE a.{by} IS NOT NULL
UNION ALL
SELECT m.{by}, m.signup_month,
       {measures: signups = COUNT(*);
        activated_7 = SUM(CASE WHEN m.activated_day - m.signup_day <= 7 THEN 1 ELSE 0 END);
        activated_14 = SUM(CASE WHEN m.activated_day - m.signup_day <= 14 THEN 1 ELSE 0 END);
        activated_30 = SUM(CASE WHEN m.activated_day - m.signup_day <= 30 THEN 1 ELSE 0 END);
        activated_60 = SUM(CASE WHEN m.activated_day - m.signup_day <= 60 THEN 1 ELSE 0 END);
        activated_90 = SUM(CASE WHEN m.activated_day - m.signup_day <= 90 THEN 1 ELSE 0 END);
        activated = SUM(CASE WHEN m.activated_day IS NULL THEN 0 ELSE 1 END);
        observed = SUM(m.observed);
        qualified = SUM(CASE WHEN m.pql_month IS NULL THEN 0 ELSE 1 END);
        qualifiable = SUM(m.qualifiable);
        bought = SUM(CASE WHEN f.account IS NULL THEN 0 ELSE 1 END);
        activation_days = SUM(COALESCE(m.activated_day - m.signup_day, 0));
        activation_squares =
            SUM(COALESCE(m.activated_day - m.signup_day, 0) * 1e0 * COALESCE(m.activated_day - m.signup_day, 0))}
FROM members m LEFT JOIN payers f ON f.account = m.account
GROUP BY m.{by}, m.signup_month
UNION ALL
SELECT m.{by}, m.pql_month,
       {measures: pqls = COUNT(*); pqls_bought = SUM(CASE WHEN f.account IS NULL THEN 0 ELSE 1 END)}
FROM members m LEFT JOIN payers f ON f.account = m.account
WHERE m.pql_month IS NOT NULL
GROUP BY m.{by}, m.pql_month

-- name: by_{by}
-- for: cell, tie
-- Every measure is a sum.
SELECT e.{by}, e.month, {measures of e}
FROM {by}_events e
GROUP BY e.{by}, e.month

-- name: by_cohort
-- The cohort ledger: signup cohort × motion × segment × activity month.
SELECT c.cohort, c.motion, c.segment, e.* FROM by_cell e JOIN cells c ON c.cell = e.cell

-- name: by_partner
-- The partner ledger: motion × partner × activity month, with the same measures.
SELECT t.motion, t.partner_id, e.* FROM by_tie e JOIN ties t ON t.tie = e.tie WHERE t.partner_id <> ''

-- name: by_age
-- MRR by the age of a customer: month of the first payment × motion × segment × months since. `products` are
-- MRR × first MRR, for the interval of what is kept of it.
SELECT a.born AS cohort, c.motion, c.segment, a.month - a.born AS age,
       CAST(SUM(a.closing) AS BIGINT) AS closing, CAST(SUM(a.customers) AS BIGINT) AS customers,
       SUM(a.closing_squares) AS closing_squares, SUM(a.first_products) AS products
FROM activity a JOIN cells c ON c.cell = a.cell
WHERE a.born >= 0
GROUP BY a.born, c.motion, c.segment, a.month - a.born

-- name: by_spell
-- Customers by month of the first payment × motion × segment and the month in which they ended, if they did: what survival
-- is read from.
SELECT f.born AS cohort, c.motion, c.segment, COALESCE(f.ended_month, 1000000) AS ended_month,
       CAST(COUNT(*) AS BIGINT) AS customers
FROM payers f JOIN cells c ON c.cell = f.cell
WHERE f.born >= 0
GROUP BY f.born, c.motion, c.segment, COALESCE(f.ended_month, 1000000)

-- name: by_partner_spell
-- The same of partners' customers: motion × partner × month of the first payment × month in which they ended.
SELECT t.motion, t.partner_id, f.born AS cohort, COALESCE(f.ended_month, 1000000) AS ended_month,
       CAST(COUNT(*) AS BIGINT) AS customers
FROM payers f JOIN ties t ON t.tie = f.tie
WHERE f.born >= 0 AND t.partner_id <> ''
GROUP BY t.motion, t.partner_id, f.born, COALESCE(f.ended_month, 1000000)

-- name: own_events
-- What is known of an account in the end, in the month in which it happened; never before the signup. The first month of a
-- customer of before is the first that the files have.
SELECT cell, CASE WHEN activated_month < signup_month THEN signup_month ELSE activated_month END AS month,
       1 AS activated, activated_day - signup_day AS days, 0 AS qualified, 0 AS bought
FROM members WHERE activated_day IS NOT NULL
UNION ALL
SELECT cell, CASE WHEN pql_month < signup_month THEN signup_month ELSE pql_month END, 0, 0, 1, 0
FROM members WHERE pql_month IS NOT NULL
UNION ALL
SELECT m.cell, CASE WHEN f.first_month < m.signup_month THEN m.signup_month ELSE f.first_month END, 0, 0, 0, 1
FROM members m JOIN payers f ON f.account = m.account

-- name: by_event
-- Signup cohort × motion × segment × month in which accounts activated, qualified, or paid first: what an earlier as-of
-- month must not look ahead of.
SELECT c.cohort, c.motion, c.segment, h.month,
       CAST(SUM(h.activated) AS BIGINT) AS activated, CAST(SUM(h.days) AS BIGINT) AS activation_days,
       CAST(SUM(h.qualified) AS BIGINT) AS qualified, CAST(SUM(h.bought) AS BIGINT) AS bought,
       SUM(h.days * 1e0 * h.days) AS activation_squares
FROM own_events h JOIN cells c ON c.cell = h.cell
GROUP BY c.cohort, c.motion, c.segment, h.month

-- name: by_pql
-- PQLs that became customers: signup cohort × motion × segment × month of the PQL × month of the first payment.
SELECT c.cohort, c.motion, c.segment, m.pql_month AS month, f.first_month AS bought_month,
       CAST(COUNT(*) AS BIGINT) AS pqls_bought
FROM members m JOIN payers f ON f.account = m.account JOIN cells c ON c.cell = m.cell
WHERE m.pql_month IS NOT NULL
GROUP BY c.cohort, c.motion, c.segment, m.pql_month, f.first_month

-- name: by_spend
-- Spend by motion, kind and month; a posting without a motion takes that of its partner.
SELECT COALESCE(s.motion, p.motion, 'unassigned') AS motion, s.kind, s.month, CAST(SUM(s.amount) AS BIGINT) AS amount
FROM spend s LEFT JOIN partners p ON p.partner_id = s.partner_id
GROUP BY COALESCE(s.motion, p.motion, 'unassigned'), s.kind, s.month

-- name: by_payout
-- What each partner was paid in a month.
SELECT partner_id, month, CAST(SUM(amount) AS BIGINT) AS amount
FROM spend
WHERE partner_id IS NOT NULL AND kind = 'payout'
GROUP BY partner_id, month
