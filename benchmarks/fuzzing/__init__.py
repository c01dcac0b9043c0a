"""Bad inputs by the million: how they are made, through which doors they go, and how what happens is judged."""
