"""The demo clinic: synthetic people whose visits went through the product's own verbs, at times of the past."""

from app.demo.seed import seed
from app.demo.welcome import welcome

__all__ = ["seed", "welcome"]
