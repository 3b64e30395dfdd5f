"""The collector's console, from the laptop's end of the cable."""
