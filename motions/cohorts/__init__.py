"""What a program did, from uploaded files.

    files ─recognise→ mapping ─read→ checked tables + rejected rows ─ledger→ cohort ledger ─metrics→ figures
                                                                         └─checks→ findings    └─health→ verdicts

`contract` says which kinds of file and columns there are, `mapping` how one file is read, `forms` how its amounts and
days are written, `records` accounts for every line of a file that is not clean, `added_up` reads what is no rows any
more, `rules` is what verdicts are made by. `program` goes the whole way from files to a ledger.
"""
