"""MOVES. Callbacks into the inbox, events to handlers, actions out to WeCom. Has no opinions."""
