"""The processes of the farm, one per file; none imports another. The day is where they meet."""
