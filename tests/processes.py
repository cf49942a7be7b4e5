"""What tests ask of processes."""

import psutil


def is_over(process: psutil.Process) -> bool:
    """Gone, or dead and only waiting for the machine's init to notice."""
    try:
        return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True
