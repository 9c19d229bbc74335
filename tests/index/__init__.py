"""One set of promises for both engines."""
