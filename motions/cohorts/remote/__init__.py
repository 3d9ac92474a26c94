"""Programs whose tables stand in a database or in Spark: the same reduction, where they are."""
