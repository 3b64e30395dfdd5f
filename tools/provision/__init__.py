"""Configures collectors over their serial ports, from one file for a site."""
