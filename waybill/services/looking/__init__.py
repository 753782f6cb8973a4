"""Against ticking without looking: what a check asks beside law and plant, and what came of it."""
