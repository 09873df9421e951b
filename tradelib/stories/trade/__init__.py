"""What trade did."""
