"""What is kept: the versioned lake, the layer files, and the narrow facts in memory."""
