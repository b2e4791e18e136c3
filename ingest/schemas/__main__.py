from ingest.schemas import write

write()
