"""Who and what takes part: kinds, labels, scopes. Value objects only; storage is elsewhere."""
