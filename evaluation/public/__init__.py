"""Task sets of others. None of their files is here; each adapter reads a checkout and fetches nothing."""
