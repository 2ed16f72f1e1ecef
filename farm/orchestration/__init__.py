"""Sessions become months, months become chunks. Rules and ports: no SQL; Celery only in canvas."""
