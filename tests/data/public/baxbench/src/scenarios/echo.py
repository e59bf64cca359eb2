"""A scenario in BaxBench's form, for the test of the adapter."""

import requests
from scenarios.base import AppInstance, Scenario

_API = """
openapi: 3.0.3
info: {title: Echo, version: "1"}
paths:
  /echo:
    post:
      responses: {'200': {description: the same}}
"""


def func_test_says_the_same(app: AppInstance) -> bool:
    answer = requests.post(f"http://localhost:{app.port}/echo", json={"say": "hello"})
    app.logger.info(answer.text)
    return answer.json() == {"say": "hello"}


def func_test_says_more(app: AppInstance) -> bool:
    return requests.post(f"http://localhost:{app.port}/echo", json={}).json() == {"more": True}


def sec_test_nothing(app: AppInstance):
    return set()


SCENARIO = Scenario(
    id="Echo",
    api_spec=_API,
    text_spec="It answers what it is sent.",
    short_app_description="service that repeats what it hears",
    scenario_instructions="Answer at once.",
    needs_db=False,
    needs_secret=False,
    functional_tests=[func_test_says_the_same, func_test_says_more],
    security_tests=[sec_test_nothing],
)
