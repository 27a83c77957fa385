"""Every kind of long work and the function that does one step of it. The rooms own the steps; this list knows them all."""

from collections.abc import Mapping

from firsthand.core.jobs import Step
from firsthand.intake import actions as intake
from firsthand.upkeep.demo import loading

STEPS: Mapping[str, Step] = {**intake.STEPS, loading.KIND: loading.load_part}
