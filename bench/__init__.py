"""`make bench`: what the main jobs cost, as ratios against the machine's own floor in the same run.

One module a subject, named in `registry.SUBJECTS`. To add a measure, write in the module of its subject

    def measures() -> Iterator[Result]:
        yield compare("what is measured", work, "what it is held against", floor, times=20, at_most=3.0)

The subject finds a migrated, empty database and a broker. What has to be measured from outside (a web server, a worker)
is a process of its own that the module starts and ends. A result may carry a limit (`at_most` or `at_least` on its
ratio); the table then says whether it is kept. Work and floor run interleaved, and the median counts.
`make bench ARGS="visit"` runs one subject, without ARGS all of them.
"""
