"""The PyTorch side's end of worker.ts."""

import json
import resource
import sys


def serve(handlers):
    """Answers requests `{"do": name, ...}`, one line of JSON each, until stdin ends."""
    answers = sys.stdout
    sys.stdout = sys.stderr  # Stdout is for answers alone.
    for line in sys.stdin:
        request = json.loads(line)
        answer = handlers[request.pop("do")](**request)
        print(json.dumps(answer), file=answers, flush=True)


def peak_memory():
    """Bytes of the process's largest resident set."""
    try:
        with open("/proc/self/status") as status:
            line = next(line for line in status if line.startswith("VmHWM"))
        return int(line.split()[1]) * 1024
    except OSError:
        # macOS counts in bytes; on Linux this would include the process that started this one.
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
