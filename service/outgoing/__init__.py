"""What leaves the machine: mail and webhooks. Neither carries words of a meeting."""
