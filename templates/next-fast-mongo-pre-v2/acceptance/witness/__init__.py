"""What witnesses are written with: the app in a browser, its API, its records and its people.

A witness is a pytest function that takes `app`, is marked with the wish that it tries
(`@pytest.mark.wish("w1")`), acts as a person would and then asserts what came of it. `usage.md` beside
this folder shows all of it. Nothing here needs the platform that the app was built with.
"""

from playwright.sync_api import Locator, Page, expect

from witness.actors import Actor
from witness.api import Answer, Api
from witness.app import App

__all__ = ["Actor", "Answer", "Api", "App", "Locator", "Page", "expect"]
