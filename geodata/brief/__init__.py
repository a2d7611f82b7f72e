"""The leaders' pack: everything a briefing shows, frozen with what it was computed from."""
