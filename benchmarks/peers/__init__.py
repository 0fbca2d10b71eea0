"""What people send newsletters with instead: each a program of its own, run as `python -m benchmarks.peers.NAME`.

Arguments: port, number of messages, folder of the files for peers. Each prints one line of JSON (see `timed`).
"""
