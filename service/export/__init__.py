"""Minutes as files of other formats."""
