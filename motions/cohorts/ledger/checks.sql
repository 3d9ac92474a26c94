-- Attribution checks: rows that would make one side's figures into the other's. Each statement lists them:
-- what, where, and the value that is wrong. Runs on the tables of the contract, after the reduction, and on
-- motions (motion, role): every motion of an account, and whether it is a partner's.

-- name: two_motions
SELECT a.account_id AS account, a.motion, a.partner_id AS partner,
       'a customer list says ' || c.motion || CASE WHEN c.partner_id = '' THEN '' ELSE ', ' || c.partner_id END AS detail
FROM accounts a JOIN customers c ON c.account_id = a.account_id
WHERE a.motion <> c.motion OR (a.partner_id <> c.partner_id AND c.partner_id <> '')

-- name: motion_without_partner
SELECT a.account_id AS account, a.motion, '' AS partner, '' AS detail
FROM accounts a JOIN motions m ON m.motion = a.motion
WHERE a.partner_id = '' AND m.role = 'partner'

-- name: organic_with_partner
SELECT a.account_id AS account, a.motion, a.partner_id AS partner, '' AS detail
FROM accounts a JOIN motions m ON m.motion = a.motion
WHERE a.partner_id <> '' AND m.role <> 'partner'

-- name: unknown_partner
SELECT a.account_id AS account, a.motion, a.partner_id AS partner, '' AS detail
FROM accounts a LEFT JOIN partners p ON p.partner_id = a.partner_id
WHERE a.partner_id <> '' AND p.partner_id IS NULL

-- name: signup_before_partner
SELECT a.account_id AS account, a.motion, a.partner_id AS partner,
       'signed up ' || CAST(p.recruited_day - a.signup_day AS VARCHAR(20)) || ' days before the partner joined' AS detail
FROM accounts a JOIN partners p ON p.partner_id = a.partner_id
WHERE a.signup_day < p.recruited_day

-- name: other_motion_than_partner
SELECT a.account_id AS account, a.motion, a.partner_id AS partner, 'the partner is ' || p.motion AS detail
FROM accounts a JOIN partners p ON p.partner_id = a.partner_id JOIN motions m ON m.motion = a.motion
WHERE a.motion <> p.motion AND m.role = 'partner'

-- name: activated_before_signup
SELECT account_id AS account, motion, partner_id AS partner,
       'activated ' || CAST(signup_day - activated_day AS VARCHAR(20)) || ' days before the signup' AS detail
FROM accounts
WHERE activated_day < signup_day AND activated_day <> -1

-- name: revenue_without_account
SELECT r.account_id AS account, '' AS motion, '' AS partner,
       CAST(COUNT(*) AS VARCHAR(20)) || ' months of revenue' AS detail
FROM revenue r LEFT JOIN accounts a ON a.account_id = r.account_id
WHERE a.account_id IS NULL
GROUP BY r.account_id

-- name: revenue_before_signup
SELECT r.account_id AS account, a.motion, a.partner_id AS partner,
       CAST(COUNT(*) AS VARCHAR(20)) || ' months of revenue before the signup' AS detail
FROM revenue r JOIN accounts a ON a.account_id = r.account_id
WHERE r.month < a.signup_month AND r.mrr > 0
GROUP BY r.account_id, a.motion, a.partner_id

-- name: spend_for_unknown_partner
SELECT '' AS account, COALESCE(s.motion, '') AS motion, s.partner_id AS partner,
       CAST(COUNT(*) AS VARCHAR(20)) || ' postings' AS detail
FROM spend s LEFT JOIN partners p ON p.partner_id = s.partner_id
WHERE s.partner_id IS NOT NULL AND p.partner_id IS NULL
GROUP BY s.motion, s.partner_id
