"""`make chaos`: kills, cuts and restarts under real runs; see docs/reliability.md."""
