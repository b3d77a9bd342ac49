"""One thing happening, one transaction each. Synchronous; takes `now`."""
