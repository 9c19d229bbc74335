"""
What outlets, topics and countries are called in the reader's language.
"""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.answers import Counted
from pipeline.web.desk import Desk
from pipeline.web.speech import Speech, phrases


@dataclass(frozen=True, slots=True)
class Names:
    """For one reader; what is configured no longer is called by what is left of it."""

    speech: Speech
    desk: Desk

    def outlet(self, outlet_id: str, title: str = "") -> str:
        found = self.desk.configured.outlets.get(outlet_id)
        return self.speech.choose(found.title, found.title_en) if found else title or outlet_id

    def topic(self, topic_id: str) -> str:
        found = self.desk.configured.topics.get(topic_id)
        return self.speech.choose(found.title, found.title_en) if found else topic_id

    def country(self, code: str) -> str:
        return str(phrases()["countries"][self.speech.language].get(code) or code.upper())

    def zone(self, outlet_id: str) -> str | None:
        """The outlet's time zone."""
        found = self.desk.configured.outlets.get(outlet_id)
        return found.time_zone if found else None

    def label(self, facet: str, counted: Counted) -> str:
        """A value of a facet."""
        match facet:
            case "topic":
                return self.topic(counted.value)
            case "outlet":
                return self.outlet(counted.value, counted.label)
            case "country":
                return self.country(counted.value)
            case _:
                return counted.label or counted.value
