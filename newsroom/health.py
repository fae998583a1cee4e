"""Whether the site is alive, and whether it can work."""

from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from newsroom.replicas.watching import Servers


@never_cache
@require_safe
def healthz(_request: HttpRequest) -> JsonResponse:
    """Answer that the process is alive (anyone may ask; nothing else is asked)."""
    return JsonResponse({"status": "alive"})


@never_cache
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """Answer 200 when the database answers and is migrated, else 503 and which is not.

    While a replica answers, it is 200 also without the primary: reading goes on, and ``database``
    says that nothing can be written. ``replicas``: of each whether it answers, and by how many
    seconds it is behind at most, as the process that answers knows it.

    ``listener``: whether the page cache of the process that answers hears what changes. One that
    does not is right, only slower: every page is made anew.
    """
    checks = {"database": False, "migrations": False}
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        checks["database"] = True
        executor = MigrationExecutor(connection)
        checks["migrations"] = not executor.migration_plan(executor.loader.graph.leaf_nodes())
    except Error:
        pass  # the answer below says it
    databases: Servers | None = request.META.get("newsroom.databases")
    replicas = databases.report() if databases else {}
    can_read = any(replica["answers"] for replica in replicas.values())
    ready = all(checks.values()) or (can_read and not checks["database"])
    checks["listener"] = request.META.get("pagecache.hears", False)
    answer = {"ready": ready, **checks, **({"replicas": replicas} if replicas else {})}
    return JsonResponse(answer, status=200 if ready else 503)
