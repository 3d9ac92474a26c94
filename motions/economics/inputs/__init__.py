"""What a user sets: fields, payout terms, assumptions, presets, and the scenario that holds them all."""
