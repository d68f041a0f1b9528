"""The lock of a profile: one engine at a time, whoever hosts it. The system frees it when
its process ends, however it ends."""

from __future__ import annotations

from filelock import FileLock, Timeout

from martlet.mail.errors import StoreError
from martlet.paths import Profile


class ProfileLock:
    """Held from `acquire` to `release`; creates the profile's folder."""

    def __init__(self, profile: Profile) -> None:
        self._profile = profile
        # Not per thread: the thread that ends an engine is not always the one that began it.
        self._lock = FileLock(profile.lock, thread_local=False)

    def acquire(self, wait_s: float = 0.0) -> bool:
        """Whether it is ours now. Raises StoreError: the profile cannot be written."""
        try:
            self._profile.create()
            self._lock.acquire(timeout=wait_s, poll_interval=0.02)
        except Timeout:
            return False
        except OSError as error:
            raise StoreError(
                f"The profile {self._profile.root} cannot be used: "
                f"{(error.strerror or 'it cannot be written').lower()}.",
                str(error),
            ) from error
        return True

    def release(self) -> None:
        self._lock.release()
