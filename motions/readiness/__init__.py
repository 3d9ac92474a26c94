"""Is a company ready for a partner layer: six conditions and three principles, by hand, by files, by the scenario.

program, scenario ─conditions, payout, principles→ readings ─assess, with answers by hand→ verdicts, headline
                  └offers→ what they say of the questions of fit
"""
