"""What a program would earn.

`assumptions` and `payouts` are the inputs, `presets.yaml` their defaults and whose they are; `split` says who gets
what, `projection` what happens month by month, `results` the figures read off it, `run` does all of it for a
`scenario`, which `links` and `exchange` carry. `uncertainty` runs it for many draws; `sensitivity`, `goal`, `explain`,
`compare`, `mix` and `partners` ask it questions. `statement` pays real accounts to the cent.
"""
