"""What a program would earn.

    inputs ─model→ months × draws, figures ─answers→ how sure, what moves it, where a target lies ─files→ what is kept

`inputs` are the assumptions and payout terms, `presets.yaml` their defaults and whose they are, and the scenario that
holds them, which `links` carry; `keys` says what each input is called. `model` says who gets what of a payment
(`payouts`), what happens month by month (`projection`), which figures are read off it (`results`), and does all of it
for a scenario (`run`); `statement` pays real accounts to the cent. `answers` are questions asked of it: `uncertainty`,
`sensitivity`, `goal`, `explain`, `compare`. `files` are scenarios as files (`exchange`), one of them a workbook whose
formulas are the model again (`live`, `workbook`), and the figures as text.
"""
