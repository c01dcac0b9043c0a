"""One worker at a time: what single workers get under either law, and published tables of that kind reproduced."""
