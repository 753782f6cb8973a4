"""A witness: what an authority runs on a machine of its own, so that a log cannot rewrite itself.

It remembers the newest checkpoint of each log it follows, cosigns a newer one only after a proof
that nothing before it was changed (C2SP tlog-witness), and raises an alarm when a log shrinks,
forks, stands still or does not hold. It needs no database server, no secrets of the log and none
of the main service's settings: a key, a file and a list of logs.
"""
