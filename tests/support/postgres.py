"""A real PostgreSQL for tests: one that a test may stop, kill and start again as it likes.

Each worker of a run has a cluster of its own, so that no test pulls it from under another's feet;
each test takes a fresh database in it. It listens on the loopback only, asks for a password, runs
as an account without rights, and ends with the process that started it, however that ends.
"""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, LiteralString, Self

import psycopg
from psycopg import sql

from suite import NO_POSTGRES, find_postgres
from support.processes import free_port

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

SECONDS = 60.0
USER = "dxcourse"
HOST = "127.0.0.1"


class Cluster:
    """A PostgreSQL cluster in a temporary folder, running once `start` was called.

    One that is `empty` is a place for a standby, which `shell` fills and starts.

    Attributes
    ----------
    port
        Where it listens; it stays the same however often the cluster is stopped and started.
    """

    def __init__(self, *, empty: bool = False) -> None:
        found = find_postgres(os.environ)
        assert found is not None, NO_POSTGRES
        self._programs = found
        self._account = _account()
        self._folder = Path(tempfile.mkdtemp(prefix="dxcourse-postgres-"))
        self._log = self._folder / "log"
        self._password = secrets.token_urlsafe(12)
        self._server: subprocess.Popen[bytes] | None = None
        self.databases = 0
        self.port = free_port()
        if self._account is not None:
            os.chown(self._folder, *self._account)
        if not empty:
            self._make()

    @property
    def log(self) -> str:
        """What the server has said."""
        return self._log.read_text(encoding="utf-8")

    @property
    def running(self) -> bool:
        """Whether the server's process is there."""
        return self._server is not None and self._server.poll() is None

    @property
    def process(self) -> int:
        """The process id of the running server."""
        assert self._server is not None
        return self._server.pid

    def address(self, database: str = "postgres") -> str:
        """Give the address of a database, as `--store` takes it."""
        return f"postgresql://{USER}:{self._password}@{HOST}:{self.port}/{database}"

    def start(self) -> Self:
        """Start the server and wait until it takes questions; it goes on where it ended."""
        assert not self.running, "the server runs already"
        deadline = time.monotonic() + SECONDS
        settings = {
            "port": self.port,
            "listen_addresses": HOST,
            "unix_socket_directories": "",
            "max_connections": 100,
        }
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        while time.monotonic() < deadline:
            with self._log.open("ab") as log:
                self._server = subprocess.Popen(
                    self._command("postgres", "-D", self.data, *options),
                    cwd=self._folder,
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    start_new_session=True,  # Ctrl-C is for the tests, which then stop it
                )
            while self.running and time.monotonic() < deadline:
                if self._answers():
                    return self
                time.sleep(0.02)
            time.sleep(0.1)  # after a kill, memory is held until the last of its processes is gone
        self.kill()
        raise AssertionError(f"PostgreSQL did not start:\n{self.log}")

    def stop(self) -> None:
        """Stop the server as an administrator does: whoever is connected is cut off."""
        self._end(signal.SIGINT)

    def kill(self) -> None:
        """End the server at once, as a power cut does."""
        self._end(signal.SIGKILL)

    def remove(self) -> None:
        """Stop the server, also one that `shell` started, and delete all it has kept."""
        self.stop()
        if (Path(self.data) / "postmaster.pid").exists():
            stop = self._command("pg_ctl", "--pgdata", self.data, "--mode", "immediate", "stop")
            subprocess.run(stop, cwd=self._folder, capture_output=True, check=False)
        shutil.rmtree(self._folder)

    @contextmanager
    def database(self) -> Iterator[str]:
        """Make a fresh database, and drop it afterwards where the server still runs; its address.

        Who is connected to it then is cut off.
        """
        self.databases += 1
        name = f"dx{self.databases}"
        self.run(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            yield self.address(name)
        finally:
            if not self.running:
                self.start()
            self.run(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))

    def run(self, command: sql.Composed | LiteralString) -> None:
        """Run a statement as the administrator."""
        with psycopg.connect(self.address(), autocommit=True) as connection:
            connection.execute(command)

    def shell(self, text: str, passwords: str, told: Mapping[str, str]) -> str:
        """Run commands of the shell as the account that the server runs as; what they said.

        `passwords` is what they find in ``~/.pgpass``, `told` what they have as variables.
        """
        file = self._folder / ".pgpass"
        file.write_text(passwords, encoding="utf-8")
        file.chmod(0o600)
        if self._account is not None:
            os.chown(file, *self._account)
        told = {
            **told,
            "PATH": f"{self._programs}:{os.environ['PATH']}",
            "HOME": str(self._folder),
            "PGPASSFILE": str(file),
        }
        with self._log.open("a+", encoding="utf-8") as said:  # a server that stays keeps a pipe
            start = said.tell()
            done = subprocess.run(
                [*self._as_account(), "bash", "-euc", text],
                cwd=self._folder,
                env=told,
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
                check=False,
            )
            said.seek(start)
            words = said.read()
        assert done.returncode == 0, words
        return words

    @property
    def data(self) -> str:
        """The folder of what is kept."""
        return str(self._folder / "data")

    def _make(self) -> None:
        secret = self._folder / "password"
        secret.write_text(self._password, encoding="utf-8")
        if self._account is not None:
            os.chown(secret, *self._account)
        options = ("--username", USER, "--pwfile", str(secret), "--auth", "scram-sha-256")
        places = ("--encoding", "UTF8", "--locale", "C", "--no-sync", "-D", self.data)
        done = subprocess.run(
            self._command("initdb", *options, *places),
            cwd=self._folder,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{done.stdout}{done.stderr}"
        secret.unlink()

    def _command(self, program: str, *arguments: str) -> list[str]:
        """Give the command that runs a program of PostgreSQL, which ends with us."""
        ending = ["setpriv", "--pdeathsig", "INT", "--"] if shutil.which("setpriv") else []
        # In this order: a signal that was asked for is forgotten when the account changes.
        return [*self._as_account(), *ending, str(self._programs / program), *arguments]

    def _as_account(self) -> list[str]:
        """Give what stands before a command; PostgreSQL refuses to run as root."""
        if self._account is None or not shutil.which("setpriv"):
            return []
        user, group = self._account
        return ["setpriv", f"--reuid={user}", f"--regid={group}", "--clear-groups", "--"]

    def _answers(self) -> bool:
        try:
            psycopg.connect(self.address(), connect_timeout=5).close()
        except psycopg.OperationalError:
            return False
        return True

    def _end(self, how: signal.Signals) -> None:
        if self._server is not None:
            if self.running:
                self._server.send_signal(how)
            try:
                self._server.wait(SECONDS)
            finally:
                self._server.kill()
            self._server = None


def _account() -> tuple[int, int] | None:
    """Give the user and group to run as, where we are root: Debian's package makes it."""
    if sys.platform == "win32" or os.geteuid() != 0:
        return None
    import pwd

    found = pwd.getpwnam("postgres")
    return found.pw_uid, found.pw_gid
