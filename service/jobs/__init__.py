"""Jobs: work for the models, in a process of its own."""
