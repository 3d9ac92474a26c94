"""Files to checked tables: which kind each is, which of its columns is which, how its cells are written, what fits."""
