"""The rules: what is judged, from which facts, by which law, and what came of it."""
