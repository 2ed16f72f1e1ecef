"""How to run: settings, scenarios by name, logs."""
