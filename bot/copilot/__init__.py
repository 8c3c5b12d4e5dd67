"""SUGGESTS: words that a language model proposes, from what staff wrote alone. Nothing of a customer goes into it, and
nothing that comes out of it is sent before a person took it over and approved it."""
