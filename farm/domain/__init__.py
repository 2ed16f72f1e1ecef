"""The salmon farm: its world, its fish, its words. Pure: no I/O, no clock, no SQL, no Celery."""
