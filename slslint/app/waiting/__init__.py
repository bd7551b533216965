"""What code waits for, what it does meanwhile, and what nobody waits for."""
