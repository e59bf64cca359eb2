"""Everything the environment may change. Read once, at import."""

from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_file=".env", env_ignore_empty=True, extra="ignore")

    mongodb_url: str = "mongodb://127.0.0.1:27017"
    mongodb_db: str = "app"


settings = Settings()
