"""Epidemics: how diseases break out, spread, run their course in a container and do harm.

`Profiles` are the configured diseases as arrays, `Courses` what runs in which container,
`Contagion` says who falls ill next: by `Onsets` or by `Spread`, for which `Pressure`, `Exposures`
and `Susceptibility` are needed; `Harm` is what the running courses do. The process of the day that
joins them is `farm.simulation.processes.diseases`.
"""
