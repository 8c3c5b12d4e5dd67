"""The sandbox and the bot together: stories to watch, to script, and to test by."""
