"""What tests of every room share: where a sample, a browser or PostgreSQL is found, and proofs that count."""
