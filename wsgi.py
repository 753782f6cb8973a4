"""The server's entry: `gunicorn --config deploy/gunicorn.conf.py wsgi:application`."""

import os

from api import create_app
from waybill.settings import Settings

application = create_app(Settings.from_env(os.environ))
