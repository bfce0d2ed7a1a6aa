"""Warm kernels: a process that has imported everything once forks one kernel per notebook.

`zygote` is that process, `requests` what it and its owner say to each other, `zygotes` the owner's
side, `provisioner` and `engine` what Jupyter and papermill see. Where fork is not to be had, the
standard kernel serves.
"""
