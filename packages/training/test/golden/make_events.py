"""Golden records of a TensorBoard event file, serialized by TensorBoard itself: python make_events.py
(tensorboard 2.21.0)."""

import io
import json
from pathlib import Path

from tensorboard.compat.proto.event_pb2 import Event, SessionLog
from tensorboard.compat.proto.summary_pb2 import Summary
from tensorboard.summary.writer.record_writer import RecordWriter

times = [1700000000.25, 1700000001.5, 1700000002.125, 1700000003.0, 1700000004.75]
curves = [
    (1, {"train/loss": 2.5}),
    (300, {"train/loss": 0.1, "train/learningRate": 1e-9, "validation/bleu é": float("nan")}),
    (2**40 + 5, {"a" * 200: -3e38}),
]
events = [
    Event(wall_time=times[0], file_version="brain.Event:2"),
    Event(wall_time=times[1], step=17, session_log=SessionLog(status=SessionLog.START)),
]
for time, (step, scalars) in zip(times[2:], curves):
    values = [Summary.Value(tag=tag, simple_value=value) for tag, value in scalars.items()]
    events.append(Event(wall_time=time, step=step, summary=Summary(value=values)))


def record(event: Event) -> str:
    stream = io.BytesIO()
    stream.close = lambda: None
    RecordWriter(stream).write(event.SerializeToString())
    return stream.getvalue().hex()


path = Path(__file__).parent / "events.golden.json"
path.write_text(json.dumps({"times": times, "records": [record(e) for e in events]}) + "\n")
