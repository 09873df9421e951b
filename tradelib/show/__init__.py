"""What a cell shows, and how it is drawn."""
