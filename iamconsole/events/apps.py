from django.apps import AppConfig


class EventsConfig(AppConfig):
    name = "iamconsole.events"
    label = "events"
