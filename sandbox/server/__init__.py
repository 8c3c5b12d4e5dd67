"""The wire: the API as WeCom serves it, the callbacks it sends, and the control API of the sandbox itself."""
