"""A month in seconds: the real bot on the sandbox's world, without a network, under a clock that jumps."""
