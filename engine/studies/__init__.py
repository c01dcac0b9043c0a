"""Studies of published papers: made from what the engine gives, and used by the command line alone."""
