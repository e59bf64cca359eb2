"""Four agents that hold the same conversations: the platform, and what it is compared with."""
