"""What the reports say: from checked estimates to the report model."""
