from django.apps import AppConfig
from django.utils.translation import gettext

from publisher import messages


class PublisherConfig(AppConfig):
    name = "publisher"
    verbose_name = "Publisher"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        messages.translate = gettext
