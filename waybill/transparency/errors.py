"""What can be wrong with a proof, a note or a tile."""


class TransparencyError(ValueError):
    """Bytes that claim to belong to a log and do not hold; the message says what."""


class ProofError(TransparencyError):
    """A proof does not lead from what it starts with to the root it should reach."""


class NoteError(TransparencyError):
    """A note is malformed, or nobody who counts has signed it."""


class TileError(TransparencyError):
    """A tile or a bundle of entries is not what its place asks for."""
