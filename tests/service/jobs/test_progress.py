from __future__ import annotations

from service.jobs.progress import Progress


class Watch:
    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now


def test_share_only_grows_and_ends_at_one():
    progress = Progress(Watch())
    progress.plan(4)
    shares = []
    for step, number, share in (
        *(("probe", 0, 0.0), ("probe", 0, 1.0), ("listen", 0, 0.5), ("listen", 0, 1.0)),
        *((("window", n, part)) for n in range(4) for part in (0.0, 0.5, 1.0)),
        *(("assemble", 0, 1.0), ("draft", 0, 0.0), ("draft", 0, 0.3), ("draft", 0, 0.1), ("draft", 0, 1.0)),
    ):
        progress.work(step, number, share)
        shares.append(progress.fields()["share"])
    assert shares == sorted(shares)
    assert shares[-1] == 1.0


def test_time_left_follows_the_speed_measured():
    watch = Watch()
    progress = Progress(watch)
    progress.plan(2)
    assert progress.fields()["left_s"] is None
    progress.work("probe", 0, 0.0)
    watch.now = 27.0
    progress.work("listen", 0, 1.0)  # 27 of 100 parts of the work in 27 s
    assert progress.fields() == {"step": "listen", "share": 0.27, "left_s": 73.0}


def test_steps_that_were_done_before_say_nothing_about_speed():
    watch = Watch()
    progress = Progress(watch)
    progress.plan(2)
    progress.skip("probe", 0)
    progress.skip("listen", 0)
    progress.skip("window", 0)
    assert progress.fields()["left_s"] is None
    progress.work("window", 1, 0.0)
    watch.now = 55.0
    progress.work("window", 1, 1.0)  # 27.5 parts in 55 s
    assert progress.fields()["left_s"] == 36.0
