"""How Alembic finds the schema steps: `env.py` runs them, `steps/` holds one file each, forward only."""
