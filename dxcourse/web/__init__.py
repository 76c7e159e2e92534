"""What every server of ours shares: checks, identity, limits, files, events; no course."""
