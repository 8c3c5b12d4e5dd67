"""Rules and the conditions they are made of."""
