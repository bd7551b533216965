"""Source files lowered to Facts, one room per language."""
