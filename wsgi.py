"""The server's entry: `gunicorn --config deploy/gunicorn.conf.py wsgi:application`."""

import os

from api import create_app
from waybill.journal import keep_journal
from waybill.settings import Settings

settings = Settings.from_env(os.environ)
keep_journal(settings.log_format)
application = create_app(settings)
