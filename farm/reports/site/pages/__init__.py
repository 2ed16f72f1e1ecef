"""The pages: a module for each kind, a function that asks and returns what is to be shown."""
