"""A small company: an administrator, developers, an accountant, a contractor, a pipeline, an outside auditor."""

from __future__ import annotations

from accounts.demo import school_lab
from accounts.demo.story import (
    AWS,
    AccountStory,
    GroupStory,
    Person,
    PolicyStory,
    RoleStory,
    allow,
    deny,
    document,
    trust,
)

ID = "210987654321"
SHOP = "arn:aws:s3:::harbor-bakery-shop"
BACKUPS = "arn:aws:s3:::harbor-bakery-backups"
WEB_TEAM = {"Team": "web", "CostCenter": "1200"}

SHOP_DEPLOYMENT = PolicyStory(
    "ShopDeployment",
    document(
        allow("PublishTheShop", ["s3:PutObject", "s3:DeleteObject", "s3:ListBucket"], [SHOP, f"{SHOP}/*"]),
        allow("HandTheRoleOver", ["iam:PassRole"], [f"arn:aws:iam::{ID}:role/service/ShopServer"],
              condition={"StringEquals": {"iam:PassedToService": "ec2.amazonaws.com"}}),
    ),
    "Publish the web shop and start its servers",
    "/web/",
    tags=WEB_TEAM,
)  # fmt: skip
BACKUP_READER = PolicyStory(
    "BackupReader",
    document(allow("ReadBackups", ["s3:GetObject", "s3:ListBucket"], [BACKUPS, f"{BACKUPS}/*"])),
    "Read the nightly backups",
)
CONTRACTOR_LIMIT = PolicyStory(
    "ContractorLimit",
    document(
        allow("OnlyTheShop", ["s3:*"], [SHOP, f"{SHOP}/*"]),
        deny("NeverTheBackups", ["s3:*"], [BACKUPS, f"{BACKUPS}/*"]),
    ),
    "The most that people from outside can do",
)
FROM_THE_OFFICE = document(
    deny("OnlyFromTheOffice", ["*"], condition={"NotIpAddress": {"aws:SourceIp": ["203.0.113.0/24", "127.0.0.0/8"]}})
)
READ_METRICS = document(allow("Metrics", ["cloudwatch:GetMetricData", "cloudwatch:ListMetrics"]))

STORY = AccountStory(
    ID,
    "Harbor Bakery",
    "harbor-bakery",
    "it@harbor-bakery.example",
    (SHOP_DEPLOYMENT, BACKUP_READER, CONTRACTOR_LIMIT),
    (
        GroupStory("Administrators", (f"{AWS}AdministratorAccess",)),
        GroupStory("Auditors", (f"{AWS}ReadOnlyAccess",)),
        GroupStory("Developers", (f"{AWS}PowerUserAccess", "ShopDeployment"), {"Metrics": READ_METRICS}),
        GroupStory("Billing", (f"{AWS}job-function/Billing",), path="/office/"),
    ),
    (
        Person("olga.petrov", ("Administrators",), tags={"Team": "it"}, mfa=True),
        Person("sam.rivera", ("Developers",), tags=WEB_TEAM, mfa=True, key=True),
        Person("priya.nair", ("Developers", "Auditors"), tags=WEB_TEAM),
        Person("tom.baker", ("Billing",), inline={"OfficeOnly": FROM_THE_OFFICE}, path="/office/"),
        Person("nils.contractor", policies=(f"{AWS}AmazonS3FullAccess",), boundary="ContractorLimit",
               path="/external/", tags={"Contract": "until-2027-01"}),
        Person("deploy-bot", policies=("ShopDeployment",), path="/machines/", tags=WEB_TEAM, console=False, key=True),
    ),
    (
        RoleStory("ShopServer", trust({"Service": "ec2.amazonaws.com"}), "The web shop's servers",
                  (f"{AWS}AmazonS3ReadOnlyAccess",), {"Metrics": READ_METRICS}, "/service/", tags=WEB_TEAM),
        RoleStory("NightlyBackup", trust({"Service": "lambda.amazonaws.com"}), "Writes the backups at night",
                  inline={"WriteBackups": document(allow("Write", ["s3:PutObject"], [f"{BACKUPS}/*"]))},
                  path="/service/"),
        RoleStory("OutsideAudit", trust({"AWS": f"arn:aws:iam::{school_lab.ID}:root"},
                  condition={"StringEquals": {"sts:ExternalId": "harbor-audit-2026"}}),
                  "The school's students look at our set-up once a term", ("BackupReader",)),
    ),
)  # fmt: skip
