"""Deployments and workloads: what was rolled out, and whether it is healthy."""
