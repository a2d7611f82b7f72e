"""The pages: each reads, computes and draws, in that order."""
