"""What must hold of plans and projects at any moment; `manage.py verify` asks each night."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import connection

from programs.models import Transition
from programs.priority import replay

# Each table is read once (MATERIALIZED): just after a great load nothing is known of its size yet, and a
# plan that asks the row policies anew for every project would run for minutes.
TOTALS = """
WITH lines AS MATERIALIZED (SELECT id, project_id, total_vnd FROM programs_budgetline),
     amounts AS MATERIALIZED (SELECT line_id, source, amount_vnd FROM programs_budgetamount),
     totals AS MATERIALIZED (SELECT project_id, sum(total_vnd) AS total FROM lines GROUP BY 1),
     sums AS MATERIALIZED (
       SELECT l.project_id, coalesce(sum(a.amount_vnd) FILTER (WHERE a.source = 'KCQG'), 0) AS kcqg,
              coalesce(sum(a.amount_vnd) FILTER (WHERE a.source = 'KCDP'), 0) AS kcdp,
              coalesce(sum(a.amount_vnd) FILTER (WHERE a.source = 'OWN'), 0) AS own,
              coalesce(sum(a.amount_vnd) FILTER (WHERE a.source = 'OTHER'), 0) AS other
         FROM lines l JOIN amounts a ON a.line_id = l.id GROUP BY 1
     )
SELECT p.code FROM programs_project p
  LEFT JOIN totals t ON t.project_id = p.id
  LEFT JOIN sums s ON s.project_id = p.id
 WHERE (p.total_vnd, p.kcqg_vnd, p.kcdp_vnd, p.own_vnd, p.other_vnd) IS DISTINCT FROM
       (coalesce(t.total, 0), coalesce(s.kcqg, 0), coalesce(s.kcdp, 0), coalesce(s.own, 0),
        coalesce(s.other, 0))
 ORDER BY p.code LIMIT 20
"""

CEILINGS = """
WITH held AS MATERIALIZED (
    SELECT ceiling_id, sum(CASE kind WHEN 'COMMIT' THEN amount_vnd ELSE -amount_vnd END) AS held
      FROM programs_commitment GROUP BY 1
)
SELECT c.id FROM programs_ceiling c LEFT JOIN held k ON k.ceiling_id = c.id
 WHERE c.committed_vnd <> coalesce(k.held, 0) OR c.committed_vnd > c.amount_vnd
 ORDER BY c.id LIMIT 20
"""

FUNDS = """
WITH lines AS MATERIALIZED (
    SELECT fund_id,
           sum(CASE kind WHEN 'CONTRACT_UP' THEN amount_vnd WHEN 'CONTRACT_DOWN' THEN -amount_vnd ELSE 0 END)
               AS contract,
           coalesce(sum(amount_vnd) FILTER (WHERE kind IN ('ADVANCE', 'PAYMENT', 'CARRIED_PAID')), 0) AS paid,
           coalesce(sum(amount_vnd) FILTER (WHERE kind IN ('REFUND', 'CARRIED_REFUND')), 0) AS back
      FROM programs_fundentry GROUP BY 1
), due AS MATERIALIZED (
    SELECT fund_id, sum(amount_vnd) AS due FROM programs_paymentrequest WHERE state = 'APPROVED' GROUP BY 1
)
SELECT p.code FROM programs_projectfund f JOIN programs_project p ON p.id = f.project_id
  LEFT JOIN lines l ON l.fund_id = f.id LEFT JOIN due d ON d.fund_id = f.id
  LEFT JOIN LATERAL (
    SELECT c.amount_vnd FROM programs_contract c WHERE c.fund_id = f.id ORDER BY c.id DESC LIMIT 1
  ) last ON true
 WHERE (f.granted_vnd, f.contract_vnd, f.contract_vnd, f.paid_vnd, f.refunded_vnd, f.due_vnd)
       IS DISTINCT FROM
       (CASE f.source WHEN 'KCQG' THEN p.kcqg_vnd ELSE p.kcdp_vnd END, coalesce(last.amount_vnd, 0),
        coalesce(l.contract, 0), coalesce(l.paid, 0), coalesce(l.back, 0), coalesce(d.due, 0))
 ORDER BY p.code LIMIT 20
"""

HISTORY = """
SELECT p.code FROM programs_project p
  LEFT JOIN LATERAL (
    SELECT t.target FROM programs_transition t WHERE t.project_id = p.id ORDER BY t.version DESC LIMIT 1
  ) last ON true
 WHERE p.state <> coalesce(last.target, 'DRAFT')
 ORDER BY p.code LIMIT 20
"""


def _failing(query: str, sentence: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return [sentence.format(row[0]) for row in cursor.fetchall()]


def totals_follow_rows() -> list[str]:
    """A project's money by source is the sum of its budget rows."""
    return _failing(TOTALS, "project {}: money differs from its budget rows")


def ceilings_follow_commitments() -> list[str]:
    """A ceiling's balance is the sum of its commitments and stays within it."""
    return _failing(CEILINGS, "ceiling {}: balance differs from its commitments or passes the limit")


def funds_follow_ledger() -> list[str]:
    """What is under contract, promised, paid and given back is what papers, requests and ledger add up to."""
    return _failing(FUNDS, "project {}: its money differs from its ledger")


def states_follow_steps() -> list[str]:
    """A project's state is the target of its last step."""
    return _failing(HISTORY, "project {}: state is not where its last step led")


def places_work_out_again() -> Iterator[str]:
    """The place by priority that a decision kept follows from the facts and the law it kept with it."""
    steps = Transition.objects.filter(action="approve", data__has_key="rank").order_by("id")
    for code, rank in steps.values_list("project__code", "data__rank").iterator():
        if replay(rank) != rank["key"]:
            yield f"project {code}: its kept place does not follow from what was kept with it"
