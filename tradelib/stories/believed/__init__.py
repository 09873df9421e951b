"""What the law had scheduled, beside what came."""
