"""What is known and how a question is understood: pure, without database or network."""
