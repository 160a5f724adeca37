"""The Python counterpart of worker.ts."""

import json
import resource
import sys


def serve(handlers):
    """Answers requests `{"do": name, ...}`, one JSON object per line, until stdin ends."""
    answers = sys.stdout
    sys.stdout = sys.stderr  # Only answers go to stdout.
    for line in sys.stdin:
        request = json.loads(line)
        answer = handlers[request.pop("do")](**request)
        print(json.dumps(answer), file=answers, flush=True)


def peak_memory():
    """The peak resident set size of this process, in bytes."""
    try:
        with open("/proc/self/status") as status:
            line = next(line for line in status if line.startswith("VmHWM"))
        return int(line.split()[1]) * 1024
    except OSError:
        # macOS counts bytes; on Linux, this would include the parent process.
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
