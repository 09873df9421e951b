"""The publishers, one module each: what to ask, and how to read the answer. No reader opens a connection or a table by itself."""
