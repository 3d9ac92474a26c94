-- The reduction: checked tables in, small additive tables out. Portable: runs unchanged on DuckDB, Spark and
-- PostgreSQL, one statement a table, in this order. Months are 12 * year + month - 1, days are counted from
-- 1970-01-01, money is integer minor units. Squares are doubles; they only feed intervals.
--
-- In:  accounts (account_id, signup_month, signup_day, motion, partner_id, activated_day, pql_month, segment)
--      revenue (account_id, month, mrr)          one row an account and month
--      partners (partner_id, name, motion, recruited_month, ended_month)
--      spend (month, amount, kind, motion, partner_id)
--      span (last_month)                         one row: the last month in the files
-- In accounts, motion is never null, and no partner and no segment are the empty text. An activated_day of -1 is not
-- known; null is not activated.
-- Out: by_cohort, by_partner, by_age, by_spend, by_payout; the others are steps on the way.
-- A statement with `for` is run once for each of the words, which stand for {by} in it.

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
       a.signup_month, a.signup_day, NULLIF(a.activated_day, -1) AS activated_day, a.pql_month,
       CASE WHEN a.activated_day = -1 THEN 0 ELSE 1 END AS observed
FROM accounts a
JOIN cells c ON c.cohort = a.signup_month AND c.motion = a.motion AND c.segment = a.segment
JOIN ties t ON t.motion = a.motion AND t.partner_id = a.partner_id

-- name: payments
-- Every month in which a known account pays. There are many: what follows from them is never stored a row each.
SELECT m.account, r.month, r.mrr
FROM revenue r JOIN members m ON m.account_id = r.account_id
WHERE r.mrr > 0

-- name: payers
SELECT m.account, m.cell, m.tie, p.first_month
FROM members m JOIN (SELECT account, MIN(month) AS first_month FROM payments GROUP BY account) p ON p.account = m.account

-- name: activity
-- What paying accounts did, by cell, month of the first payment and month, and once more by tie and month, where the
-- other columns are null. `leaving` is MRR of the month that is gone in the next; `retained`, `kept` and their squares
-- are of accounts that also paid twelve months before: what NRR and GRR are read from.
SELECT f.cell, f.tie, f.first_month, p.month,
       SUM(p.mrr) AS closing,
       COUNT(*) AS customers,
       SUM(CASE WHEN p.previous_month IS NULL THEN p.mrr ELSE 0 END) AS new_mrr,
       SUM(CASE WHEN p.previous_month IS NULL THEN 1 ELSE 0 END) AS new_customers,
       SUM(CASE WHEN p.previous_month = p.month - 1 AND p.mrr > p.previous_mrr
                THEN p.mrr - p.previous_mrr ELSE 0 END) AS expansion,
       SUM(CASE WHEN p.previous_month = p.month - 1 AND p.mrr < p.previous_mrr
                THEN p.previous_mrr - p.mrr ELSE 0 END) AS contraction,
       SUM(CASE WHEN p.previous_month < p.month - 1 THEN p.mrr ELSE 0 END) AS reactivation,
       SUM(CASE WHEN p.previous_month = p.month THEN 1 ELSE 0 END) AS repeated,
       SUM(CASE WHEN p.next_month = p.month + 1 THEN 0 ELSE p.mrr END) AS leaving,
       SUM(CASE WHEN p.next_month = p.month + 1 THEN 0 ELSE 1 END) AS leaving_customers,
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
FROM (SELECT account, month, mrr,
             LAG(month) OVER (PARTITION BY account ORDER BY month) AS previous_month,
             LAG(mrr) OVER (PARTITION BY account ORDER BY month) AS previous_mrr,
             LEAD(month) OVER (PARTITION BY account ORDER BY month) AS next_month,
             FIRST_VALUE(mrr) OVER (PARTITION BY account ORDER BY month) AS first_mrr,
             SUM(mrr) OVER (PARTITION BY account ORDER BY month RANGE BETWEEN 12 PRECEDING AND 12 PRECEDING) AS mrr_12
      FROM payments) p
JOIN payers f ON f.account = p.account
GROUP BY GROUPING SETS ((f.cell, f.first_month, p.month), (f.tie, p.month))

-- name: {by}_events
-- for: cell, tie
-- Everything that is added up: payments, what was there a month before, signups and PQLs.
SELECT {by}, month, 0 AS signups, 0 AS activated_7, 0 AS activated_14, 0 AS activated_30, 0 AS activated_60,
       0 AS activated_90, 0 AS activated, 0 AS observed, 0 AS qualified, 0 AS bought, 0 AS pqls, 0 AS pqls_bought,
       0 AS opening, new_mrr, expansion, contraction, reactivation, 0 AS churn, closing,
       customers, new_customers, 0 AS churned_customers, retained_12, kept_12, 0 AS activation_days,
       closing_squares, retained_squares, retained_products, kept_squares, kept_products, 0e0 AS activation_squares
FROM activity
WHERE {by} IS NOT NULL
UNION ALL
SELECT {by}, month + 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
       closing, 0, 0, 0, 0, leaving, 0, 0, 0, leaving_customers, 0, 0, 0, 0e0, 0e0, 0e0, 0e0, 0e0, 0e0
FROM activity
WHERE {by} IS NOT NULL AND month < (SELECT last_month FROM span)
UNION ALL
SELECT m.{by}, m.signup_month, COUNT(*),
       SUM(CASE WHEN m.activated_day - m.signup_day <= 7 THEN 1 ELSE 0 END),
       SUM(CASE WHEN m.activated_day - m.signup_day <= 14 THEN 1 ELSE 0 END),
       SUM(CASE WHEN m.activated_day - m.signup_day <= 30 THEN 1 ELSE 0 END),
       SUM(CASE WHEN m.activated_day - m.signup_day <= 60 THEN 1 ELSE 0 END),
       SUM(CASE WHEN m.activated_day - m.signup_day <= 90 THEN 1 ELSE 0 END),
       SUM(CASE WHEN m.activated_day IS NULL THEN 0 ELSE 1 END),
       SUM(m.observed),
       SUM(CASE WHEN m.pql_month IS NULL THEN 0 ELSE 1 END),
       SUM(CASE WHEN f.account IS NULL THEN 0 ELSE 1 END),
       0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
       SUM(COALESCE(m.activated_day - m.signup_day, 0)), 0e0, 0e0, 0e0, 0e0, 0e0,
       SUM(COALESCE(m.activated_day - m.signup_day, 0) * 1e0 * COALESCE(m.activated_day - m.signup_day, 0))
FROM members m LEFT JOIN payers f ON f.account = m.account
GROUP BY m.{by}, m.signup_month
UNION ALL
SELECT m.{by}, m.pql_month, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, COUNT(*),
       SUM(CASE WHEN f.account IS NULL THEN 0 ELSE 1 END),
       0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0e0, 0e0, 0e0, 0e0, 0e0, 0e0
FROM members m LEFT JOIN payers f ON f.account = m.account
WHERE m.pql_month IS NOT NULL
GROUP BY m.{by}, m.pql_month

-- name: by_{by}
-- for: cell, tie
-- Every measure is a sum.
SELECT e.{by}, e.month,
       CAST(SUM(e.signups) AS BIGINT) AS signups,
       CAST(SUM(e.activated_7) AS BIGINT) AS activated_7,
       CAST(SUM(e.activated_14) AS BIGINT) AS activated_14,
       CAST(SUM(e.activated_30) AS BIGINT) AS activated_30,
       CAST(SUM(e.activated_60) AS BIGINT) AS activated_60,
       CAST(SUM(e.activated_90) AS BIGINT) AS activated_90,
       CAST(SUM(e.activated) AS BIGINT) AS activated,
       CAST(SUM(e.observed) AS BIGINT) AS observed,
       CAST(SUM(e.qualified) AS BIGINT) AS qualified,
       CAST(SUM(e.bought) AS BIGINT) AS bought,
       CAST(SUM(e.pqls) AS BIGINT) AS pqls,
       CAST(SUM(e.pqls_bought) AS BIGINT) AS pqls_bought,
       CAST(SUM(e.opening) AS BIGINT) AS opening,
       CAST(SUM(e.new_mrr) AS BIGINT) AS new_mrr,
       CAST(SUM(e.expansion) AS BIGINT) AS expansion,
       CAST(SUM(e.contraction) AS BIGINT) AS contraction,
       CAST(SUM(e.reactivation) AS BIGINT) AS reactivation,
       CAST(SUM(e.churn) AS BIGINT) AS churn,
       CAST(SUM(e.closing) AS BIGINT) AS closing,
       CAST(SUM(e.customers) AS BIGINT) AS customers,
       CAST(SUM(e.new_customers) AS BIGINT) AS new_customers,
       CAST(SUM(e.churned_customers) AS BIGINT) AS churned_customers,
       CAST(SUM(e.retained_12) AS BIGINT) AS retained_12,
       CAST(SUM(e.kept_12) AS BIGINT) AS kept_12,
       CAST(SUM(e.activation_days) AS BIGINT) AS activation_days,
       SUM(e.closing_squares) AS closing_squares,
       SUM(e.retained_squares) AS retained_squares,
       SUM(e.retained_products) AS retained_products,
       SUM(e.kept_squares) AS kept_squares,
       SUM(e.kept_products) AS kept_products,
       SUM(e.activation_squares) AS activation_squares
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
SELECT a.first_month AS cohort, c.motion, c.segment, a.month - a.first_month AS age,
       CAST(SUM(a.closing) AS BIGINT) AS closing, CAST(SUM(a.customers) AS BIGINT) AS customers,
       SUM(a.closing_squares) AS closing_squares, SUM(a.first_products) AS products
FROM activity a JOIN cells c ON c.cell = a.cell
GROUP BY a.first_month, c.motion, c.segment, a.month - a.first_month

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
