"""What happens: the projection of the reform's fiscal cost, year by year."""
