from django.apps import AppConfig

from records import walls

CATALOGUE = (
    "activitykind",
    "activitygroup",
    "advancerate",
    "areaeligibility",
    "changeauthority",
    "dossiertemplate",
    "exclusionrule",
    "lawstamp",
    "officialform",
    "planmilestone",
    "priorityrule",
    "programgroup",
    "programme",
    "requiredpaper",
    "sector",
    "stageclock",
    "supportnorm",
    "wardrule",
)


class ProgramsConfig(AppConfig):
    name = "programs"
    verbose_name = "Chương trình khuyến công"

    def ready(self) -> None:
        # The law is loaded by the owner; a running portal only reads it.
        walls.READ_ONLY |= {f"programs_{name}" for name in CATALOGUE}

        from programs.notices import KINDS
        from records import inbox

        inbox.declare(*KINDS)
