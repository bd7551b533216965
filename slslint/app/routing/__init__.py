"""Where code tells the requests and commands that it gets apart."""
