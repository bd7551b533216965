"""How events come back to where they came from: whether they do, what ends that, and what it can cost."""
