"""Scenario files: YAML with positions, plans laid over, every fault at once."""
