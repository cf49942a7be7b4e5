"""A server that speaks S3, with an empty bucket."""

from collections.abc import Iterator
from contextlib import contextmanager

import httpx
from moto.server import ThreadedMotoServer

from tests.patience import PATIENCE

BUCKET, CREDENTIALS = "river-files", "AKIDEXAMPLE:wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"


@contextmanager
def s3_server() -> Iterator[str]:
    """Its address, as CARETHREAD_FILES_URL has it."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        httpx.put(f"http://{host}:{port}/{BUCKET}", timeout=PATIENCE).raise_for_status()
        yield f"s3+http://{host}:{port}/{BUCKET}/carethread?region=us-east-1"
    finally:
        server.stop()
