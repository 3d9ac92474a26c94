"""Where one stands and where to go: the decision, what it would earn, what needs attention."""

from motions.playbook import rank
from pages import _ui
from pages._choose import address as answers
from pages._overview import empty, full
from pages._session import loaded, playbook
from pages._simulate import address

_ui.require_frame()
program, scenario, given = loaded.current(), address.current(), answers.answers()
playbook.line()
fit = rank(given, content=playbook.current().fit)
if program is None and not scenario.touched and not fit.first:
    empty.show(scenario)
else:
    full.show(program, scenario, fit, given)
