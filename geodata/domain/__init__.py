"""What a case is: plain, frozen Python. Nothing here opens a file or reads a clock."""
