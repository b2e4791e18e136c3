"""HISTORY: table definitions, schemas, expectations, upkeep, the catalogue for analysts, time travel."""
