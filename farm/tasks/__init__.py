"""Celery, and only Celery: the app and thin tasks."""
