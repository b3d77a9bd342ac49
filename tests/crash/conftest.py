"""PostgreSQL for the crash tests: the server of the tests of the store."""

from tests.store.conftest import cluster as cluster
from tests.store.conftest import postgresql_url as postgresql_url
