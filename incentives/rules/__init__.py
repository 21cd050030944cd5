"""From score sheets to winners: values in, values out. No database, no clock, no floating point."""
