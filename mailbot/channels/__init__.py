"""The world: where mail comes in and goes out. A channel is given callables; it knows no flow and no store."""
