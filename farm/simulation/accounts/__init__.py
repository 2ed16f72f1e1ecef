"""Figures out of a period's history: by batch and month, by place and month, by batch."""
