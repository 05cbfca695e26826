"""What the portal's pages cost, as ratios to bare Django pages measured in the same run."""
