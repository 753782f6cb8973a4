"""SQLAlchemy: tables by subject, the session, and the few statements written by hand."""
