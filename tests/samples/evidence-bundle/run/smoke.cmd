make smoke ENV=staging
