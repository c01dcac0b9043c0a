"""A page on this machine where levers are moved by hand: base and reform answer as they move. Extra `explore`."""
