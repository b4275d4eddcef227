"""From an approval to a receipt: delivery, its attempts and look-ups, and the stops before each call."""
