"""What the course costs, measured against its peers on this machine: ``python -m benchmarks``.

A module is one benchmark; each compares what it compares in the same run. The figures of a shared
machine are to be read as ratios.
"""
