"""The truce: clocks, promises, events."""
