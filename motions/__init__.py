"""Partner-led growth: what the playbook says, what a program would earn, what a program did.

Nothing in this package imports Streamlit. `errors`, `text`, `names` and `content` stand below `playbook`, `economics`
and `cohorts`, which do not know one another; `charts` stands above them.
"""
