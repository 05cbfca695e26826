"""Nine customers and their fourteen engagements. The three flagships: meridian, tejo, harbourline."""

from engagements.demo.plans import Story
from engagements.demo.stories import (
    brightwater,
    chengjiang,
    harbourline,
    hualing,
    kestrel,
    meridian,
    novaquell,
    reference,
    tejo,
)

STORIES: tuple[Story, ...] = (
    meridian.STORY,
    tejo.STORY,
    harbourline.STORY,
    kestrel.STORY,
    brightwater.STORY,
    novaquell.STORY,
    hualing.STORY,
    chengjiang.STORY,
    reference.STORY,
)
