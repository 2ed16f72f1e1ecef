"""The water and the weather of every place and container, and what goes wrong with them."""
