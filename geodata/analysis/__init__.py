"""What the cases mean: pure functions of facts. Nothing here opens a file or reads a clock."""
