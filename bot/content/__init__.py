"""READS what staff edit: one loader and model a file kind; one immutable snapshot, swapped whole."""
