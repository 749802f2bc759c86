"""What the Python suites share: programs that are run, a PostgreSQL of their own, a repository.

A suite sets sys.dont_write_bytecode before it imports this, so that nothing is left in the tree.
"""

import contextlib
import os
import pathlib
import shlex
import shutil
import subprocess
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
BUILD = pathlib.Path(os.environ.get("RECONCILE_BUILD", ROOT / "build" / "release")).resolve()


def run(*command, cwd=None, text_in=None):
    return subprocess.run([str(word) for word in command], cwd=cwd, input=text_in, text=True, check=True,
                          capture_output=True).stdout


def sql(database, text):
    return run("psql", "--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--set", "ON_ERROR_STOP=1", "--dbname",
               database, text_in=text).strip()


def wait(holds, seconds):
    """What `holds` returned once it is something; None where it never was."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := holds():
            return found
        time.sleep(0.01)
    return None


class Server:
    """The embedded PostgreSQL in a folder that it makes its own. psql finds it by its environment."""

    def __init__(self, folder, *options):
        self.command = [str(BUILD / "tests" / "postgres_server"), str(folder), *options]
        self.folder = pathlib.Path(folder)
        self.start()

    def start(self):
        self.process = subprocess.Popen(self.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        facts = self.process.stdout.readline()
        if not facts:
            raise RuntimeError(f"PostgreSQL did not start in {self.folder}")
        named = dict(word.split("=", 1) for word in shlex.split(facts))
        os.environ.update({name: named[name] for name in ("PGHOST", "PGPORT", "PGUSER", "PGPASSWORD")})

    def stop(self):
        self.process.stdin.close()
        self.process.wait()


def folder_in_memory(room):
    """Where temporary folders go: memory, where there is so much of it."""
    memory = pathlib.Path("/dev/shm")
    return memory if memory.is_dir() and shutil.disk_usage(memory).free > room else None


@contextlib.contextmanager
def server(folder=None):
    """A throwaway one, in a temporary folder unless said otherwise; it removes the folder itself."""
    running = Server(folder or tempfile.mkdtemp(prefix="reconcile-server-"), "--throwaway")
    try:
        yield running
    finally:
        running.stop()


class Repository:
    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        run("git", "init", "--quiet", "--initial-branch", "main", self.folder)
        for key, value in (("user.name", "Test"), ("user.email", "test@example.org")):
            run("git", "config", key, value, cwd=self.folder)

    def commit(self, file, text, message=None):
        path = self.folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        run("git", "add", "--all", cwd=self.folder)
        run("git", "commit", "--quiet", "--message", message or file, cwd=self.folder)
        return run("git", "rev-parse", "HEAD", cwd=self.folder).strip()
