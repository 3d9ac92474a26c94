"""What a program did, from uploaded files.

    files ─reading→ checked tables + rejected rows ─ledger→ cohort ledger + findings ─metrics→ figures ─verdicts→ words

`contract` says which kinds of file and columns there are, `reading` how a file is recognised, mapped, written and read,
and accounts for every line of it. `ledger` adds the tables up, checks who brought which account, and also takes what is
added up already: a ledger, a triangle. `metrics` reads figures off the ledger, `verdicts` judges them by rules,
`tables` is what pages show. `program` goes the whole way from files to a ledger; `remote` goes it where the tables
stand in a database or in Spark.
"""
