"""Put a sound SQLite in place of the system's before anything imports `sqlite3`.

SQLite 3.7.0 to 3.51.2 can corrupt a database in WAL mode under two writers, and Debian 12 ships 3.40.
"""

import importlib
import sys


def use_bundled_sqlite() -> None:
    """Make `import sqlite3` give the `pysqlite3` wheel's SQLite, where that wheel exists."""
    if "pysqlite3" in sys.modules:
        return
    try:
        bundled = importlib.import_module("pysqlite3")
    except ImportError:
        return
    sys.modules["sqlite3"] = bundled
    sys.modules["sqlite3.dbapi2"] = importlib.import_module("pysqlite3.dbapi2")
