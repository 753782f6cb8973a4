"""The log at work: its keys, the sequencer, its checks, proofs and receipts, and what it tells."""
