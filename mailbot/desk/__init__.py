"""What the help desk decides. Pure: values and the time in, values out."""
