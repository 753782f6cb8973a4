"""Is this installation sound? A table of looks, each of which says what it found and what to do."""
