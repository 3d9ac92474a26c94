"""Two accounts and their revenue, and what is asked of a program that holds them."""

ACCOUNTS = "account_id,signed_up_on,motion\nA1,2025-01-05,affiliate\nA2,2025-02-05,\n"
REVENUE = "account_id,month,mrr\nA1,2025-02,100\nA1,2025-03,100.50\nA2,2025-03,80\n"


def report(program, name):
    return next(file for file in program.files if file.name == name)


def closing(program):
    return int(program.ledger.series("closing").sum())
