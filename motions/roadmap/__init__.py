"""The four steps of deployment: whose gate is met, when each begins, and what the whole of it comes to.

answers, readiness ─gates→ states ─plan, with choices→ plan ─whole, waiting→ sums with their band, two scenarios
"""
