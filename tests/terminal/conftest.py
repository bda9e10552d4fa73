"""The engine that the projects of these tests are on."""

from tests.support.engines import engine

__all__ = ["engine"]
