"""What does the least application cost? A Flask route with nothing behind it, as the API's peer."""

from flask import Flask

app = Flask("bare")


@app.get("/bare")
def bare() -> dict[str, str]:
    return {"status": "bare"}
