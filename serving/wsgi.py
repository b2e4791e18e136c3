"""What does the server load? `serving.wsgi:app`, once a worker process."""

import atexit

import settings
from serving import logs, services
from serving.app import create_app

logs.configure()
_made = services.make(settings.load())
atexit.register(_made.close)  # flushes what the log has not taken yet
app = create_app(settings.load(), _made)
