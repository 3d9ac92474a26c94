"""What a program would earn.

`assumptions` and `payouts` are the inputs, `projection` the model, `results` the figures read off it,
`scenario` several programs and a market, kept in a link; `presets.yaml` has the defaults and says whose they are.
"""
