"""A WeCom on 127.0.0.1, to develop, test and show against without an account. See sandbox/README.md."""

from sandbox.clock import Clock, SystemClock
from sandbox.sandbox import Sandbox

__all__ = ["Clock", "Sandbox", "SystemClock"]
