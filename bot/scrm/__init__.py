"""THINKS. Values and decisions, no I/O: time, facts and dice come in as arguments."""
