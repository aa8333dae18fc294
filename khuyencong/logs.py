"""Lines of the log; each names its request, so that an incident's code finds them."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime

from records import context


class JsonFormatter(logging.Formatter):
    """One JSON object a line, for machines: time (UTC), level, logger, message, request id, traceback."""

    def format(self, record: logging.LogRecord) -> str:
        entry = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        request_id = context.request_id()
        if request_id:
            entry["request_id"] = request_id
        status = getattr(record, "status_code", None)
        if status is not None:
            entry["status"] = status
        if record.exc_info:
            entry["exception"] = self.formatException(record.exc_info)
        return json.dumps(entry, ensure_ascii=False)


class ShortFormatter(logging.Formatter):
    """A short line for people, with the request id where there is one."""

    def format(self, record: logging.LogRecord) -> str:
        record.incident = f" [{request_id}]" if (request_id := context.request_id()) else ""
        return super().format(record)
