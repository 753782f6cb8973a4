"""Use cases: one public function each; they take a session and a clock and never commit."""
