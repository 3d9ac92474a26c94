"""Where one stands and where to go: the decision, what it would earn, what needs attention."""

from motions.playbook import rank
from pages import _ui
from pages._choose import address as answers
from pages._overview import empty, full
from pages._session import loaded
from pages._simulate import address

_ui.require_frame()
program, scenario, fit = loaded.current(), address.current(), rank(answers.answers())
if program is None and not scenario.touched and not fit.first:
    empty.show(scenario)
else:
    full.show(program, scenario, fit)
