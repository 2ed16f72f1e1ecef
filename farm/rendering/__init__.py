"""A slice of history and a chunk's address become columns of rows. Pure and deterministic."""
