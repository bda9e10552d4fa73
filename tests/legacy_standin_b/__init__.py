"""A second stand-in for older scripts, which shares nothing with the first but what the published text says."""
