"""Where reports gather: hot spots, their weekly classes, and why."""
