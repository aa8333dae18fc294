"""The models of programmes, plans and projects; import them from here."""

from programs.lawterms import MilestoneRule, NormUnit, RuleConfidence, SelectionMethod
from programs.models.appraisal import Council, CriterionMark
from programs.models.carried import CarriedAdvance, CarriedFirm, CarriedMoney, CarryDay, CarryOver
from programs.models.catalogue import (
    ActivityGroup,
    ActivityKind,
    AreaEligibility,
    DossierTemplate,
    ExclusionRule,
    PlanMilestone,
    ProgramGroup,
    RequiredPaper,
    Sector,
    StageClock,
    SupportNorm,
)
from programs.models.clocks import CalendarFeed, ClockPause, Gate, RegistrationWindow
from programs.models.correction import Correctable, Correction
from programs.models.holding import Holding
from programs.models.lawstamp import LawStamp
from programs.models.life import (
    CheckOverride,
    CodeSequence,
    Commitment,
    CommitmentKind,
    Participation,
    Transition,
)
from programs.models.money import Contract, FundEntry, PaymentRequest, ProjectFund
from programs.models.number import PaperNumber
from programs.models.plan import (
    Ceiling,
    Programme,
    Tranche,
    TrancheState,
    YearPlan,
)
from programs.models.priority import ClaimRuling, PriorityClaim, PriorityRule
from programs.models.procedure import AdvanceRate, ChangeAuthority, OfficialForm
from programs.models.project import (
    Attachment,
    BudgetAmount,
    BudgetLine,
    ExpectedResult,
    Project,
    ProjectBeneficiary,
    ScheduleItem,
)
from programs.models.proposal import DocumentFile, RuleProposal
from programs.models.remark import Remark
from programs.models.wards import WardRule

__all__ = [
    "ActivityGroup",
    "ActivityKind",
    "AdvanceRate",
    "AreaEligibility",
    "Attachment",
    "BudgetAmount",
    "BudgetLine",
    "CarriedAdvance",
    "CarriedFirm",
    "CarriedMoney",
    "CarryDay",
    "CarryOver",
    "Ceiling",
    "ChangeAuthority",
    "CheckOverride",
    "ClaimRuling",
    "CodeSequence",
    "Commitment",
    "CommitmentKind",
    "CalendarFeed",
    "ClockPause",
    "Contract",
    "Correctable",
    "Correction",
    "Council",
    "CriterionMark",
    "DocumentFile",
    "DossierTemplate",
    "ExclusionRule",
    "ExpectedResult",
    "Holding",
    "MilestoneRule",
    "LawStamp",
    "NormUnit",
    "OfficialForm",
    "PaperNumber",
    "Participation",
    "PaymentRequest",
    "PlanMilestone",
    "PriorityClaim",
    "PriorityRule",
    "ProgramGroup",
    "Programme",
    "Project",
    "ProjectBeneficiary",
    "ProjectFund",
    "FundEntry",
    "Gate",
    "RegistrationWindow",
    "Remark",
    "RequiredPaper",
    "RuleConfidence",
    "ScheduleItem",
    "Sector",
    "RuleProposal",
    "SelectionMethod",
    "StageClock",
    "SupportNorm",
    "Tranche",
    "TrancheState",
    "Transition",
    "WardRule",
    "YearPlan",
]
