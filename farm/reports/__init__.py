"""Read models: what the database holds and how far the work is. Reads, never writes."""
