"""Can any bytes make the reader break its promises? Coverage-guided search, and the promises themselves."""
