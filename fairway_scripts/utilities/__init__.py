"""What comes out of CI, deployments, acceptance tests and releases, read and judged."""
