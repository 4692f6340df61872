"""Encrypted texts and recordings: a key for each meeting, random names, a local folder or an S3 bucket."""
