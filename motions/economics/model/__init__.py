"""A scenario to projections, statements and figures."""
