-- Files that are not yet one of the four tables, brought into their form. Runs once after reading, before the checks
-- and the reduction. `horizon`: one row, the last month that a subscription without an end runs to.

-- name: subscription_months
-- MRR of each account at the end of every month; several subscriptions of an account add up.
SELECT s.account_id, m.month, s.currency, CAST(SUM(s.mrr) AS BIGINT) AS mrr
FROM subscriptions s
JOIN (SELECT range AS month FROM range(
        (SELECT min(started_month) FROM subscriptions), (SELECT last_month + 1 FROM horizon))) m
  ON m.month >= s.started_month AND (s.ended_month IS NULL OR m.month < s.ended_month)
GROUP BY s.account_id, m.month, s.currency

-- name: moved
-- By how much each account's MRR changed in a month.
SELECT account_id, month, currency,
       CAST(SUM(CASE WHEN movement IN ('churn', 'contraction') THEN -abs(change) ELSE change END) AS BIGINT) AS change
FROM movements
GROUP BY account_id, month, currency

-- name: running
-- The MRR after each of them, and the month of the next.
SELECT account_id, month, currency,
       CAST(SUM(change) OVER (PARTITION BY account_id, currency ORDER BY month) AS BIGINT) AS mrr,
       LEAD(month) OVER (PARTITION BY account_id, currency ORDER BY month) AS next_month
FROM moved

-- name: opening_moves
-- Each account's first month of movements: whether it begins there, or was a customer before.
SELECT m.account_id, bool_or(m.movement IS NULL OR m.movement = 'new') AS begins,
       bool_or(m.movement = 'reactivation') AS returns
FROM movements m
JOIN (SELECT account_id, min(month) AS month FROM movements GROUP BY account_id) f
  ON f.account_id = m.account_id AND f.month = m.month
GROUP BY m.account_id

-- name: movement_months
SELECT r.account_id, m.month, r.currency, r.mrr
FROM running r
JOIN (SELECT range AS month FROM range(
        (SELECT min(month) FROM movements), (SELECT last_month + 1 FROM horizon))) m
  ON m.month >= r.month AND (r.next_month IS NULL OR m.month < r.next_month)

-- name: billed_months
-- What each account was billed in a month.
SELECT account_id, month, CAST(SUM(amount) AS BIGINT) AS mrr, currency, CAST(NULL AS SMALLINT) AS file,
       CAST(NULL AS INTEGER) AS line
FROM invoices
GROUP BY account_id, month, currency
HAVING SUM(amount) > 0

-- name: ends
-- Of the ends of a file: how many, how many look like the last day that is paid, like the first that is not, and how many
-- of the former are renewed on the next day.
SELECT COUNT(*), COALESCE(SUM(CASE WHEN renewed OR day(ends + 1) IN (day(starts), 1) THEN 1 ELSE 0 END), 0),
       COALESCE(SUM(CASE WHEN follows OR day(ends) IN (day(starts), 1) THEN 1 ELSE 0 END), 0),
       COALESCE(SUM(CASE WHEN renewed THEN 1 ELSE 0 END), 0)
FROM (SELECT DATE '1970-01-01' + s.started_day AS starts, DATE '1970-01-01' + s.ended_day AS ends,
             EXISTS (SELECT 1 FROM subscriptions n
                     WHERE n.account_id = s.account_id AND n.started_day = s.ended_day + 1) AS renewed,
             EXISTS (SELECT 1 FROM subscriptions n
                     WHERE n.account_id = s.account_id AND n.started_day = s.ended_day
                       AND n.started_day > s.started_day) AS follows
      FROM subscriptions s
      WHERE s.file = {file} AND s.ended_day > s.started_day)
