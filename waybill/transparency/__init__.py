"""The log's format, pure: Merkle tree, tiles, signed notes, checkpoints, proofs.

RFC 6962 section 2.1 for the tree, and of C2SP signed-note, tlog-checkpoint, tlog-tiles,
tlog-cosignature and tlog-proof. Nothing here reads a database, a network or a clock, so that the
service, the witness and the verifier mean the same by the same bytes.
"""
