"""One comparison of both sides: cases, facts, differences, the report and its explanations."""
