"""The operations console: how everything stands, why, and what a person may do about it. Chinese, without scripts."""
