"""The daemon's loops: take in, process, dispatch, page. Asynchronous outside, synchronous flows in threads inside."""
