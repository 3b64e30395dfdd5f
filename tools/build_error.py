"""What stops the build of an image."""


class BuildError(Exception):
    """A source cannot go onto a board; the text says which, and why."""
