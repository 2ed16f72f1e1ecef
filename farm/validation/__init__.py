"""Asks the finished data whether it can be true. Reads everything, writes only the verdicts."""
