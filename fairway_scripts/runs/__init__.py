"""Commands that are run and watched for evidence: trusted runs, watchers, checkpoints, bundles, sub-agents."""
