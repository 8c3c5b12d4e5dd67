"""The page on which a newcomer plays a customer and watches what the assistant does."""
