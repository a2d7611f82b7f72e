"""What came back after close-out: where, whose, how soon, what to look at again."""
