"""Real processes that die at a named call of a part they were handed."""
