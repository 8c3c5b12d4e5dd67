"""The network side of WeCom: tokens, limits, endpoints and the client that calls them."""
