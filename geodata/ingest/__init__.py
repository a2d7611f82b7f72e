"""IN: files of reports → cases in the canonical columns, and rows set aside."""
