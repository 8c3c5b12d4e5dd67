"""SPEAKS: WeCom's own language. Callbacks in, message bodies out, errors with a meaning; the network is in `net/`."""
