"""The roles of a store on a server, as SQL: what each may do follows from the statements of the suite."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairway_scripts.base.errors import FairwayError, suggest
from fairway_scripts.store.statements import verbs_by_table

if TYPE_CHECKING:
    from fairway_scripts.project.project import Project
    from fairway_scripts.upkeep.upkeep_shapes import RoleStatements

ROLES = ("owner", "writer", "reader")


def role_statements(project: Project, grantee: str = "") -> RoleStatements:
    """The statements for one role, or for all of them: `{schema, roles, statements}`.

    The owner makes and changes tables. The writer may do to each table what a named statement does, so nothing to
    events but add them, and nothing to records but add them and mark them: append-only is then the server's word. The
    reader reads. Raises FairwayError `usage` for another role.
    """
    if grantee and grantee not in ROLES:
        raise FairwayError(
            "usage", f"GRANTEE is {', '.join(ROLES)}, not {grantee!r}", suggest("fairway-store-roles", "--help")
        )
    named = project.settings.get("store")
    schema = (named["schema"] if named else "") or "fairway"
    wanted = [grantee] if grantee else list(ROLES)
    lines = ["-- for psql, as a superuser; members: GRANT <role> TO <login role>"]
    for role in wanted:
        lines += _MADE[role](schema, f"{schema}_{role}")
    return {"schema": schema, "roles": [f"{schema}_{role}" for role in wanted], "statements": lines}


def _owner(schema: str, role: str) -> list[str]:
    return [
        f'CREATE ROLE "{role}" NOLOGIN;',
        f'CREATE SCHEMA IF NOT EXISTS "{schema}";',
        f'ALTER SCHEMA "{schema}" OWNER TO "{role}";',
    ]


def _writer(schema: str, role: str) -> list[str]:
    lines = [f'CREATE ROLE "{role}" NOLOGIN;', f'GRANT USAGE ON SCHEMA "{schema}" TO "{role}";']
    lines.append(f'GRANT SELECT ON ALL TABLES IN SCHEMA "{schema}" TO "{role}";')
    lines.append(f'GRANT USAGE ON ALL SEQUENCES IN SCHEMA "{schema}" TO "{role}";')
    for table, verbs in sorted(verbs_by_table().items()):
        lines.append(f'GRANT {", ".join(verbs)} ON "{schema}".{table} TO "{role}";')
    return lines


def _reader(schema: str, role: str) -> list[str]:
    return [
        f'CREATE ROLE "{role}" NOLOGIN;',
        f'GRANT USAGE ON SCHEMA "{schema}" TO "{role}";',
        f'GRANT SELECT ON ALL TABLES IN SCHEMA "{schema}" TO "{role}";',
        f'ALTER DEFAULT PRIVILEGES FOR ROLE "{schema}_owner" IN SCHEMA "{schema}" GRANT SELECT ON TABLES TO "{role}";',
    ]


_MADE = {"owner": _owner, "writer": _writer, "reader": _reader}
