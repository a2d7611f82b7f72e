"""The campaign: its phases and special actions; whether they worked, or moved the problem."""
