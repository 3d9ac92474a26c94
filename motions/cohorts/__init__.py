"""What a program did, from uploaded files.

    files ─recognise, read→ checked tables + rejected rows ─ledger→ cohort ledger ─metrics→ figures ─health→ verdicts

`contract` says which tables and columns there are, `records` accounts for every line of a file that is not clean,
`program` goes the whole way from files to a ledger.
"""
