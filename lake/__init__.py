"""HISTORY: tables and schemas, expectations, upkeep, the catalogue for analysts, time travel."""
