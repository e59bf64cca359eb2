"""Mails that the application sends by itself."""
