"""The commands of `rapport`, one group a file."""
