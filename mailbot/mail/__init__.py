"""What a mail says, and how one is written. Pure: bytes and values in, values and bytes out; no I/O, no clock."""
