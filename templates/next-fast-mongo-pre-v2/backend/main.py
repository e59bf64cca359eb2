# stackwright: placeholder, replaced when the application is generated
"""The application: routers, errors and the health check."""

from fastapi import FastAPI

from application import create_app

app: FastAPI = create_app(title="Application", routers=[])
