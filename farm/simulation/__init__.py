"""Scenario and seed (and a snapshot) become history. Pure and deterministic."""
